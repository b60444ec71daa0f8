package dev.mlinfra.kubernetes;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.LimitRange;
import com.pulumi.kubernetes.core.v1.LimitRangeArgs;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.core.v1.ResourceQuota;
import com.pulumi.kubernetes.core.v1.ResourceQuotaArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.inputs.LimitRangeItemArgs;
import com.pulumi.kubernetes.core.v1.inputs.LimitRangeSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceQuotaSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.kubernetes.internal.Labels;
import dev.mlinfra.kubernetes.internal.Meta;
import dev.mlinfra.kubernetes.internal.Policies;
import dev.mlinfra.kubernetes.internal.WorkloadRules;
import java.util.Map;
import java.util.TreeMap;

/**
 * A namespace for workloads: pods must meet Pod Security's level {@code restricted}, take no more
 * than the quota admits, and reach and are reached by nothing that is not allowed. Pods that name
 * no service account get no key to the cluster.
 */
public final class MlNamespace extends ComponentResource {
  private final Namespace namespace;
  private final ResourceQuota quota;

  /**
   * Makes it.
   *
   * @param name the name of the component in the program
   * @param args what it is like
   * @throws ValidationException with every problem of the arguments
   */
  public MlNamespace(String name, MlNamespaceArgs args) {
    this(name, args, ComponentResourceOptions.builder().build());
  }

  /**
   * Makes it.
   *
   * @param name the name of the component in the program
   * @param args what it is like
   * @param options parent, provider and the like
   * @throws ValidationException with every problem of the arguments
   */
  public MlNamespace(String name, MlNamespaceArgs args, ComponentResourceOptions options) {
    super("mlinfra:kubernetes:MlNamespace", name, checked(name, args, options));
    CustomResourceOptions child = CustomResourceOptions.builder().parent(this).build();
    Meta meta = new Meta(name, args.getCostTags());
    namespace =
        new Namespace(name, NamespaceArgs.builder().metadata(metadata(name, args)).build(), child);
    Output<String> within = getName();
    quota =
        new ResourceQuota(
            name + "-quota",
            ResourceQuotaArgs.builder()
                .metadata(meta.in(within, "quota"))
                .spec(ResourceQuotaSpecArgs.builder().hard(hard(args)).build())
                .build(),
            child);
    new LimitRange(
        name + "-limits",
        LimitRangeArgs.builder()
            .metadata(meta.in(within, "limits"))
            .spec(LimitRangeSpecArgs.builder().limits(small()).build())
            .build(),
        child);
    // The cluster makes this account by itself; written down, it loses its key.
    new ServiceAccount(
        name + "-default-account",
        ServiceAccountArgs.builder()
            .metadata(meta.in(within, "default"))
            .automountServiceAccountToken(false)
            .build(),
        child);
    Policies.of(args)
        .forEach(
            (policy, spec) ->
                new NetworkPolicy(
                    name + "-" + policy,
                    NetworkPolicyArgs.builder()
                        .metadata(meta.in(within, policy))
                        .spec(spec)
                        .build(),
                    child));
    registerOutputs(Map.of("name", within));
  }

  private static ComponentResourceOptions checked(
      String name, MlNamespaceArgs args, ComponentResourceOptions options) {
    ValidationException.throwIfAny("MlNamespace '" + name + "'", WorkloadRules.problems(args));
    return options;
  }

  private static ObjectMetaArgs metadata(String name, MlNamespaceArgs args) {
    Map<String, String> labels = new TreeMap<>(Labels.of(name, args.getCostTags()));
    for (String mode : new String[] {"enforce", "audit", "warn"}) {
      labels.put("pod-security.kubernetes.io/" + mode, "restricted");
    }
    return ObjectMetaArgs.builder().name(args.getNamespaceName()).labels(labels).build();
  }

  private static Map<String, String> hard(MlNamespaceArgs args) {
    Map<String, String> hard = new TreeMap<>();
    hard.put("pods", Integer.toString(args.getMaxPods()));
    hard.put("requests.cpu", Integer.toString(args.getMaxCpu()));
    hard.put("requests.memory", args.getMaxMemoryGi() + "Gi");
    hard.put("limits.memory", args.getMaxMemoryGi() + "Gi");
    hard.put("requests." + args.getGpuResource(), Integer.toString(args.getMaxGpus()));
    hard.put("requests.storage", args.getMaxStorageGi() + "Gi");
    // Each would be a bill of its own, and a way in.
    hard.put("services.loadbalancers", "0");
    hard.put("services.nodeports", "0");
    return hard;
  }

  /** For containers that say nothing: the quota would refuse them otherwise. */
  private static LimitRangeItemArgs small() {
    return LimitRangeItemArgs.builder()
        .type("Container")
        .defaultRequest(Map.of("cpu", "100m", "memory", "256Mi"))
        .default_(Map.of("memory", "256Mi"))
        .build();
  }

  /** The namespace's name, for what is made in it. */
  public Output<String> getName() {
    return namespace.metadata().applyValue(it -> it.name().orElseThrow());
  }

  /** The namespace. */
  public Namespace getNamespace() {
    return namespace;
  }

  /** What all pods together may have. */
  public ResourceQuota getQuota() {
    return quota;
  }
}
