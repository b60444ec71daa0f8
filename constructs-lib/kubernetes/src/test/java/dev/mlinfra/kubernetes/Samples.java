package dev.mlinfra.kubernetes;

import com.pulumi.Context;
import com.pulumi.core.Output;
import dev.mlinfra.core.CostTags;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.testkit.PulumiGraph;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Programs with these components. */
final class Samples {
  static final String IMAGE = "registry.example.com/ml-agent/training:1.0";
  static final String JOBS = "ml-jobs";
  static final String INFERENCE = "ml-inference";
  static final String CERTIFICATE =
      "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

  private Samples() {}

  static CostTags tags(String workload) {
    return new CostTags("ml-agent", "dev", "ml-platform", "cc-1234", workload, Map.of());
  }

  static Model of(Consumer<Context> program) {
    return PulumiGraph.of(program).capture();
  }

  static Resource only(Model model, String type) {
    List<Resource> found = model.resources("kubernetes:" + type);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + type);
    }
    return found.get(0);
  }

  static TrainingJobArgs.Builder job() {
    TrainingJobArgs.Builder args = TrainingJobArgs.builder();
    args.namespace(Output.of(JOBS)).image(IMAGE);
    return args;
  }

  static InferenceServiceArgs.Builder service() {
    InferenceServiceArgs.Builder args = InferenceServiceArgs.builder();
    args.namespace(Output.of(INFERENCE)).image("registry.example.com/ml-agent/inference:1.0");
    return args;
  }

  /** What the guides deploy by hand, with every option once. */
  static void everything(Context context) {
    MlNamespace jobs =
        new MlNamespace(
            "jobs",
            MlNamespaceArgs.builder().namespaceName(JOBS).costTags(tags("training")).build());
    MlNamespace inference =
        new MlNamespace(
            "inference",
            MlNamespaceArgs.builder()
                .namespaceName(INFERENCE)
                .addAllowances(
                    Allowance.fromNamespace("from-jobs", JOBS, 8080),
                    Allowance.fromAddresses("from-load-balancer", "10.0.0.0/16", 8080),
                    Allowance.toAddresses("to-database", "10.1.0.0/16", 5432))
                .addAllAllowances(Allowance.betweenPods())
                .costTags(tags("prediction"))
                .build());
    new GpuRuntime(
        "gpus",
        GpuRuntimeArgs.builder().driver(GpuDriver.NODE_IMAGE).costTags(tags("training")).build());
    TrainingJobArgs.Builder training = TrainingJobArgs.builder();
    training
        .namespace(jobs.getName())
        .image(IMAGE)
        .command(List.of("python3", "train.py"))
        .arguments(List.of("--epochs", "3"))
        .gpus(1)
        .memoryGi(28)
        .cpu(6.5)
        .nodeLabels(Map.of("node.kubernetes.io/instance-type", "g5.2xlarge"))
        .spot(true)
        .cacheGi(50)
        .cacheStorageClass("gp3")
        .maxRuntime(Duration.ofHours(4))
        .variables(Map.of("EPOCHS", Output.of("3")))
        .secretVariables(Map.of("FRED_API_KEY", new WorkloadArgs.SecretKey("fred", "key")))
        .imagePullSecrets(List.of("registry"))
        .costTags(tags("training"));
    new TrainingJob("train", training.build());
    new JobSubmitter(
        "submitter",
        JobSubmitterArgs.builder()
            .namespace(jobs.getName())
            .groups(List.of("mlinfra:job-launchers"))
            .costTags(tags("training"))
            .build());
    InferenceServiceArgs.Builder predictions = InferenceServiceArgs.builder();
    predictions
        .namespace(inference.getName())
        .image("registry.example.com/ml-agent/inference:1.0")
        .gpus(1)
        .nodeLabels(Map.of("node.kubernetes.io/instance-type", "g5.xlarge"))
        .minReplicas(2)
        .maxReplicas(10)
        .scaling(ScalingMetric.pods("inference_requests_per_second", "50"))
        .loadBalancer(LoadBalancer.internet(CERTIFICATE, "predict.example.com"))
        .costTags(tags("prediction"));
    new InferenceService("predict", predictions.build());
    InferenceServiceArgs.Builder small = InferenceServiceArgs.builder();
    small
        .namespace(inference.getName())
        .image("registry.example.com/ml-agent/inference:1.0")
        .loadBalancer(LoadBalancer.internal())
        .surge(false)
        .costTags(tags("prediction"));
    new InferenceService("predict-cpu", small.build());
  }
}
