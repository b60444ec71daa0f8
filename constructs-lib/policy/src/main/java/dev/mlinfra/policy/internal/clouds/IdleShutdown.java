package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** What nobody uses is not paid for. */
final class IdleShutdown implements Rule {
  private static final String WHERE = "onlineDeploymentProperties.endpointComputeType";
  private static final String IDLE = "properties.properties.idleTimeBeforeShutdown";
  private static final String STOPS = "properties.properties.schedules.computeStartStop";
  private static final String LEAST = "properties.properties.scaleSettings.minNodeCount";
  private static final String PROBLEM = "keeps accelerators that nobody uses";

  private static final Predicate<String> GOOGLE =
      java.util.regex.Pattern.compile("(a|g)[2-9]x?-.*|ct[0-9].*|tpu.*").asMatchPredicate();
  private static final Predicate<String> AZURE =
      java.util.regex.Pattern.compile("(?i)Standard_N.*").asMatchPredicate();

  @Override
  public String id() {
    return "mlinfra::clouds.idle-shutdown";
  }

  @Override
  public String requirement() {
    return "Notebooks stop when idle, and accelerators go down to none where nobody waits"
        + " for an answer.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource compute :
        CloudResources.of(inspection, "azure-native:machinelearningservices:Compute")) {
      compute(compute, inspection, outcomes);
    }
    for (Resource pool : CloudResources.of(inspection, "gcp:container/nodePool:NodePool")) {
      if (inspection.pattern(pool) == Pattern.BATCH) {
        google(pool, inspection, outcomes);
      }
    }
    for (Resource pool : CloudResources.of(inspection, "azure-native:containerservice:AgentPool")) {
      azure(pool, "", inspection.properties(pool), inspection, outcomes);
    }
    for (Resource cluster :
        CloudResources.of(inspection, "azure-native:containerservice:ManagedCluster")) {
      List<Value> pools = inspection.property(cluster, "agentPoolProfiles").asList();
      for (int i = 0; i < pools.size(); i++) {
        azure(cluster, "agentPoolProfiles[" + i + "].", pools.get(i), inspection, outcomes);
      }
    }
    for (Resource deployment :
        CloudResources.of(inspection, "azure-native:machinelearningservices:OnlineDeployment")) {
      if (inspection.pattern(deployment) == Pattern.BATCH) {
        Value where = inspection.property(deployment, WHERE);
        outcomes.decided(
            Decide.oneOf(where, "Kubernetes"),
            deployment,
            WHERE,
            where,
            "waits for requests day and night where all work is done in batches",
            "use a batch endpoint");
      }
    }
  }

  private static void compute(Resource compute, Inspection inspection, Outcomes.Of outcomes) {
    Value type = inspection.property(compute, "properties.computeType");
    if (type.isSymbolic()) {
      outcomes.undecided(
          compute, "properties.computeType", type, "is known only when deployed", "write it down");
    } else if (type.asText().filter("ComputeInstance"::equals).isPresent()) {
      Value idle = inspection.property(compute, IDLE);
      Verdict stops =
          Decide.items(inspection.property(compute, STOPS)).stream()
              .map(it -> Decide.oneOf(it.entry("action"), "Stop"))
              .min(Comparator.naturalOrder())
              .orElse(Verdict.VIOLATED);
      Verdict present = Decide.present(idle);
      outcomes.decided(
          present.compareTo(stops) <= 0 ? present : stops,
          compute,
          IDLE,
          idle,
          "runs on when its owner has gone home",
          "set it to a time such as PT60M, or a schedule that stops it");
    } else if (type.asText().filter("AmlCompute"::equals).isPresent()) {
      Value least = inspection.property(compute, LEAST);
      outcomes.decided(
          Decide.absentOr(least, "0"::equals),
          compute,
          LEAST,
          least,
          "keeps nodes that wait for jobs",
          "set it to 0");
    }
  }

  private static void google(Resource pool, Inspection inspection, Outcomes.Of outcomes) {
    Value machine = inspection.property(pool, "nodeConfig.machineType");
    Value accelerators = inspection.property(pool, "nodeConfig.guestAccelerators");
    boolean accelerated =
        machine.asText().filter(GOOGLE).isPresent() || !accelerators.asList().isEmpty();
    if (accelerated) {
      Value autoscaling = inspection.property(pool, "autoscaling");
      Verdict zero =
          Verdict.worst(
              List.of(
                  Decide.absentOr(autoscaling.entry("minNodeCount"), "0"::equals),
                  Decide.absentOr(autoscaling.entry("totalMinNodeCount"), "0"::equals)));
      outcomes.decided(
          Decide.isAbsent(autoscaling)
              ? Decide.oneOf(inspection.property(pool, "nodeCount"), "0")
              : zero,
          pool,
          "autoscaling.minNodeCount",
          autoscaling.entry("minNodeCount"),
          PROBLEM,
          "let the pool scale, and set it to 0");
    } else if (machine.isSymbolic() || accelerators.isSymbolic()) {
      outcomes.undecided(
          pool, "nodeConfig.machineType", machine, "is known only when deployed", "write it down");
    }
  }

  private static void azure(
      Resource resource, String at, Value pool, Inspection inspection, Outcomes.Of outcomes) {
    if (inspection.pattern(resource) != Pattern.BATCH) {
      return;
    }
    Value size = pool.entry("vmSize");
    if (size.isSymbolic()) {
      outcomes.undecided(
          resource, at + "vmSize", size, "is known only when deployed", "write it down");
    } else if (size.asText().filter(AZURE).isPresent()) {
      boolean scales = pool.entry("enableAutoScaling").asBoolean().orElse(false);
      String count = scales ? "minCount" : "count";
      outcomes.decided(
          Decide.oneOf(pool.entry(count), "0"),
          resource,
          at + count,
          pool.entry(count),
          PROBLEM,
          "set enableAutoScaling to true and minCount to 0");
    }
  }
}
