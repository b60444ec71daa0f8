package dev.mlinfra.cost.internal.pulumi.kubernetes;

import static dev.mlinfra.cost.internal.pulumi.Graphs.UNKNOWN;
import static dev.mlinfra.cost.internal.pulumi.Graphs.elsewhere;
import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.job;
import static dev.mlinfra.cost.internal.pulumi.Graphs.jobUsd;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.JobExposure;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class JobPricerTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-9);
  private static final String JOB = "kubernetes:batch/v1:Job";

  /** Nodes for 0.19, and nodes for 0.19 + 0.35 = 0.54 an hour. */
  private static final String[] POOLS = {
    resource(
        "gcp:container/nodePool:NodePool",
        "cpu",
        "location: us-central1-a, nodeCount: 1, nodeConfig: {machineType: n1-standard-4}"),
    resource(
        "gcp:container/nodePool:NodePool",
        "gpu",
        "location: us-central1-a, autoscaling: {maxNodeCount: 1}, nodeConfig: {machineType:"
            + " n1-standard-4, spot: true, guestAccelerators: [{type: nvidia-tesla-t4}]}")
  };

  private static Estimate withPools(String resource) {
    return estimate(POOLS[0], POOLS[1], resource);
  }

  private static Estimate withPools(String type, String inputs) {
    return withPools(resource(type, "job", inputs));
  }

  @Test
  void itsDeadlineHoldsForAllAttemptsTogether() {
    Estimate estimate =
        withPools(
            JOB,
            "metadata: {labels: {workload: training}}, spec: {backoffLimit: 3, parallelism: 2,"
                + " activeDeadlineSeconds: 7200}");
    assertThat(jobUsd(estimate)).isCloseTo(2 * 2 * 0.54, EXACT);
    JobExposure exposure = job(estimate);
    assertThat(exposure.workload()).isEqualTo("training");
    assertThat(exposure.attempts()).hasValue(1);
    assertThat(exposure.atOnce()).hasValue(1);
    assertThat(exposure.hourly().orElseThrow().why())
        .isEqualTo(
            "2 at one time, each on the dearest node; its deadline holds for all attempts"
                + " together");
    assertThat(elsewhere(estimate))
        .containsExactly("its pods run on nodes, which are billed at their pool");
  }

  @Test
  void aDeadlineOfItsPodsHoldsForEach() {
    Estimate estimate =
        withPools(
            JOB,
            "spec: {backoffLimit: 3, completions: 2, parallelism: 2, template: {spec:"
                + " {activeDeadlineSeconds: 3600}}}");
    assertThat(jobUsd(estimate)).isCloseTo((2 + 3) * 0.54, EXACT);
  }

  @Test
  void withoutABackoffLimitThereAreSixRetries() {
    Estimate estimate = withPools(JOB, "spec: {template: {spec: {activeDeadlineSeconds: 3600}}}");
    assertThat(job(estimate).attempts()).hasValue(7);
  }

  @Test
  void withoutADeadlineNothingBoundsIt() {
    assertThat(job(withPools(JOB, "spec: {backoffLimit: 3}")).usd()).isEmpty();
  }

  @Test
  void aCronJobMayOverlapUnlessThatIsForbidden() {
    String spec = "jobTemplate: {spec: {activeDeadlineSeconds: 3600}}";
    assertThat(job(withPools("kubernetes:batch/v1:CronJob", "spec: {" + spec + "}")).atOnce())
        .isEmpty();
    JobExposure forbidden =
        job(
            withPools(
                "kubernetes:batch/v1:CronJob", "spec: {concurrencyPolicy: Forbid, " + spec + "}"));
    assertThat(forbidden.atOnce()).hasValue(1);
    assertThat(forbidden.timeout()).contains(Duration.ofHours(1));
  }

  @Test
  void aDistributedJobRunsOnANodeForEachReplica() {
    Estimate estimate =
        withPools(
            "kubernetes:kubeflow.org/v1:PyTorchJob",
            "spec: {runPolicy: {activeDeadlineSeconds: 3600}, pytorchReplicaSpecs: {Master:"
                + " {replicas: 1}, Worker: {replicas: 3}}}");
    assertThat(jobUsd(estimate)).isCloseTo(4 * 0.54, EXACT);
  }

  @Test
  void withoutNodesItsCostIsNotKnown() {
    Estimate estimate = estimate(resource(JOB, "job", "spec: {activeDeadlineSeconds: 3600}"));
    assertThat(notPriced(estimate))
        .containsExactly("what a job costs: the nodes of its cluster are not in this graph");
    assertThat(job(estimate).usd()).isEmpty();
    assertThat(job(estimate).timeout()).contains(Duration.ofHours(1));
  }

  @Test
  void aPoolWithoutAPriceMayBeTheDearest() {
    Estimate estimate =
        estimate(
            POOLS[0],
            resource(
                "gcp:container/nodePool:NodePool",
                "strange",
                "location: us-central1-a, nodeConfig: {machineType: z9-ultra}"),
            resource(JOB, "job", "spec: {activeDeadlineSeconds: 3600}"));
    assertThat(notPriced(estimate))
        .contains(
            "what a job costs: nodes of strange have no price (no source for z9-ultra in"
                + " us-central1)");
    assertThat(job(estimate).usd()).isEmpty();
  }

  @Test
  void nodesOfEveryCloudCount() {
    Estimate estimate =
        estimate(
            resource(
                "azure-native:containerservice:ManagedCluster",
                "aks",
                "location: eastus, agentPoolProfiles: [{vmSize: Standard_D4s_v5, count: 1}]"),
            resource(
                "aws:eks/nodeGroup:NodeGroup",
                "eks",
                "instanceTypes: [m5.large, g5.xlarge], scalingConfig: {minSize: 0, maxSize: 1}"),
            resource(JOB, "job", "spec: {activeDeadlineSeconds: 3600}"));
    assertThat(jobUsd(estimate)).isCloseTo(1.00, EXACT);
  }

  @Test
  void whatIsNotKnownIsNotPriced() {
    assertThat(notPriced(withPools(JOB, "spec: {activeDeadlineSeconds: " + UNKNOWN + "}")))
        .containsExactly("activeDeadlineSeconds is known only when deployed");
  }
}
