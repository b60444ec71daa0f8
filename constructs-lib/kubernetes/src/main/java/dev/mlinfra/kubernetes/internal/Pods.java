package dev.mlinfra.kubernetes.internal;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.inputs.CapabilitiesArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.EmptyDirVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.LocalObjectReferenceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSecurityContextArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import com.pulumi.kubernetes.core.v1.inputs.SeccompProfileArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecretKeySelectorArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecurityContextArgs;
import com.pulumi.kubernetes.core.v1.inputs.TolerationArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import dev.mlinfra.kubernetes.WorkloadArgs;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What all pods of this module have: what Pod Security's level {@code restricted} asks for. */
public final class Pods {
  /** The name of the container that does the work. */
  public static final String CONTAINER = "main";

  private static final String EXISTS = "Exists";
  private static final String NO_SCHEDULE = "NoSchedule";

  /** Taints that clouds give to spot nodes; the nodes of EKS have none. */
  private static final Map<String, String> SPOT_TAINTS =
      new TreeMap<>(
          Map.of(
              "cloud.google.com/gke-spot", "true",
              "kubernetes.azure.com/scalesetpriority", "spot"));

  private Pods() {}

  /** The pod of a workload, with a writable /tmp and otherwise nothing to write to. */
  public static PodSpecArgs.Builder spec(
      WorkloadArgs args, Output<String> serviceAccount, List<VolumeArgs> volumes) {
    List<VolumeArgs> all = new ArrayList<>(volumes);
    all.add(
        VolumeArgs.builder()
            .name("tmp")
            .emptyDir(EmptyDirVolumeSourceArgs.builder().build())
            .build());
    return PodSpecArgs.builder()
        .serviceAccountName(serviceAccount)
        // Nothing here speaks with the cluster; clouds' identities come another way.
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .securityContext(
            PodSecurityContextArgs.builder()
                .runAsNonRoot(true)
                .runAsUser(args.getUserId())
                .fsGroup(args.getUserId())
                // Otherwise every file of a large cache is looked at before each start.
                .fsGroupChangePolicy("OnRootMismatch")
                .seccompProfile(SeccompProfileArgs.builder().type("RuntimeDefault").build())
                .build())
        .imagePullSecrets(
            args.getImagePullSecrets().stream()
                .map(name -> LocalObjectReferenceArgs.builder().name(name).build())
                .toList())
        .nodeSelector(args.getNodeLabels())
        .tolerations(tolerations(args))
        .volumes(all);
  }

  /** The container that does the work. */
  public static ContainerArgs.Builder container(WorkloadArgs args, List<VolumeMountArgs> mounts) {
    List<VolumeMountArgs> all = new ArrayList<>(mounts);
    all.add(VolumeMountArgs.builder().name("tmp").mountPath("/tmp").build());
    ContainerArgs.Builder container =
        ContainerArgs.builder()
            .name(CONTAINER)
            .image(args.getImage())
            .env(variables(args))
            .resources(resources(args))
            .securityContext(
                SecurityContextArgs.builder()
                    .allowPrivilegeEscalation(false)
                    .readOnlyRootFilesystem(true)
                    .capabilities(CapabilitiesArgs.builder().drop("ALL").build())
                    .build())
            .volumeMounts(all);
    if (!args.getCommand().isEmpty()) {
      container.command(args.getCommand());
    }
    if (!args.getArguments().isEmpty()) {
      container.args(args.getArguments());
    }
    return container;
  }

  private static List<EnvVarArgs> variables(WorkloadArgs args) {
    Map<String, EnvVarArgs> variables = new TreeMap<>();
    args.getVariables()
        .forEach(
            (name, value) ->
                variables.put(name, EnvVarArgs.builder().name(name).value(value).build()));
    args.getSecretVariables()
        .forEach(
            (name, key) ->
                variables.put(
                    name,
                    EnvVarArgs.builder()
                        .name(name)
                        .valueFrom(
                            EnvVarSourceArgs.builder()
                                .secretKeyRef(
                                    SecretKeySelectorArgs.builder()
                                        .name(key.secret())
                                        .key(key.key())
                                        .build())
                                .build())
                        .build()));
    return List.copyOf(variables.values());
  }

  /** Memory is not shared: what is requested is the limit. Processor time beyond the request is. */
  private static ResourceRequirementsArgs resources(WorkloadArgs args) {
    Map<String, String> limits = new TreeMap<>();
    limits.put("memory", args.getMemoryGi() + "Gi");
    if (args.getGpus() > 0) {
      limits.put(args.getGpuResource(), Integer.toString(args.getGpus()));
    }
    Map<String, String> requests = new TreeMap<>(limits);
    requests.put("cpu", cpu(args.getCpu()));
    return ResourceRequirementsArgs.builder().requests(requests).limits(limits).build();
  }

  /** As the API server writes it back, so that nothing seems to have changed: 500m, 2. */
  static String cpu(double processors) {
    BigDecimal milli =
        BigDecimal.valueOf(processors)
            .movePointRight(3)
            .stripTrailingZeros()
            .setScale(0, java.math.RoundingMode.UP);
    BigDecimal[] whole = milli.divideAndRemainder(BigDecimal.valueOf(1000));
    return whole[1].signum() == 0 ? whole[0].toPlainString() : milli.toPlainString() + "m";
  }

  private static List<TolerationArgs> tolerations(WorkloadArgs args) {
    List<TolerationArgs> tolerations = new ArrayList<>();
    if (args.getGpus() > 0) {
      tolerations.add(
          TolerationArgs.builder()
              .key(args.getGpuResource())
              .operator(EXISTS)
              .effect(NO_SCHEDULE)
              .build());
    }
    if (args.isSpot()) {
      SPOT_TAINTS.forEach(
          (key, value) ->
              tolerations.add(
                  TolerationArgs.builder()
                      .key(key)
                      .operator("Equal")
                      .value(value)
                      .effect(NO_SCHEDULE)
                      .build()));
    }
    return tolerations;
  }
}
