package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which object stands in which namespace. */
final class Namespaces {
  private static final String KIND = "core/Namespace";
  private static final String LEVEL = "pod-security.kubernetes.io/enforce";

  /** Namespaces of the cluster itself. */
  private static final Set<String> OF_THE_CLUSTER =
      Set.of("kube-system", "kube-public", "kube-node-lease");

  private final Inspection inspection;
  private final Map<String, Namespace> byKey = new HashMap<>();
  private final Map<ResourceId, Namespace> byResource = new HashMap<>();

  private Namespaces(Inspection inspection) {
    this.inspection = inspection;
    for (KubernetesObject object : KubernetesObjects.of(inspection, KIND)) {
      Resource resource = object.resource();
      Optional<String> name = object.body().at("metadata.name").asText();
      String key = name.map(it -> key(resource, it)).orElse(resource.id().toString());
      Namespace namespace = new Namespace(key, name, Optional.of(resource));
      byKey.put(key, namespace);
      byResource.put(resource.id(), namespace);
    }
  }

  /** Where an object stands. */
  static Namespace of(Inspection inspection, KubernetesObject object) {
    return inspection.prepared(Namespaces.class, Namespaces::new).of(object);
  }

  /** The namespace of a name, seen from an object. */
  static Namespace named(Inspection inspection, KubernetesObject object, String name) {
    return inspection.prepared(Namespaces.class, Namespaces::new).named(object.resource(), name);
  }

  /**
   * Whether it belongs to the cluster, or is labelled for agents of the nodes, which need what no
   * workload may have.
   */
  static boolean isPrivileged(Inspection inspection, Namespace namespace) {
    return namespace.name().filter(OF_THE_CLUSTER::contains).isPresent()
        || namespace
            .resource()
            .map(it -> inspection.property(it, "metadata.labels").entry(LEVEL))
            .flatMap(Value::asText)
            .filter("privileged"::equals)
            .isPresent();
  }

  private Namespace of(KubernetesObject object) {
    Resource resource = object.resource();
    Value given = object.body().at("metadata.namespace");
    if (Decide.isAbsent(given)) {
      given = ofProvider(resource);
    }
    if (Decide.isAbsent(given)) {
      return named(resource, "default");
    }
    return given
        .asText()
        .map(name -> named(resource, name))
        .or(() -> dependedOn(resource))
        .orElseGet(() -> new Namespace("", Optional.empty(), Optional.empty()));
  }

  private Namespace named(Resource resource, String name) {
    String key = key(resource, name);
    return byKey.getOrDefault(key, new Namespace(key, Optional.of(name), Optional.empty()));
  }

  private static String key(Resource resource, String name) {
    return resource.id().stack() + "/" + name;
  }

  /** {@code urn:…::name::id}: a provider can give all its objects a namespace. */
  private Value ofProvider(Resource resource) {
    String reference = resource.attribute("provider").asText().orElse("");
    int id = reference.lastIndexOf("::");
    return id < 0
        ? new Value.Missing()
        : inspection
            .resource(new ResourceId(resource.id().stack(), reference.substring(0, id)))
            .map(provider -> inspection.property(provider, "namespace"))
            .orElse(new Value.Missing());
  }

  /** In a preview a name is often unknown, but not which resource it comes from. */
  private Optional<Namespace> dependedOn(Resource resource) {
    List<Namespace> found = new ArrayList<>();
    for (Value urn : resource.attribute("propertyDependencies").entry("metadata").asList()) {
      urn.asText()
          .map(name -> byResource.get(new ResourceId(resource.id().stack(), name)))
          .ifPresent(found::add);
    }
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }
}
