package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.internal.pulumi.Assumption;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Jobs of Kubernetes. Their pods run on nodes, which are billed themselves; what one job can cost
 * is the time of all its pods on the dearest node.
 *
 * <p>A job's deadline holds for all its attempts together, so there is one attempt as long as it; a
 * deadline of its pods holds for each of them.
 */
final class JobPricer implements PulumiPricer {
  private static final String DEADLINE = "activeDeadlineSeconds";

  @Override
  public Set<String> types() {
    return Set.of(
        "kubernetes:batch:Job",
        "kubernetes:batch:CronJob",
        "kubernetes:kubeflow.org:JAXJob",
        "kubernetes:kubeflow.org:MPIJob",
        "kubernetes:kubeflow.org:PaddleJob",
        "kubernetes:kubeflow.org:PyTorchJob",
        "kubernetes:kubeflow.org:TFJob",
        "kubernetes:kubeflow.org:XGBoostJob");
  }

  /**
   * What bounds a job.
   *
   * @param pods how many run at one time
   * @param attempts how often it is tried
   * @param timeout how long an attempt takes at most
   * @param why where that comes from
   */
  private record Limits(
      double pods, OptionalInt attempts, Optional<Duration> timeout, String why) {}

  @Override
  public void price(Inputs in) {
    in.bill().elsewhere("its pods run on nodes, which are billed at their pool");
    Limits limits = in.resource().type().contains("kubeflow") ? ofKubeflow(in) : ofBatch(in);
    Optional<Charge> hourly =
        in.known(() -> Nodes.dearest(in))
            .map(
                node ->
                    new Charge(
                        limits.pods(),
                        node,
                        "%s at one time, each on the dearest node; %s"
                            .formatted(Text.of(limits.pods()), limits.why())));
    in.bill().job(limits.attempts(), limits.timeout(), hourly, atOnce(in));
  }

  private static Limits ofBatch(Inputs in) {
    Value spec = in.first("spec.jobTemplate.spec", "spec");
    double parallel = number(spec, "parallelism", 1);
    Value deadline = spec.entry(DEADLINE);
    if (!Inputs.isAbsent(deadline)) {
      return deadline(parallel, deadline);
    }
    Value ofPod = spec.at("template.spec." + DEADLINE);
    if (Inputs.isAbsent(ofPod)) {
      return new Limits(parallel, OptionalInt.empty(), Optional.empty(), "no deadline");
    }
    double retries = number(spec, "backoffLimit", Assumption.of("kubernetes.backoffLimit").value());
    double pods = number(spec, "completions", 1) + retries;
    boolean perIndex = !Inputs.isAbsent(spec.entry("backoffLimitPerIndex"));
    return new Limits(
        1,
        perIndex ? OptionalInt.empty() : OptionalInt.of((int) Math.min(pods, Integer.MAX_VALUE)),
        Optional.of(seconds(ofPod)),
        "completions + backoffLimit %s pods, each with a deadline of its own"
            .formatted(Text.of(retries)));
  }

  private static Limits ofKubeflow(Inputs in) {
    double pods = 0;
    for (Map.Entry<String, Value> entry : in.at("spec").asMap().entrySet()) {
      if (entry.getKey().endsWith("ReplicaSpecs")) {
        for (Value role : entry.getValue().asMap().values()) {
          pods += number(role, "replicas", 1);
        }
      }
    }
    pods = Math.max(pods, number(in.at("spec.elasticPolicy"), "maxReplicas", 1));
    Value deadline = in.at("spec.runPolicy." + DEADLINE);
    return Inputs.isAbsent(deadline)
        ? new Limits(pods, OptionalInt.empty(), Optional.empty(), "no deadline")
        : deadline(pods, deadline);
  }

  private static Limits deadline(double pods, Value deadline) {
    return new Limits(
        pods,
        OptionalInt.of(1),
        Optional.of(seconds(deadline)),
        "its deadline holds for all attempts together");
  }

  private static Duration seconds(Value deadline) {
    return Duration.ofSeconds((long) Inputs.number(deadline, 0, DEADLINE));
  }

  private static double number(Value spec, String name, double otherwise) {
    return Inputs.number(spec.entry(name), otherwise, name);
  }

  /** A job runs once; a cron job can overlap with itself unless that is forbidden. */
  private static OptionalInt atOnce(Inputs in) {
    boolean overlaps =
        in.resource().type().endsWith(":CronJob")
            && in.at("spec.concurrencyPolicy").asText().orElse("Allow").equals("Allow");
    return overlaps ? OptionalInt.empty() : OptionalInt.of(1);
  }
}
