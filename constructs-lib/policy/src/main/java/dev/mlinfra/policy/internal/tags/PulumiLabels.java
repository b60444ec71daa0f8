package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The cost tags on resources of Pulumi, where they are called labels or tags. */
final class PulumiLabels {
  /** Where a workload of Kubernetes describes its pods. */
  private static final List<String> POD_TEMPLATES =
      List.of("spec.template", "spec.jobTemplate.spec.template");

  /** A release is no object of Kubernetes; its chart decides which labels its objects get. */
  private static final String HELM = "kubernetes:helm.sh/";

  private static final Pattern NODE_CLASS =
      Pattern.compile("kubernetes:karpenter\\.k8s\\.aws/[^:]+:EC2NodeClass");

  /** RunPod has neither labels nor tags: containers carry the tags as environment variables. */
  private static final String RUNPOD = "mlinfra-runpod:index:";

  private static final Set<String> RUNPOD_CONTAINERS = Set.of("Pod", "Endpoint", "Template");

  private PulumiLabels() {}

  /** The labels of the resource itself; empty when it takes none. */
  static Optional<Place> own(Resource resource) {
    if (!resource.attribute("custom").asBoolean().orElse(false)
        || resource.attribute("external").asBoolean().orElse(false)
        || resource.type().startsWith("pulumi:")) {
      return Optional.empty();
    }
    if (resource.type().startsWith("kubernetes:") && !resource.type().startsWith(HELM)) {
      return Optional.of(place(resource, "metadata.labels"));
    }
    if (resource.type().startsWith(RUNPOD)) {
      return RUNPOD_CONTAINERS.contains(resource.type().substring(RUNPOD.length()))
          ? Optional.of(place(resource, "env", CostTags::variable))
          : Optional.empty();
    }
    for (String property : List.of("labels", "tags")) {
      if (!resource.property(property).isMissing()) {
        return Optional.of(place(resource, property));
      }
    }
    Optional<Class<?>> arguments = arguments(resource.type());
    if (arguments.isEmpty()) {
      return Optional.of(
          new Place(
              resource.id(),
              "labels",
              Verdict.UNDECIDED,
              new Value.Missing(),
              "no class of the SDK says whether " + resource.type() + " takes labels or tags"));
    }
    return Arrays.stream(arguments.get().getDeclaredFields())
        .map(field -> field.getName())
        .filter(name -> name.equals("labels") || name.equals("tags"))
        .findFirst()
        .map(name -> place(resource, name));
  }

  /**
   * The labels of the pods that a workload starts, or the tags of the machines that Karpenter
   * starts: by these, and not its own, it is billed.
   */
  static Optional<Place> handedOn(Resource resource) {
    if (NODE_CLASS.matcher(resource.type()).matches()) {
      return Optional.of(place(resource, "spec.tags"));
    }
    return resource.type().startsWith("kubernetes:")
        ? POD_TEMPLATES.stream()
            .filter(path -> !resource.property(path).isMissing())
            .findFirst()
            .map(path -> place(resource, path + ".metadata.labels"))
        : Optional.empty();
  }

  private static Place place(Resource resource, String path) {
    return place(resource, path, UnaryOperator.identity());
  }

  private static Place place(Resource resource, String path, UnaryOperator<String> name) {
    Value labels = resource.property(path);
    Set<String> missing =
        CostTags.KEYS.stream().map(name).collect(Collectors.toCollection(TreeSet::new));
    labels
        .asMap()
        .forEach(
            (key, value) -> {
              if (value.asText().filter(String::isEmpty).isEmpty()) {
                missing.remove(key);
              }
            });
    boolean known = labels.isMissing() || labels instanceof Value.Mapping;
    Verdict verdict =
        missing.isEmpty() ? Verdict.COMPLIANT : (known ? Verdict.VIOLATED : Verdict.UNDECIDED);
    return new Place(resource.id(), path, verdict, labels, "lacks " + String.join(", ", missing));
  }

  /**
   * {@code com.pulumi.gcp.storage.BucketArgs} of {@code gcp:storage/bucket:Bucket}; a version of
   * Azure's API is a part of the package's name.
   */
  private static Optional<Class<?>> arguments(String type) {
    String[] parts = type.split(":", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    String provider = "com.pulumi." + parts[0].replace("-", "").toLowerCase(Locale.ROOT);
    return Stream.of(parts[1].replaceFirst("/.*$", ""), parts[1].replace('/', '_'))
        .map(module -> module.equals("index") ? provider : provider + "." + module)
        .map(name -> load(name + "." + parts[2] + "Args"))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Class<?>> load(String name) {
    try {
      return Optional.of(
          Class.forName(name, false, Thread.currentThread().getContextClassLoader()));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }
}
