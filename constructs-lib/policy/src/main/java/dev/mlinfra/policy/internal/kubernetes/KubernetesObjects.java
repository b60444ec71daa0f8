package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every object of Kubernetes in a model, whichever version of its API it is written for. What a
 * Helm release makes is not in the graph, and what the program only looks up is not ours.
 */
final class KubernetesObjects {
  private static final String PACKAGE = "kubernetes:";
  private static final String PATCH = "Patch";
  private static final String LIST = "List";
  private static final String CORE = "core";

  private final Map<String, List<KubernetesObject>> byKind;

  private KubernetesObjects(Inspection inspection) {
    List<KubernetesObject> all = new ArrayList<>();
    for (Resource resource : inspection.resources()) {
      if (resource.type().startsWith(PACKAGE)
          && !resource.attribute("external").asBoolean().orElse(false)) {
        read(resource, inspection.properties(resource), all);
      }
    }
    byKind =
        all.stream()
            .collect(
                Collectors.groupingBy(KubernetesObject::kind, TreeMap::new, Collectors.toList()));
  }

  /** The objects of some kinds, such as {@code apps/Deployment}. */
  static List<KubernetesObject> of(Inspection inspection, String... kinds) {
    Map<String, List<KubernetesObject>> all = byKind(inspection);
    List<KubernetesObject> found = new ArrayList<>();
    for (String kind : kinds) {
      found.addAll(all.getOrDefault(kind, List.of()));
    }
    return found;
  }

  /** Every kind that the model has, in the order of the alphabet. */
  static List<String> kinds(Inspection inspection) {
    return List.copyOf(byKind(inspection).keySet());
  }

  private static Map<String, List<KubernetesObject>> byKind(Inspection inspection) {
    return inspection.prepared(KubernetesObjects.class, KubernetesObjects::new).byKind;
  }

  /** {@code kubernetes:apps/v1:Deployment}. */
  private static void read(Resource resource, Value body, List<KubernetesObject> into) {
    String[] parts = resource.type().split(":", -1);
    if (parts.length != 3) {
      return;
    }
    String group = group(parts[1]);
    String kind = parts[2];
    if (kind.endsWith(LIST) && !body.entry("items").isMissing()) {
      List<Value> items = body.entry("items").asList();
      Function<Value, String> kindOf =
          item -> item.entry("kind").asText().orElse(kind.substring(0, kind.length() - 4));
      for (int i = 0; i < items.size(); i++) {
        Value item = items.get(i);
        String itemGroup =
            item.entry("apiVersion").asText().map(KubernetesObjects::groupOfVersion).orElse(group);
        into.add(
            new KubernetesObject(
                resource, "items[" + i + "]", itemGroup + "/" + kindOf.apply(item), false, item));
      }
      return;
    }
    boolean isPatch = kind.endsWith(PATCH) && kind.length() > PATCH.length();
    String name = isPatch ? kind.substring(0, kind.length() - PATCH.length()) : kind;
    into.add(new KubernetesObject(resource, "", group + "/" + name, isPatch, body));
  }

  private static String group(String version) {
    int slash = version.indexOf('/');
    return slash < 0 ? version : version.substring(0, slash);
  }

  /** In an object itself the group without a name is left out: {@code v1}. */
  private static String groupOfVersion(String version) {
    return version.contains("/") ? group(version) : CORE;
  }
}
