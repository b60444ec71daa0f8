package dev.mlinfra.aws;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.aws.internal.ClusterRules;
import dev.mlinfra.aws.internal.KubernetesVersions;
import dev.mlinfra.core.NetworkSettings.Egress;
import dev.mlinfra.core.ValidationException;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import tools.jackson.databind.JsonNode;

class MlClusterTest {
  private final TestStack stack = new TestStack();

  private MlClusterProps.Builder props() {
    return MlClusterProps.builder().clusterName("ml-agent-dev").network(network());
  }

  private MlNetwork network(String... zones) {
    return new MlNetwork(
        stack.scope(),
        "Network" + stack.scope().getNode().getChildren().size(),
        MlNetworkProps.builder()
            .egress(Egress.NAT)
            .availabilityZones(
                zones.length == 0 ? List.of("us-east-1a", "us-east-1b") : List.of(zones))
            .build());
  }

  private MlCluster cluster(MlClusterProps.Builder props) {
    return new MlCluster(stack.scope(), "Cluster", props.build());
  }

  @Nested
  class ByDefault {
    private final MlCluster cluster = cluster(props());

    @Test
    void letsNobodyInButByItsPrivateEndpoint() {
      JsonNode properties = stack.properties("AWS::EKS::Cluster");

      assertThat(properties.at("/AccessConfig/AuthenticationMode").asString()).isEqualTo("API");
      assertThat(properties.at("/AccessConfig/BootstrapClusterCreatorAdminPermissions").asBoolean())
          .isFalse();
      assertThat(properties.at("/ResourcesVpcConfig/EndpointPrivateAccess").asBoolean()).isTrue();
      assertThat(properties.at("/ResourcesVpcConfig/EndpointPublicAccess").asBoolean()).isFalse();
      assertThat(properties.at("/ResourcesVpcConfig/PublicAccessCidrs").isMissingNode()).isTrue();
      assertThat(stack.types()).doesNotContain("AWS::EKS::AccessEntry");
    }

    @Test
    void encryptsSecretsAndTellsOfEverything() {
      JsonNode properties = stack.properties("AWS::EKS::Cluster");

      assertThat(properties.at("/EncryptionConfig/0/Resources/0").asString()).isEqualTo("secrets");
      assertThat(TestStack.show(properties.at("/EncryptionConfig/0/Provider/KeyArn")))
          .contains("ClusterKey");
      assertThat(
              StreamSupport.stream(
                  properties.at("/Logging/ClusterLogging/EnabledTypes").spliterator(), false))
          .extracting(it -> it.path("Type").asString())
          .containsExactly("api", "audit", "authenticator", "controllerManager", "scheduler");
      assertThat(properties.path("DeletionProtection").asBoolean()).isTrue();
      assertThat(properties.at("/UpgradePolicy/SupportType").asString()).isEqualTo("STANDARD");
      assertThat(cluster.getLogGroups()).hasSize(5);
      assertThat(stack.resources("AWS::Logs::LogGroup").values())
          .extracting(it -> it.at("/Properties/LogGroupName").asString())
          .contains("/aws/eks/ml-agent-dev/cluster")
          .hasSize(5);
    }

    @Test
    void hasTheAddOnsThatEksManages() {
      assertThat(stack.resources("AWS::EKS::Addon").values())
          .extracting(it -> it.at("/Properties/AddonName").asString())
          .containsExactlyInAnyOrder(
              "vpc-cni",
              "coredns",
              "kube-proxy",
              "eks-pod-identity-agent",
              "aws-ebs-csi-driver",
              "aws-efs-csi-driver",
              "aws-mountpoint-s3-csi-driver",
              "metrics-server",
              "amazon-cloudwatch-observability");
      JsonNode network = addon("vpc-cni");
      assertThat(network.at("/Properties/ConfigurationValues").asString())
          .contains("\"enableNetworkPolicy\":\"true\"");
      assertThat(network.at("/Properties/PodIdentityAssociations/0/ServiceAccount").asString())
          .isEqualTo("aws-node");
    }

    @Test
    void startsNodesAfterTheirNetworkAndOtherAddOnsAfterNodes() {
      JsonNode nodes = stack.only("AWS::EKS::Nodegroup");
      assertThat(TestStack.texts(nodes.path("DependsOn")))
          .anyMatch(it -> it.startsWith("ClusterPodNetwork"))
          .anyMatch(it -> it.startsWith("ClusterKubeProxy"))
          .anyMatch(it -> it.startsWith("ClusterPodIdentityAgent"));
      assertThat(TestStack.texts(addon("coredns").path("DependsOn")))
          .anyMatch(it -> it.startsWith("ClusterSystemNodes"));
      assertThat(nodes.at("/Properties/ScalingConfig/MinSize").asInt()).isEqualTo(2);
      assertThat(nodes.at("/Properties/Taints").isMissingNode()).isTrue();
    }

    @Test
    void trustsPodsOfThisClusterAlone() {
      assertThat(stack.resources("AWS::IAM::Role").values())
          .filteredOn(it -> it.toString().contains("pods.eks.amazonaws.com"))
          .hasSize(6)
          .allSatisfy(
              role -> {
                JsonNode statement = role.at("/Properties/AssumeRolePolicyDocument/Statement/0");
                assertThat(TestStack.texts(statement.path("Action")))
                    .containsExactlyInAnyOrder("sts:AssumeRole", "sts:TagSession");
                assertThat(statement.at("/Condition/ArnLike").toString())
                    .contains(":cluster/ml-agent-dev");
              });
      assertThat(stack.resources("AWS::EKS::PodIdentityAssociation").values())
          .extracting(it -> it.at("/Properties/ServiceAccount").asString())
          .containsExactlyInAnyOrder("cluster-autoscaler", "aws-load-balancer-controller");
    }

    @Test
    void warnsOfNothing() {
      assertThat(stack.warnings()).isEmpty();
    }

    private JsonNode addon(String name) {
      return stack.resources("AWS::EKS::Addon").values().stream()
          .filter(it -> it.at("/Properties/AddonName").asString().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void takesWhatIsGiven() {
    Role admin = role("Admin");
    MlCluster cluster =
        cluster(
            props()
                .addPublicCidrs("203.0.113.0/24")
                .addAdmins(admin)
                .deletionProtection(false)
                .rolePath("/ml/"));
    cluster.newPodRole("Jobs", "ml-jobs", "training");
    cluster.newAccess("Submitters", role("Launcher"), "mlinfra:job-submitters");

    JsonNode properties = stack.properties("AWS::EKS::Cluster");
    assertThat(properties.at("/ResourcesVpcConfig/EndpointPublicAccess").asBoolean()).isTrue();
    assertThat(TestStack.texts(properties.at("/ResourcesVpcConfig/PublicAccessCidrs")))
        .containsExactly("203.0.113.0/24");
    assertThat(properties.path("DeletionProtection").asBoolean()).isFalse();
    assertThat(stack.resources("AWS::EKS::AccessEntry").values())
        .anySatisfy(
            entry ->
                assertThat(entry.at("/Properties/AccessPolicies/0/PolicyArn").toString())
                    .contains("AmazonEKSClusterAdminPolicy"))
        .anySatisfy(
            entry ->
                assertThat(TestStack.texts(entry.at("/Properties/KubernetesGroups")))
                    .containsExactly("mlinfra:job-submitters"))
        .hasSize(2);
    assertThat(stack.resources("AWS::EKS::PodIdentityAssociation").values())
        .extracting(it -> it.at("/Properties/Namespace").asString())
        .contains("ml-jobs");
    assertThat(stack.resources("AWS::IAM::Role").values())
        .filteredOn(it -> it.toString().contains("eks.amazonaws.com"))
        .allSatisfy(it -> assertThat(it.at("/Properties/Path").asString()).isEqualTo("/ml/"));
  }

  private Role role(String id) {
    return Role.Builder.create(stack.scope(), id)
        .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
        .build();
  }

  @Test
  void passesTheGateWithNodesAndPods() {
    EveryConstruct.clusters(stack.scope());

    assertThatTemplate(stack.tagged("cluster").scope()).passesGate(FargateBatchTaskTest.gate());
  }

  @Test
  void warnsOfAnEndpointForEverybody() {
    cluster(props().addPublicCidrs("0.0.0.0/0"));

    assertThat(stack.warnings()).singleElement().asString().contains("mlinfra::cluster.endpoint");
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                cluster(
                    MlClusterProps.builder()
                        .clusterName("-dev")
                        .network(network("us-east-1a"))
                        .version("1.12")
                        .addPublicCidrs("10.0.0.300/8", "anywhere")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("MlCluster 'Test/Cluster'")
        .hasMessageContaining("clusterName: given '-dev'; allowed: 1 to 100 letters, digits and -")
        .hasMessageContaining("network: given one with 1 zone; allowed: a network with two zones")
        .hasMessageContaining("version: given '1.12'; allowed: one of ")
        .hasMessageContaining("publicCidrs: given '10.0.0.300/8'; allowed: ranges of IPv4")
        .hasMessageContaining("publicCidrs: given 'anywhere'");
  }

  @Test
  void takesAtMost40RangesOfAddresses() {
    List<String> many =
        java.util.stream.IntStream.range(0, 41).mapToObj(it -> "203.0.113." + it + "/32").toList();

    assertThat(
            ClusterRules.problems(props().publicCidrs(many).build(), LocalDate.parse("2026-11-24")))
        .singleElement()
        .asString()
        .contains("given 41", "at most 40");
  }

  @Test
  void refusesAVersionOutOfStandardSupport() {
    LocalDate after = LocalDate.parse("2027-08-03");

    assertThat(KubernetesVersions.problem("1.36", after.minusDays(1))).isEmpty();
    assertThat(KubernetesVersions.problem("1.36", after))
        .get()
        .asString()
        .contains("standard support ended on 2027-08-02", "0.60 USD/h in place of 0.10");
  }

  @Test
  void warnsWhenStandardSupportEndsSoon() {
    LocalDate last = LocalDate.parse("2027-08-02");

    assertThat(KubernetesVersions.warning("1.36", last.minusDays(61))).isEmpty();
    assertThat(KubernetesVersions.warning("1.36", last.minusDays(60)))
        .get()
        .asString()
        .contains("ends on 2027-08-02");
    assertThat(KubernetesVersions.warning("1.36", last.plusDays(1))).isEmpty();
  }

  @Test
  void versionsAreInOrderAndTheirDatesToo() {
    assertThat(KubernetesVersions.all())
        .hasSizeGreaterThan(3)
        .allSatisfy(
            version -> {
              assertThat(version.released()).isBefore(version.standardUntil());
              assertThat(version.standardUntil()).isBefore(version.extendedUntil());
            })
        .isSortedAccordingTo((one, other) -> one.released().compareTo(other.released()));
  }

  @Test
  void nodesJoinAClusterThatExists() {
    IMlCluster cluster =
        MlCluster.fromExisting(
            ExistingClusterProps.builder()
                .clusterName("theirs")
                .network(network())
                .securityGroupId("sg-0123456789abcdef0")
                .rolePath("/theirs/")
                .build());
    new GpuEksNodegroup(
        stack.scope(),
        "Nodes",
        GpuEksNodegroupProps.builder()
            .cluster(cluster)
            .instanceTypes(List.of("g6.xlarge"))
            .max(3)
            .purpose("training")
            .build());

    assertThat(stack.properties("AWS::EKS::Nodegroup").path("ClusterName").asString())
        .isEqualTo("theirs");
    assertThat(stack.types()).doesNotContain("AWS::EKS::Cluster");
    assertThat(stack.template().toString()).contains("sg-0123456789abcdef0");
  }
}
