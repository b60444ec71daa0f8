package dev.mlinfra.cost.internal.pulumi;

import static dev.mlinfra.cost.internal.pulumi.Graphs.elsewhere;
import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.free;
import static dev.mlinfra.cost.internal.pulumi.Graphs.line;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static dev.mlinfra.cost.internal.pulumi.Graphs.urn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.template.Models;
import org.junit.jupiter.api.Test;

class PulumiPricersTest {
  private static final String POOL = "gcp:container/nodePool:NodePool";
  private static final String MACHINE = "gcp:compute/instance:Instance";

  @Test
  void aTypeWithoutARuleIsNotPriced() {
    assertThat(notPriced(estimate(resource("acme:till/drawer:Drawer", "a", "x: 1"))))
        .containsExactly("no rule for acme:till/drawer:Drawer");
  }

  @Test
  void aComponentIsBilledAtItsChildren() {
    String component =
        "{urn: '%s', type: 'mlinfra:gcp:Pool', custom: false}"
            .formatted(urn("mlinfra:gcp:Pool", "pool"));
    assertThat(elsewhere(estimate(component)))
        .containsExactly("a component: its children are billed");
  }

  @Test
  void theStackAndItsProvidersCostNothing() {
    Estimate estimate =
        estimate(
            resource("pulumi:pulumi:Stack", "stack", ""),
            resource("pulumi:providers:gcp", "default", "region: us-central1"));
    assertThat(estimate.explained())
        .extracting(Explained::reason)
        .containsExactly(Explained.Reason.ELSEWHERE, Explained.Reason.FREE);
  }

  @Test
  void whatIsOnlyLookedUpIsBilledElsewhere() {
    assertThat(
            elsewhere(
                estimate(resource(MACHINE, "a", "machineType: n1-standard-4", "external: true"))))
        .containsExactly("only looked up: it is billed where it is made");
  }

  @Test
  void anyVersionOfAnApiIsTheSame() {
    assertThat(PulumiTypes.plain("azure-native:storage/v20230101:StorageAccount"))
        .isEqualTo("azure-native:storage:StorageAccount");
    assertThat(PulumiTypes.plain("azure-native_storage_v20230101:storage:StorageAccount"))
        .isEqualTo("azure-native:storage:StorageAccount");
    assertThat(PulumiTypes.plain("google-native:compute/beta:Instance"))
        .isEqualTo("google-native:compute:Instance");
    assertThat(PulumiTypes.plain("kubernetes:rbac.authorization.k8s.io/v1:Role"))
        .isEqualTo("kubernetes:rbac.authorization.k8s.io:Role");
    assertThat(PulumiTypes.plain("mlinfra-runpod:index:Pod")).isEqualTo("runpod:Pod");
    assertThat(PulumiTypes.plain("runpod:index/pod:Pod")).isEqualTo("runpod:Pod");
    assertThat(PulumiTypes.plain(MACHINE)).isEqualTo(MACHINE);
  }

  @Test
  void theRegionOfTheProviderCountsWhereNothingElseTells() {
    String provider = "pulumi:providers:gcp";
    Estimate estimate =
        estimate(
            resource(provider, "default", "region: europe-west4"),
            resource(
                MACHINE,
                "a",
                "machineType: n1-standard-4, bootDisk: {source: b}",
                "provider: '%s::some-id'".formatted(urn(provider, "default"))));
    expect(estimate, "n1-standard-4", 730 * 0.20, 730 * 0.20);
  }

  @Test
  void aRegionWithoutAPriceTakesThatOfAnotherAndThePriceSaysSo() {
    Estimate estimate =
        estimate(
            resource(
                MACHINE,
                "a",
                "machineType: n1-standard-8, zone: asia-east1-a, bootDisk: {source: b}"));
    assertThat(line(estimate, "n1-standard-8").expected().price().region())
        .isEqualTo("us-central1");
  }

  @Test
  void eachCloudWritesItsRegionsInItsOwnWay() {
    assertThat(Cloud.GCP.region("projects/p/zones/us-central1-a")).isEqualTo("us-central1");
    assertThat(Cloud.GCP.region("US-CENTRAL1")).isEqualTo("us-central1");
    assertThat(Cloud.AZURE.region("West Europe")).isEqualTo("westeurope");
    assertThat(Cloud.AWS.region("eu-west-1b")).isEqualTo("eu-west-1");
    assertThat(Cloud.AWS.region("eu-west-1")).isEqualTo("eu-west-1");
  }

  @Test
  void aPreviewWithUnknownOutputsIsPricedAsFarAsItIsKnown() {
    String preview =
        """
        {"steps": [
          {"op": "create", "urn": "%1$s", "newState": {"urn": "%1$s", "custom": true,
            "type": "gcp:container/nodePool:NodePool",
            "inputs": {"cluster": "%2$s", "location": "us-central1-a", "nodeCount": 2,
              "nodeConfig": {"machineType": "n1-standard-4", "diskSizeGb": "%2$s",
                "serviceAccount": "[secret]"}}}}]}
        """
            .formatted(urn(POOL, "pool"), Graphs.UNKNOWN);
    Estimate estimate = estimate(Models.parse("preview.json", preview));
    expect(estimate, "n1-standard-4", 2 * 730 * 0.19, 2 * 730 * 0.19);
    assertThat(notPriced(estimate))
        .containsExactly("nodeConfig.diskSizeGb is known only when deployed");
  }

  @Test
  void ordinaryObjectsOfAClusterAreFree() {
    for (String type :
        new String[] {
          "core/v1:Namespace",
          "core/v1:ConfigMap",
          "core/v1:Secret",
          "core/v1:ServiceAccount",
          "rbac.authorization.k8s.io/v1:RoleBinding",
          "networking.k8s.io/v1:NetworkPolicy",
          "policy/v1:PodDisruptionBudget"
        }) {
      assertThat(free(estimate(resource("kubernetes:" + type, "a", "metadata: {name: a}"))))
          .as(type)
          .hasSize(1);
    }
  }

  @Test
  void podsAreBilledAtTheirNodes() {
    for (String type : new String[] {"core/v1:Pod", "apps/v1:Deployment", "apps/v1:DaemonSet"}) {
      assertThat(elsewhere(estimate(resource("kubernetes:" + type, "a", "metadata: {name: a}"))))
          .as(type)
          .containsExactly("its pods run on nodes, which are billed at their pool");
    }
  }

  @Test
  void whatStartsThingsThatAreNotInTheGraphIsNotPriced() {
    assertThat(notPriced(estimate(resource("kubernetes:helm.sh/v3:Release", "a", "chart: b"))))
        .containsExactly("the objects of a Helm release are not in the graph");
    assertThat(notPriced(estimate(resource("kubernetes:karpenter.sh/v1:NodePool", "a", "x: 1"))))
        .containsExactly("starts machines that are not in the graph");
    assertThat(notPriced(estimate(resource("gcp:vertex/aiEndpoint:AiEndpoint", "a", "x: 1"))))
        .containsExactly(
            "models on it are billed by their machines, which are not in this graph, and Vertex AI"
                + " has no source");
  }

  @Test
  void whatPermitsCostsNothing() {
    for (String type :
        new String[] {
          "gcp:storage/bucketIAMMember:BucketIAMMember",
          "gcp:serviceaccount/account:Account",
          "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
          "gcp:compute/subnetwork:Subnetwork",
          "azure-native:authorization:RoleAssignment",
          "azure-native:managedidentity/v20230131:UserAssignedIdentity",
          "azure-native:network:VirtualNetwork"
        }) {
      assertThat(free(estimate(resource(type, "a", "x: 1")))).as(type).hasSize(1);
    }
  }
}
