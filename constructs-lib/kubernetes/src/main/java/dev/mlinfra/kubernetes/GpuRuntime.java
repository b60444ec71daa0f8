package dev.mlinfra.kubernetes;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.DaemonSet;
import com.pulumi.kubernetes.apps.v1.DaemonSetArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DaemonSetSpecArgs;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.inputs.CapabilitiesArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.HostPathVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import com.pulumi.kubernetes.core.v1.inputs.SeccompProfileArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecurityContextArgs;
import com.pulumi.kubernetes.core.v1.inputs.TolerationArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.helm.v3.Release;
import com.pulumi.kubernetes.helm.v3.ReleaseArgs;
import com.pulumi.kubernetes.helm.v3.inputs.RepositoryOptsArgs;
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
import java.util.Optional;
import java.util.TreeMap;

/**
 * What nodes with NVIDIA's GPUs need so that pods can ask for them, by {@link GpuDriver who brings
 * the driver}: the device plugin, or the GPU operator. One for a cluster.
 */
public final class GpuRuntime extends ComponentResource {
  /** Version of the device plugin, of 2026-08-19 (github.com/NVIDIA/k8s-device-plugin). */
  public static final String DEVICE_PLUGIN = "v0.20.0";

  /** Version of the GPU operator's chart, of 2026-08-21 (github.com/NVIDIA/gpu-operator). */
  public static final String OPERATOR = "v26.7.0";

  private static final String PLUGINS = "/var/lib/kubelet/device-plugins";
  private static final String SOCKETS = "plugins";

  private final Namespace namespace;
  private final Optional<DaemonSet> devicePlugin;
  private final Optional<Release> operator;

  /**
   * Makes it.
   *
   * @param name the name of the component in the program, and of its objects
   * @param args what it is like
   * @throws ValidationException with every problem of the arguments
   */
  public GpuRuntime(String name, GpuRuntimeArgs args) {
    this(name, args, ComponentResourceOptions.builder().build());
  }

  /**
   * Makes it.
   *
   * @param name the name of the component in the program, and of its objects
   * @param args what it is like
   * @param options parent, provider and the like
   * @throws ValidationException with every problem of the arguments
   */
  public GpuRuntime(String name, GpuRuntimeArgs args, ComponentResourceOptions options) {
    super("mlinfra:kubernetes:GpuRuntime", name, checked(name, args, options));
    CustomResourceOptions child = CustomResourceOptions.builder().parent(this).build();
    Meta meta = new Meta(name, args.getCostTags());
    namespace =
        new Namespace(name, NamespaceArgs.builder().metadata(metadata(name, args)).build(), child);
    boolean own = args.getDriver() == GpuDriver.NODE_IMAGE;
    devicePlugin = own ? Optional.of(devicePlugin(name, args, meta, child)) : Optional.empty();
    operator = own ? Optional.empty() : Optional.of(operator(name, child));
    registerOutputs(Map.of("namespace", getNamespaceName()));
  }

  private static ComponentResourceOptions checked(
      String name, GpuRuntimeArgs args, ComponentResourceOptions options) {
    ValidationException.throwIfAny("GpuRuntime '" + name + "'", WorkloadRules.problems(name, args));
    return options;
  }

  /** Agents of the nodes: they reach for what no workload may. */
  private static ObjectMetaArgs metadata(String name, GpuRuntimeArgs args) {
    Map<String, String> labels = new TreeMap<>(Labels.of(name, args.getCostTags()));
    labels.put("pod-security.kubernetes.io/enforce", "privileged");
    return ObjectMetaArgs.builder().name(args.getNamespaceName()).labels(labels).build();
  }

  private DaemonSet devicePlugin(
      String name, GpuRuntimeArgs args, Meta meta, CustomResourceOptions child) {
    new NetworkPolicy(
        name + "-deny-all",
        NetworkPolicyArgs.builder()
            .metadata(meta.in(getNamespaceName(), "deny-all"))
            .spec(Policies.denyAll())
            .build(),
        child);
    ServiceAccount account =
        new ServiceAccount(
            name + "-account",
            ServiceAccountArgs.builder()
                .metadata(meta.in(getNamespaceName(), name))
                .automountServiceAccountToken(false)
                .build(),
            child);
    return new DaemonSet(
        name + "-device-plugin",
        DaemonSetArgs.builder()
            .metadata(meta.in(getNamespaceName(), name))
            .spec(
                DaemonSetSpecArgs.builder()
                    .selector(meta.selector())
                    .template(
                        PodTemplateSpecArgs.builder()
                            .metadata(meta.ofPods())
                            .spec(
                                pod(
                                    args,
                                    account.metadata().applyValue(it -> it.name().orElseThrow())))
                            .build())
                    .build())
            .build(),
        child);
  }

  private static PodSpecArgs pod(GpuRuntimeArgs args, Output<String> account) {
    return PodSpecArgs.builder()
        .serviceAccountName(account)
        .automountServiceAccountToken(false)
        .priorityClassName("system-node-critical")
        .nodeSelector(args.getNodeLabels())
        .tolerations(
            TolerationArgs.builder()
                .key(WorkloadArgs.NVIDIA)
                .operator("Exists")
                .effect("NoSchedule")
                .build())
        .containers(
            ContainerArgs.builder()
                .name("device-plugin")
                .image("nvcr.io/nvidia/k8s-device-plugin:" + DEVICE_PLUGIN)
                .resources(
                    ResourceRequirementsArgs.builder()
                        .requests(Map.of("cpu", "50m", "memory", "128Mi"))
                        .limits(Map.of("memory", "128Mi"))
                        .build())
                .securityContext(
                    SecurityContextArgs.builder()
                        .allowPrivilegeEscalation(false)
                        .readOnlyRootFilesystem(true)
                        .capabilities(CapabilitiesArgs.builder().drop("ALL").build())
                        .seccompProfile(SeccompProfileArgs.builder().type("RuntimeDefault").build())
                        .build())
                .volumeMounts(VolumeMountArgs.builder().name(SOCKETS).mountPath(PLUGINS).build())
                .build())
        .volumes(
            VolumeArgs.builder()
                .name(SOCKETS)
                .hostPath(
                    HostPathVolumeSourceArgs.builder().path(PLUGINS).type("Directory").build())
                .build())
        .build();
  }

  private Release operator(String name, CustomResourceOptions child) {
    return new Release(
        name + "-operator",
        ReleaseArgs.builder()
            .name(name)
            .chart("gpu-operator")
            .version(OPERATOR)
            .repositoryOpts(
                RepositoryOptsArgs.builder().repo("https://helm.ngc.nvidia.com/nvidia").build())
            .namespace(getNamespaceName())
            .atomic(true)
            .values(Map.of("driver", Map.of("enabled", true), "toolkit", Map.of("enabled", true)))
            .build(),
        child);
  }

  /** The namespace's name. */
  public Output<String> getNamespaceName() {
    return namespace.metadata().applyValue(it -> it.name().orElseThrow());
  }

  /** The namespace. */
  public Namespace getNamespace() {
    return namespace;
  }

  /** The device plugin; empty when the operator brings it. */
  public Optional<DaemonSet> getDevicePlugin() {
    return devicePlugin;
  }

  /** The operator; empty when the nodes' image brings the driver. */
  public Optional<Release> getOperator() {
    return operator;
  }
}
