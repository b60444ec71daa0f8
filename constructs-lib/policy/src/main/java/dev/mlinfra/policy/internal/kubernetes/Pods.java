package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every pod of a model: of pods, of the workloads that Kubernetes knows, and of every other object
 * that has a template with containers, such as a {@code PyTorchJob} or a {@code RayCluster}.
 */
final class Pods {
  private static final String TEMPLATE = "template";

  /** Where a kind has its pod or template; all others are searched. */
  private static final Map<String, String> TEMPLATES =
      Map.ofEntries(
          Map.entry("core/Pod", ""),
          Map.entry("core/PodTemplate", TEMPLATE),
          Map.entry("core/ReplicationController", "spec.template"),
          Map.entry("apps/Deployment", "spec.template"),
          Map.entry("apps/StatefulSet", "spec.template"),
          Map.entry("apps/DaemonSet", "spec.template"),
          Map.entry("apps/ReplicaSet", "spec.template"),
          Map.entry("extensions/Deployment", "spec.template"),
          Map.entry("extensions/DaemonSet", "spec.template"),
          Map.entry("extensions/ReplicaSet", "spec.template"),
          Map.entry("batch/Job", "spec.template"),
          Map.entry("batch/CronJob", "spec.jobTemplate.spec.template"));

  /** Its policies show what others must look like. */
  private static final String KYVERNO = "kyverno.io/";

  private static final List<String> CONTAINERS =
      List.of("containers", "initContainers", "ephemeralContainers");

  private final Inspection inspection;
  private final List<Pod> all = new ArrayList<>();

  private Pods(Inspection inspection) {
    this.inspection = inspection;
    for (String kind : KubernetesObjects.kinds(inspection)) {
      for (KubernetesObject object : KubernetesObjects.of(inspection, kind)) {
        String template = TEMPLATES.get(kind);
        if (template != null) {
          add(object, template, template.isEmpty() ? object.body() : object.body().at(template));
        } else if (!kind.startsWith(KYVERNO)) {
          search(object, "", object.body());
        }
      }
    }
  }

  /** Every pod. */
  static List<Pod> all(Inspection inspection) {
    return List.copyOf(inspection.prepared(Pods.class, Pods::new).all);
  }

  /**
   * The pods that are workloads: all but the agents of nodes in namespaces that are labelled for
   * them, or that belong to the cluster. What asks for an accelerator is a workload wherever it
   * stands: device plugins and drivers ask for none.
   */
  static List<Pod> workloads(Inspection inspection) {
    return all(inspection).stream()
        .filter(pod -> pod.isAccelerated() || !Namespaces.isPrivileged(inspection, pod.namespace()))
        .toList();
  }

  /** The workloads of which everything is known that they hold: all but patches. */
  static List<Pod> wholeWorkloads(Inspection inspection) {
    return workloads(inspection).stream().filter(Pod::isWhole).toList();
  }

  private void search(KubernetesObject object, String path, Value value) {
    value
        .asMap()
        .forEach(
            (key, child) -> {
              String at = path.isEmpty() ? step(key) : path + (isPlain(key) ? "." : "") + step(key);
              if (key.equals(TEMPLATE) && child.at("spec.containers") instanceof Value.Sequence) {
                add(object, at, child);
              } else {
                search(object, at, child);
              }
            });
    List<Value> items = value.asList();
    for (int i = 0; i < items.size(); i++) {
      search(object, path + "[" + i + "]", items.get(i));
    }
  }

  private static String step(String key) {
    return isPlain(key) ? key : "[\"" + key + "\"]";
  }

  private static boolean isPlain(String key) {
    return key.indexOf('.') < 0 && key.indexOf('[') < 0;
  }

  private void add(KubernetesObject owner, String path, Value template) {
    Value spec = template.entry("spec");
    if (spec.isMissing()) {
      return;
    }
    String at = owner.at(path.isEmpty() ? "spec" : path + ".spec");
    all.add(
        new Pod(
            owner,
            at,
            template.entry("metadata"),
            spec,
            Namespaces.of(inspection, owner),
            containers(at, spec)));
  }

  private static List<Container> containers(String at, Value spec) {
    List<Container> found = new ArrayList<>();
    for (String list : CONTAINERS) {
      Value containers = spec.entry(list);
      boolean ephemeral = list.equals("ephemeralContainers");
      List<Value> items = containers.asList();
      for (int i = 0; i < items.size(); i++) {
        found.add(new Container(at + "." + list + "[" + i + "]", ephemeral, items.get(i)));
      }
      // Of what is not known every rule says that it cannot decide; of a whole pod once is enough.
      if (containers.isSymbolic() && (found.isEmpty() || !spec.isSymbolic())) {
        found.add(new Container(at + "." + list, ephemeral, containers));
      }
    }
    return found;
  }
}
