package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * One pod, or the template of pods that a workload starts.
 *
 * @param owner the object that it is part of
 * @param at path of its specification in the resource, such as {@code spec.template.spec}
 * @param metadata its labels and annotations
 * @param spec its specification
 * @param namespace where it runs
 * @param containers all its containers, initial and ephemeral ones too
 */
record Pod(
    KubernetesObject owner,
    String at,
    Value metadata,
    Value spec,
    Namespace namespace,
    List<Container> containers) {

  /** A value and its path in the resource. */
  record Place(String at, Value value) {}

  Pod {
    containers = List.copyOf(containers);
  }

  Resource resource() {
    return owner.resource();
  }

  /** Whether what it does not hold is not there; of a patch that is not known. */
  boolean isWhole() {
    return !owner.isPatch();
  }

  /** The path of something inside, in the resource. */
  String at(String path) {
    return at + "." + path;
  }

  Value property(String path) {
    return spec.at(path);
  }

  boolean isAccelerated() {
    return containers.stream().anyMatch(container -> !container.accelerators().isEmpty());
  }

  /** Whether it runs on Windows, which has no seccomp, capabilities and user numbers. */
  boolean isWindows() {
    return property("os.name").asText().filter("windows"::equals).isPresent();
  }

  /**
   * A setting of the security context, everywhere it stands: on the pod, for all containers that
   * say nothing, and on containers. Where neither says anything, it is missing on the container.
   */
  List<Place> security(String setting) {
    String path = "securityContext." + setting;
    List<Place> places = new ArrayList<>();
    Value ofPod = property(path);
    if (!Decide.isAbsent(ofPod)) {
      places.add(new Place(at(path), ofPod));
    }
    for (Container container : containers) {
      Value own = container.property(path);
      if (!Decide.isAbsent(own) || Decide.isAbsent(ofPod)) {
        places.add(new Place(container.at(path), own));
      }
    }
    return places;
  }

  /** The same without the containers where nothing stands. */
  List<Place> stated(String setting) {
    return security(setting).stream().filter(place -> !Decide.isAbsent(place.value())).toList();
  }
}
