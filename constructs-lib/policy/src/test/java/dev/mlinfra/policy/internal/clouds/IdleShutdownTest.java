package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdleShutdownTest {

  @Test
  void compliantWhenItStopsOrScales() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:machinelearningservices:Compute",
                        "notebook",
                        "properties: {computeType: ComputeInstance, properties: {idleTimeBeforeShutdown: PT60M}}"),
                    resource(
                        "azure-native:machinelearningservices:Compute",
                        "cluster",
                        "properties: {computeType: AmlCompute, properties: {scaleSettings: {minNodeCount: 0}}}"),
                    resource(
                        "gcp:container/nodePool:NodePool",
                        "gpu",
                        "nodeConfig: {machineType: g2-standard-4}, autoscaling: {minNodeCount: 0}"),
                    resource(
                        "azure-native:containerservice:AgentPool",
                        "aks",
                        "vmSize: Standard_NC4as_T4_v3, enableAutoScaling: true, minCount: 0"))))
        .containsExactly(
            "COMPLIANT notebook properties.properties.idleTimeBeforeShutdown",
            "COMPLIANT cluster properties.properties.scaleSettings.minNodeCount",
            "COMPLIANT gpu autoscaling.minNodeCount",
            "COMPLIANT aks minCount");
  }

  @Test
  void compliantWithASchedule() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:machinelearningservices:Compute",
                        "notebook",
                        "properties: {computeType: ComputeInstance, properties: {schedules: {computeStartStop: [{action: Stop}]}}}"))))
        .containsExactly("COMPLIANT notebook properties.properties.idleTimeBeforeShutdown");
  }

  @Test
  void violatedByWhatRunsOn() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:machinelearningservices:Compute",
                        "notebook",
                        "properties: {computeType: ComputeInstance}"),
                    resource(
                        "azure-native:machinelearningservices:Compute",
                        "cluster",
                        "properties: {computeType: AmlCompute, properties: {scaleSettings: {minNodeCount: 1}}}"))))
        .containsExactly(
            "VIOLATED notebook properties.properties.idleTimeBeforeShutdown: runs on when its owner has gone home",
            "VIOLATED cluster properties.properties.scaleSettings.minNodeCount: keeps nodes that wait for jobs");
  }

  @Test
  void violatedByAcceleratorsThatStay() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:container/nodePool:NodePool",
                        "fixed",
                        "nodeConfig: {machineType: a2-highgpu-1g}, nodeCount: 2"),
                    resource(
                        "gcp:container/nodePool:NodePool",
                        "least",
                        "nodeConfig: {guestAccelerators: [{type: nvidia-tesla-t4}]}, autoscaling: {totalMinNodeCount: 1}"),
                    resource(
                        "azure-native:containerservice:AgentPool",
                        "aks",
                        "vmSize: Standard_NC4as_T4_v3, count: 1"),
                    resource(
                        "azure-native:containerservice:ManagedCluster",
                        "cluster",
                        "agentPoolProfiles: [{vmSize: Standard_D2s_v3}, {vmSize: standard_nc24ads_a100_v4, enableAutoScaling: true, minCount: 1}]"))))
        .containsExactly(
            "VIOLATED fixed autoscaling.minNodeCount: keeps accelerators that nobody uses",
            "VIOLATED least autoscaling.minNodeCount: keeps accelerators that nobody uses",
            "VIOLATED aks count: keeps accelerators that nobody uses",
            "VIOLATED cluster agentPoolProfiles[1].minCount: keeps accelerators that nobody uses");
  }

  @Test
  void violatedByAnEndpoint() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:machinelearningservices:OnlineDeployment",
                        "serve",
                        "onlineDeploymentProperties: {endpointComputeType: Managed}"))))
        .containsExactly(
            "VIOLATED serve onlineDeploymentProperties.endpointComputeType: waits for requests day and night where all work is done in batches");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:machinelearningservices:Compute",
                        "notebook",
                        "properties: " + UNKNOWN + ""),
                    resource(
                        "gcp:container/nodePool:NodePool", "gpu", "nodeConfig: " + UNKNOWN + ""),
                    resource(
                        "azure-native:containerservice:AgentPool",
                        "aks",
                        "vmSize: " + UNKNOWN + ""))))
        .containsExactly(
            "UNDECIDED notebook properties.computeType: is known only when deployed",
            "UNDECIDED gpu nodeConfig.machineType: is known only when deployed",
            "UNDECIDED aks vmSize: is known only when deployed");
  }

  @Test
  void notApplicableWithoutAccelerators() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:container/nodePool:NodePool",
                        "cpu",
                        "nodeConfig: {machineType: e2-standard-4}"),
                    resource(
                        "azure-native:containerservice:AgentPool",
                        "aks",
                        "vmSize: Standard_D2s_v3"))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new IdleShutdown(), model);
  }

  @Test
  void notApplicableWhereUsersWait() {
    Model model =
        PulumiStates.of(
            resource(
                "gcp:container/nodePool:NodePool",
                "gpu",
                "nodeConfig: {machineType: g2-standard-4}"),
            resource(
                "azure-native:containerservice:AgentPool", "aks", "vmSize: Standard_NC4as_T4_v3"));

    assertThat(Checks.of(new IdleShutdown(), model, Map.of("test", Pattern.REALTIME))).isEmpty();
  }
}
