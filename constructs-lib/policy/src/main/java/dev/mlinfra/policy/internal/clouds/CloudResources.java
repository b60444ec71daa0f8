package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resources of a graph of Pulumi by type, whichever version of Azure's API they are written
 * for. What the program only looks up is not ours.
 */
final class CloudResources {
  /** {@code azure-native:storage/v20230101:StorageAccount}, or a package made for one version. */
  private static final Pattern AZURE =
      Pattern.compile("azure-native(?:_[a-z0-9_]+)?:([a-z]+)(?:/[a-z0-9]+)?:(.+)");

  private final Map<String, List<Resource>> byType = new LinkedHashMap<>();

  private CloudResources(Inspection inspection) {
    for (Resource resource : inspection.isPulumi() ? inspection.resources() : List.<Resource>of()) {
      boolean ours =
          resource.attribute("custom").asBoolean().orElse(true)
              && !resource.attribute("external").asBoolean().orElse(false);
      if (ours) {
        byType
            .computeIfAbsent(withoutVersion(resource.type()), type -> new ArrayList<>())
            .add(resource);
      }
    }
  }

  /** The resources of some types, such as {@code azure-native:storage:StorageAccount}. */
  static List<Resource> of(Inspection inspection, String... types) {
    Map<String, List<Resource>> all = byType(inspection);
    List<Resource> found = new ArrayList<>();
    for (String type : types) {
      found.addAll(all.getOrDefault(type, List.of()));
    }
    return found;
  }

  /** All of them by type, in the order of the graph. */
  static Map<String, List<Resource>> byType(Inspection inspection) {
    return inspection.prepared(CloudResources.class, CloudResources::new).byType;
  }

  /**
   * Whether an input comes from a resource of the graph: in a preview its value is often unknown,
   * but not where it comes from.
   */
  static boolean comesFrom(Inspection inspection, Resource resource, String input, String type) {
    return resource.attribute("propertyDependencies").entry(input).asList().stream()
        .flatMap(urn -> urn.asText().stream())
        .flatMap(urn -> inspection.resource(new ResourceId(resource.id().stack(), urn)).stream())
        .anyMatch(it -> it.type().equals(type));
  }

  private static String withoutVersion(String type) {
    Matcher azure = AZURE.matcher(type);
    return azure.matches() ? "azure-native:" + azure.group(1) + ":" + azure.group(2) : type;
  }
}
