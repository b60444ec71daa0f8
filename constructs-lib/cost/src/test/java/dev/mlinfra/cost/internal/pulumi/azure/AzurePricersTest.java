package dev.mlinfra.cost.internal.pulumi.azure;

import static dev.mlinfra.cost.internal.pulumi.Graphs.UNKNOWN;
import static dev.mlinfra.cost.internal.pulumi.Graphs.elsewhere;
import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expectUnbounded;
import static dev.mlinfra.cost.internal.pulumi.Graphs.free;
import static dev.mlinfra.cost.internal.pulumi.Graphs.line;
import static dev.mlinfra.cost.internal.pulumi.Graphs.linkedTo;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import org.junit.jupiter.api.Test;

class AzurePricersTest {
  private static final String DISKS = "no source for OS disks of its nodes: managed disks of Azure";

  private static Estimate one(String type, String inputs) {
    return estimate(resource(type, "one", inputs));
  }

  @Test
  void aMachineRunsAllMonthAndItsDiskHasNoSource() {
    Estimate estimate =
        one(
            "azure-native:compute/v20230901:VirtualMachine",
            "location: West Europe, hardwareProfile: {vmSize: Standard_NC4as_T4_v3}");
    expect(estimate, "Standard_NC4as_T4_v3", 730 * 0.60, 730 * 0.60);
    assertThat(notPriced(estimate))
        .containsExactly("no source for its OS disk: managed disks of Azure");
  }

  @Test
  void theClassicPackageIsReadToo() {
    Estimate estimate =
        one(
            "azure:compute/linuxVirtualMachine:LinuxVirtualMachine",
            "location: eastus, size: Standard_D4s_v5, priority: Spot");
    expect(estimate, "Standard_D4s_v5 spot", 730 * 0.05, 730 * 0.20);
  }

  @Test
  void theLocationOfTheResourceGroupCounts() {
    String group = "azure-native:resources:ResourceGroup";
    Estimate estimate =
        estimate(
            resource(group, "group", "location: westeurope"),
            resource(
                "azure-native:compute:VirtualMachine",
                "one",
                "resourceGroupName: "
                    + UNKNOWN
                    + ", hardwareProfile: {vmSize: Standard_NC4as_T4_v3}",
                linkedTo("resourceGroupName", group, "group")));
    expect(estimate, "Standard_NC4as_T4_v3", 730 * 0.60, 730 * 0.60);
  }

  @Test
  void windowsHasNoSource() {
    String windows = "no source for machines with Windows";
    assertThat(
            notPriced(
                one(
                    "azure-native:compute:VirtualMachine",
                    "hardwareProfile: {vmSize: Standard_D4s_v5}, osProfile: {windowsConfiguration:"
                        + " {provisionVMAgent: true}}")))
        .contains(windows);
    assertThat(
            notPriced(
                one(
                    "azure:compute/windowsVirtualMachine:WindowsVirtualMachine",
                    "size: Standard_D4s_v5")))
        .contains(windows);
  }

  @Test
  void aScaleSetHasItsCapacityOfMachines() {
    Estimate estimate =
        one(
            "azure-native:compute:VirtualMachineScaleSet",
            "location: eastus, sku: {name: Standard_D4s_v5, capacity: 3}");
    expect(estimate, "Standard_D4s_v5", 3 * 730 * 0.20, 3 * 730 * 0.20);
  }

  @Test
  void anAutoscaleSettingBoundsAScaleSet() {
    String set = "azure-native:compute:VirtualMachineScaleSet";
    Estimate estimate =
        estimate(
            resource(set, "set", "location: eastus, sku: {name: Standard_D4s_v5, capacity: 3}"),
            resource(
                "azure-native:insights:AutoscaleSetting",
                "scale",
                "profiles: [{capacity: {minimum: '2', maximum: '4'}}, {capacity: {minimum: '1',"
                    + " maximum: '6'}}]",
                linkedTo("targetResourceUri", set, "set")));
    expect(estimate, "Standard_D4s_v5", 730 * 0.20, 6 * 730 * 0.20);
    assertThat(elsewhere(estimate)).containsExactly("billed at what it scales");
  }

  @Test
  void aClusterPaysForItsTierAndItsPools() {
    Estimate estimate =
        one(
            "azure-native:containerservice:ManagedCluster",
            "location: eastus, sku: {name: Base, tier: Standard}, agentPoolProfiles: [{name: a,"
                + " vmSize: Standard_D4s_v5, count: 2}, {name: b, vmSize: Standard_NC4as_T4_v3,"
                + " enableAutoScaling: true, minCount: 0, maxCount: 3}]");
    expect(estimate, "control plane", 73, 73);
    expect(estimate, "Standard_D4s_v5", 2 * 730 * 0.20, 2 * 730 * 0.20);
    expect(estimate, "Standard_NC4as_T4_v3", 0, 3 * 730 * 0.50);
    assertThat(notPriced(estimate)).containsExactly(DISKS, DISKS);
  }

  @Test
  void theFreeTierIsFreeAndThePremiumOneHasNoSource() {
    String type = "azure-native:containerservice:ManagedCluster";
    assertThat(free(one(type, "location: eastus")))
        .containsExactly("the Free tier has no charge for the control plane");
    assertThat(notPriced(one(type, "sku: {tier: Premium}")))
        .containsExactly("no source for the Premium tier of AKS");
  }

  @Test
  void aClusterOfTheClassicPackageHasADefaultPool() {
    Estimate estimate =
        one(
            "azure:containerservice/kubernetesCluster:KubernetesCluster",
            "location: eastus, defaultNodePool: {vmSize: Standard_D4s_v5, nodeCount: 1}");
    expect(estimate, "Standard_D4s_v5", 730 * 0.20, 730 * 0.20);
  }

  @Test
  void aPoolForTrainingRunsForItsHours() {
    Estimate estimate =
        one(
            "azure-native:containerservice:AgentPool",
            "vmSize: Standard_D4s_v5, enableAutoScaling: true, minCount: 0, maxCount: 2,"
                + " scaleSetPriority: Spot, osDiskType: Ephemeral, tags: {workload: training}");
    expect(estimate, "Standard_D4s_v5 spot", 40 * 0.05, 2 * 730 * 0.20);
    assertThat(estimate.explained()).isEmpty();
  }

  @Test
  void aPoolThatCannotBeReadIsNotPriced() {
    String type = "azure-native:containerservice:AgentPool";
    assertThat(notPriced(one(type, "count: 1"))).contains("vmSize is missing");
    assertThat(notPriced(one(type, "vmSize: Standard_D4s_v5, enableAutoScaling: true")))
        .contains("maxCount is missing");
    assertThat(notPriced(one(type, "vmSize: Standard_D4s_v5, osType: Windows")))
        .contains("no source for machines with Windows");
  }

  @Test
  void aComputeClusterScales() {
    Estimate estimate =
        one(
            "azure-native:machinelearningservices/v20230401:Compute",
            "location: eastus, tags: {workload: training}, properties: {computeType: AmlCompute,"
                + " properties: {vmSize: Standard_NC4as_T4_v3, scaleSettings: {minNodeCount: 0,"
                + " maxNodeCount: 4}}}");
    expect(estimate, "Standard_NC4as_T4_v3", 40 * 0.50, 4 * 730 * 0.50);
  }

  @Test
  void aComputeInstanceRunsAllMonth() {
    expect(
        one(
            "azure-native:machinelearningservices:Compute",
            "location: eastus, properties: {computeType: ComputeInstance, properties: {vmSize:"
                + " Standard_D4s_v5}}"),
        "Standard_D4s_v5",
        730 * 0.20,
        730 * 0.20);
  }

  @Test
  void computeOfOtherKindsIsBilledThereOrUnknown() {
    String type = "azure-native:machinelearningservices:Compute";
    assertThat(elsewhere(one(type, "properties: {computeType: Kubernetes}"))).hasSize(1);
    assertThat(elsewhere(one(type, "properties: {computeType: VirtualMachine}"))).hasSize(1);
    assertThat(notPriced(one(type, "properties: {computeType: Databricks}")))
        .containsExactly("no rule for compute of type Databricks");
    assertThat(notPriced(one(type, "properties: {computeType: AmlCompute}")))
        .containsExactly("scaleSettings.maxNodeCount is missing");
  }

  @Test
  void aDeploymentWaitsAllMonth() {
    String type = "azure-native:machinelearningservices:OnlineDeployment";
    expect(
        one(
            type,
            "location: eastus, sku: {name: Default, capacity: 2}, onlineDeploymentProperties:"
                + " {endpointComputeType: Managed, instanceType: Standard_D4s_v5}"),
        "Standard_D4s_v5",
        2 * 730 * 0.20,
        2 * 730 * 0.20);
    assertThat(
            elsewhere(one(type, "onlineDeploymentProperties: {endpointComputeType: Kubernetes}")))
        .containsExactly("billed at the nodes of its cluster");
  }

  @Test
  void aStorageAccountHoldsTheEnvironmentsData() {
    Estimate hot =
        one(
            "azure-native:storage:StorageAccount",
            "location: eastus, sku: {name: Standard_LRS}, accessTier: Hot");
    expectUnbounded(hot, "storage", 100 * 0.02);
    assertThat(line(hot, "storage").expected().price().region()).isEqualTo("westus");
    expectUnbounded(
        one("azure:storage/account:Account", "accountReplicationType: LRS, accessTier: Cool"),
        "storage",
        100 * 0.01);
    assertThat(notPriced(one("azure-native:storage:StorageAccount", "sku: {name: Standard_GRS}")))
        .containsExactly("no source for blobs in Hot GRS");
  }

  @Test
  void aRegistryIsBilledByTheDay() {
    expect(
        one("azure-native:containerregistry:Registry", "location: eastus, sku: {name: Basic}"),
        "Basic registry",
        730 / 24.0 * 0.16,
        730 / 24.0 * 0.16);
    assertThat(notPriced(one("azure:containerservice/registry:Registry", "sku: Premium")))
        .containsExactly("no source for Premium in eastus");
  }

  @Test
  void aWorkspaceIsFree() {
    assertThat(free(one("azure-native:machinelearningservices:Workspace", "location: eastus")))
        .containsExactly("what belongs to it is billed on its own");
  }
}
