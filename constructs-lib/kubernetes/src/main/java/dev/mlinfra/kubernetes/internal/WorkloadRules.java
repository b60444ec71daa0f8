package dev.mlinfra.kubernetes.internal;

import dev.mlinfra.core.Problem;
import dev.mlinfra.kubernetes.GpuRuntimeArgs;
import dev.mlinfra.kubernetes.InferenceServiceArgs;
import dev.mlinfra.kubernetes.LoadBalancer;
import dev.mlinfra.kubernetes.MlNamespaceArgs;
import dev.mlinfra.kubernetes.TrainingJobArgs;
import dev.mlinfra.kubernetes.WorkloadArgs;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What arguments must satisfy. */
public final class WorkloadRules {
  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9][A-Za-z0-9._:/-]*[A-Za-z0-9](:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private WorkloadRules() {}

  /** Every problem of a namespace. */
  public static List<Problem> problems(MlNamespaceArgs args) {
    Rules rules =
        new Rules()
            .name("namespaceName", args.getNamespaceName())
            .check(
                !args.getNamespaceName().startsWith("kube-")
                    && !args.getNamespaceName().equals("default"),
                "namespaceName",
                "given '" + args.getNamespaceName() + "'",
                "a namespace of your own",
                "choose another name, such as ml-jobs")
            .range("maxPods", args.getMaxPods(), 1, 1000, "")
            .range("maxCpu", args.getMaxCpu(), 1, 10_000, " processors")
            .range("maxMemoryGi", args.getMaxMemoryGi(), 1, 100_000, " GiB")
            .range("maxGpus", args.getMaxGpus(), 0, 1000, "")
            .range("maxStorageGi", args.getMaxStorageGi(), 0, 100_000, " GiB")
            .add(Labels.problems(args.getCostTags()));
    Set<String> names = new HashSet<>(Set.of("deny-all", "dns"));
    args.getAllowances()
        .forEach(
            one ->
                rules
                    .name("allowances." + one.name(), one.name())
                    .check(
                        names.add(one.name()),
                        "allowances." + one.name(),
                        "stands there twice or is taken",
                        "each name once, and neither deny-all nor dns",
                        "rename it"));
    return rules.problems();
  }

  /** Every problem of a cluster's GPU runtime. */
  public static List<Problem> problems(String name, GpuRuntimeArgs args) {
    return new Rules()
        .name("name", name)
        .name("namespaceName", args.getNamespaceName())
        .check(
            !args.getNodeLabels().isEmpty(),
            "nodeLabels",
            "is empty",
            "the labels of the nodes that have GPUs",
            "leave it out for nvidia.com/gpu.present: true")
        .add(Labels.problems(args.getCostTags()))
        .problems();
  }

  /** Every problem of a training job. */
  public static List<Problem> problems(String name, TrainingJobArgs args) {
    Rules rules =
        workload(name, args)
            .range("retries", args.getRetries(), 0, 10, "")
            .within("maxRuntime", args.getMaxRuntime(), Duration.ofMinutes(1), Duration.ofDays(7))
            .within("keepFor", args.getKeepFor(), Duration.ZERO, Duration.ofDays(30))
            .within("gracePeriod", args.getGracePeriod(), Duration.ZERO, Duration.ofHours(1))
            .range(
                "sharedMemoryGi",
                args.getSharedMemoryGi(),
                0,
                Math.max(0, args.getMemoryGi() - 1),
                " GiB, less than the memory, of which it is a part");
    args.getCacheGi().ifPresent(size -> rules.range("cacheGi", size, 1, 16_384, " GiB"));
    rules.check(
        args.getCacheStorageClass().isEmpty() || args.getCacheGi().isPresent(),
        "cacheStorageClass",
        "is given without cacheGi",
        "both or none",
        "say how large the cache is");
    return rules.problems();
  }

  /** Every problem of an inference service. */
  public static List<Problem> problems(String name, InferenceServiceArgs args) {
    Rules rules =
        workload(name, args)
            .range("port", args.getPort(), 1024, 65_535, ": a process that is not root")
            .range("minReplicas", args.getMinReplicas(), 1, 1000, "")
            .range("maxReplicas", args.getMaxReplicas(), args.getMinReplicas(), 1000, "")
            .within("startLimit", args.getStartLimit(), Duration.ofSeconds(10), Duration.ofHours(1))
            .within("gracePeriod", args.getGracePeriod(), Duration.ZERO, Duration.ofHours(1));
    path(rules, "healthPath", args.getHealthPath());
    path(rules, "readyPath", args.getReadyPath());
    if (args.getScaling().pods().isEmpty()) {
      String target = args.getScaling().target();
      rules.check(
          target.matches("[1-9][0-9]|100"),
          "scaling.target",
          "given " + target,
          "10 to 100 percent",
          "");
    }
    args.getLoadBalancer().ifPresent(it -> loadBalancer(rules, it));
    return rules.problems();
  }

  private static void path(Rules rules, String name, String given) {
    rules.check(given.startsWith("/"), name, "given '" + given + "'", "a path such as /health", "");
  }

  private static void loadBalancer(Rules rules, LoadBalancer balancer) {
    rules.check(
        balancer.isInternal() || balancer.certificateArn().isPresent(),
        "loadBalancer.certificateArn",
        "is missing",
        "a certificate, since requests come over the internet",
        "make one with AWS Certificate Manager, or use LoadBalancer.internal()");
    balancer
        .certificateArn()
        .ifPresent(
            arn ->
                rules.check(
                    arn.matches("arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]+"),
                    "loadBalancer.certificateArn",
                    "given '" + arn + "'",
                    "arn:aws:acm:REGION:ACCOUNT:certificate/ID",
                    ""));
  }

  private static Rules workload(String name, WorkloadArgs args) {
    Rules rules =
        new Rules()
            .name("name", name)
            .check(
                IMAGE.matcher(args.getImage()).matches() && !args.getImage().endsWith(":latest"),
                "image",
                "given '" + args.getImage() + "'",
                "an image with a digest, or with a tag that is not latest",
                "name the version that was tested")
            .range("cpu", args.getCpu(), 0.01, 512, " processors")
            .range("memoryGi", args.getMemoryGi(), 1, 24_000, " GiB")
            .range("gpus", args.getGpus(), 0, 16, "")
            .range("userId", args.getUserId(), 1, Integer.MAX_VALUE, ": not root")
            .check(
                args.getGpus() == 0 || !args.getNodeLabels().isEmpty(),
                "nodeLabels",
                "is empty",
                "the labels of nodes with the accelerator that is meant",
                "such as node.kubernetes.io/instance-type and g5.2xlarge")
            .add(Labels.problems(args.getCostTags()));
    Set<String> names = new TreeSet<>(args.getVariables().keySet());
    names.addAll(args.getSecretVariables().keySet());
    for (String variable : names) {
      boolean secret = args.getSecretVariables().containsKey(variable);
      String path = (secret ? "secretVariables." : "variables.") + variable;
      rules
          .check(
              VARIABLE.matcher(variable).matches(),
              path,
              "is no name of an environment variable",
              "such as LOG_LEVEL",
              "")
          .check(
              !(secret && args.getVariables().containsKey(variable)),
              path,
              "stands in variables and in secretVariables",
              "one of the two",
              "remove one");
    }
    return rules;
  }
}
