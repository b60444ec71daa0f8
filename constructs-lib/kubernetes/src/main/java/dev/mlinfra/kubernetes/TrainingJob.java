package dev.mlinfra.kubernetes;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.Job;
import com.pulumi.kubernetes.batch.v1.JobArgs;
import com.pulumi.kubernetes.batch.v1.inputs.JobSpecArgs;
import com.pulumi.kubernetes.batch.v1.inputs.PodFailurePolicyArgs;
import com.pulumi.kubernetes.batch.v1.inputs.PodFailurePolicyOnExitCodesRequirementArgs;
import com.pulumi.kubernetes.batch.v1.inputs.PodFailurePolicyOnPodConditionsPatternArgs;
import com.pulumi.kubernetes.batch.v1.inputs.PodFailurePolicyRuleArgs;
import com.pulumi.kubernetes.core.v1.PersistentVolumeClaim;
import com.pulumi.kubernetes.core.v1.PersistentVolumeClaimArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.inputs.EmptyDirVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PersistentVolumeClaimVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ResourceRequirementsArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.kubernetes.internal.Meta;
import dev.mlinfra.kubernetes.internal.Pods;
import dev.mlinfra.kubernetes.internal.WorkloadRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job that trains once. It is tried again when its pod fails, without limit but {@link
 * TrainingJobArgs#getMaxRuntime} when a node is taken away, and not at all when the program says
 * that its input is wrong: exit codes 2 and 3.
 *
 * <p>A job never changes: a changed one replaces it and trains again.
 */
public final class TrainingJob extends ComponentResource {
  /** Where the cache is mounted. */
  public static final String CACHE_PATH = "/cache";

  private static final String CACHE = "cache";
  private static final String SHARED_MEMORY = "shared-memory";

  /** What this project's programs end with when another try would fail as well. */
  private static final List<Integer> HOPELESS = List.of(2, 3);

  private final Job job;
  private final ServiceAccount serviceAccount;
  private final Optional<PersistentVolumeClaim> cache;

  /**
   * Makes it.
   *
   * @param name the name of the component in the program, and of the job
   * @param args what it is like
   * @throws ValidationException with every problem of the arguments
   */
  public TrainingJob(String name, TrainingJobArgs args) {
    this(name, args, ComponentResourceOptions.builder().build());
  }

  /**
   * Makes it.
   *
   * @param name the name of the component in the program, and of the job
   * @param args what it is like
   * @param options parent, provider and the like
   * @throws ValidationException with every problem of the arguments
   */
  public TrainingJob(String name, TrainingJobArgs args, ComponentResourceOptions options) {
    super("mlinfra:kubernetes:TrainingJob", name, checked(name, args, options));
    CustomResourceOptions child = CustomResourceOptions.builder().parent(this).build();
    Meta meta = new Meta(name, args.getCostTags());
    serviceAccount =
        new ServiceAccount(
            name + "-account",
            ServiceAccountArgs.builder()
                .metadata(meta.in(args.getNamespace(), name, args.getServiceAccountAnnotations()))
                .automountServiceAccountToken(false)
                .build(),
            child);
    cache = args.getCacheGi().map(size -> cache(name, args, size, meta, child));
    job =
        new Job(
            name,
            JobArgs.builder()
                .metadata(meta.in(args.getNamespace(), name, awaiting(args)))
                .spec(spec(args, meta))
                .build(),
            CustomResourceOptions.builder().parent(this).deleteBeforeReplace(true).build());
    registerOutputs(Map.of("jobName", getJobName()));
  }

  private static ComponentResourceOptions checked(
      String name, TrainingJobArgs args, ComponentResourceOptions options) {
    ValidationException.throwIfAny(
        "TrainingJob '" + name + "'", WorkloadRules.problems(name, args));
    return options;
  }

  private static Map<String, String> awaiting(TrainingJobArgs args) {
    return args.isAwaited() ? Map.of() : Map.of("pulumi.com/skipAwait", "true");
  }

  private static PersistentVolumeClaim cache(
      String name, TrainingJobArgs args, int size, Meta meta, CustomResourceOptions child) {
    PersistentVolumeClaimSpecArgs.Builder spec =
        PersistentVolumeClaimSpecArgs.builder()
            .accessModes("ReadWriteOnce")
            .resources(
                ResourceRequirementsArgs.builder()
                    .requests(Map.of("storage", size + "Gi"))
                    .build());
    args.getCacheStorageClass().ifPresent(spec::storageClassName);
    return new PersistentVolumeClaim(
        name + "-cache",
        PersistentVolumeClaimArgs.builder()
            // Classes often make a volume only for its first pod: waiting for it would never end.
            .metadata(
                meta.in(
                    args.getNamespace(), name + "-cache", Map.of("pulumi.com/skipAwait", "true")))
            .spec(spec.build())
            .build(),
        child);
  }

  private JobSpecArgs spec(TrainingJobArgs args, Meta meta) {
    return JobSpecArgs.builder()
        .backoffLimit(args.getRetries())
        .activeDeadlineSeconds(Math.toIntExact(args.getMaxRuntime().toSeconds()))
        .ttlSecondsAfterFinished(Math.toIntExact(args.getKeepFor().toSeconds()))
        .podFailurePolicy(
            PodFailurePolicyArgs.builder()
                .rules(
                    PodFailurePolicyRuleArgs.builder()
                        .action("Ignore")
                        .onPodConditions(
                            List.of(
                                PodFailurePolicyOnPodConditionsPatternArgs.builder()
                                    .type("DisruptionTarget")
                                    .status("True")
                                    .build()))
                        .build(),
                    PodFailurePolicyRuleArgs.builder()
                        .action("FailJob")
                        // The SDK wants it always, the server only without exit codes.
                        .onPodConditions(List.of())
                        .onExitCodes(
                            PodFailurePolicyOnExitCodesRequirementArgs.builder()
                                .containerName(Pods.CONTAINER)
                                .operator("In")
                                .values(HOPELESS)
                                .build())
                        .build())
                .build())
        .template(PodTemplateSpecArgs.builder().metadata(meta.ofPods()).spec(pod(args)).build())
        .build();
  }

  private com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs pod(TrainingJobArgs args) {
    List<VolumeArgs> volumes = new ArrayList<>();
    List<VolumeMountArgs> mounts = new ArrayList<>();
    cache.ifPresent(
        claim -> {
          volumes.add(
              VolumeArgs.builder()
                  .name(CACHE)
                  .persistentVolumeClaim(
                      PersistentVolumeClaimVolumeSourceArgs.builder()
                          .claimName(claim.metadata().applyValue(it -> it.name().orElseThrow()))
                          .build())
                  .build());
          mounts.add(VolumeMountArgs.builder().name(CACHE).mountPath(CACHE_PATH).build());
        });
    if (args.getSharedMemoryGi() > 0) {
      volumes.add(
          VolumeArgs.builder()
              .name(SHARED_MEMORY)
              .emptyDir(
                  EmptyDirVolumeSourceArgs.builder()
                      .medium("Memory")
                      .sizeLimit(args.getSharedMemoryGi() + "Gi")
                      .build())
              .build());
      mounts.add(VolumeMountArgs.builder().name(SHARED_MEMORY).mountPath("/dev/shm").build());
    }
    return Pods.spec(args, getServiceAccountName(), volumes)
        .restartPolicy("Never")
        .terminationGracePeriodSeconds(Math.toIntExact(args.getGracePeriod().toSeconds()))
        .containers(Pods.container(args, mounts).build())
        .build();
  }

  /** The job. */
  public Job getJob() {
    return job;
  }

  /** The job's name. */
  public Output<String> getJobName() {
    return job.metadata().applyValue(it -> it.name().orElseThrow());
  }

  /** The service account of its pods, which clouds give rights to. */
  public ServiceAccount getServiceAccount() {
    return serviceAccount;
  }

  /** The service account's name. */
  public Output<String> getServiceAccountName() {
    return serviceAccount.metadata().applyValue(it -> it.name().orElseThrow());
  }

  /** The claim of the cache's volume; empty without one. */
  public Optional<PersistentVolumeClaim> getCache() {
    return cache;
  }
}
