package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Value;

/** The same specification starts the same program. */
final class ImagePinned implements Rule {

  @Override
  public String id() {
    return "mlinfra::kubernetes.image-pinned";
  }

  @Override
  public String requirement() {
    return "Every image has a tag that is not latest, or a digest.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Pod pod : Pods.all(inspection)) {
      for (Container container : pod.containers()) {
        Value image = container.property("image");
        if (!Decide.isAbsent(image)) {
          outcomes.decided(
              Decide.text(image, ImagePinned::isPinned),
              pod.resource(),
              container.at("image"),
              image,
              "is another image tomorrow",
              "name a version, or better the digest");
        }
      }
    }
  }

  /** {@code host:5000/name:tag@sha256:…}: the port of the host is no tag. */
  private static boolean isPinned(String image) {
    if (image.contains("@sha256:")) {
      return true;
    }
    String name = image.substring(image.lastIndexOf('/') + 1);
    int colon = name.indexOf(':');
    return colon >= 0 && colon < name.length() - 1 && !name.endsWith(":latest");
  }
}
