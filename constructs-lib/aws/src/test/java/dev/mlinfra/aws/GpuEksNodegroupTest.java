package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.aws.NodeCapacity.Kind;
import dev.mlinfra.aws.internal.NodeImages;
import dev.mlinfra.aws.internal.NodegroupRules;
import dev.mlinfra.core.NetworkSettings.Egress;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.InstanceTypes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.eks_v2.Cluster;
import software.amazon.awscdk.services.eks_v2.DefaultCapacityType;
import software.amazon.awscdk.services.eks_v2.KubernetesVersion;
import software.amazon.awscdk.services.eks_v2.NodegroupOptions;
import tools.jackson.databind.JsonNode;

class GpuEksNodegroupTest {
  /**
   * What EKS documents of its accelerated AMIs (docs.aws.amazon.com/eks/latest/userguide, "Use
   * EKS-optimized accelerated AMIs for GPU instances", and the AMI types of the API's
   * CreateNodegroup; 2026-11-24): one image for NVIDIA GPUs with x86 processors, one with ARM ones,
   * one for Neuron.
   */
  private static final Map<String, Set<String>> DOCUMENTED =
      Map.of(
          "AL2023_x86_64_NVIDIA",
          Set.of(
              "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "g4dn", "g5",
              "g6", "g6e", "g6f", "gr6", "gr6f", "g7", "g7e"),
          "AL2023_ARM_64_NVIDIA",
          Set.of("g5g", "p6e-gb200"),
          "AL2023_x86_64_NEURON",
          Set.of("inf1", "inf2", "trn1", "trn1n", "trn2"));

  private final TestStack stack = new TestStack();

  private GpuEksNodegroupProps.Builder props(String... types) {
    return GpuEksNodegroupProps.builder()
        .cluster(existing(Egress.NAT))
        .instanceTypes(List.of(types))
        .max(5)
        .purpose("training");
  }

  private IMlCluster existing(Egress egress) {
    return MlCluster.fromExisting(
        ExistingClusterProps.builder()
            .clusterName("ml-agent-dev")
            .network(
                new MlNetwork(
                    stack.scope(),
                    "Network" + stack.scope().getNode().getChildren().size(),
                    MlNetworkProps.builder()
                        .egress(egress)
                        .addAvailabilityZones("us-east-1a", "us-east-1b")
                        .build()))
            .securityGroupId("sg-0123456789abcdef0")
            .build());
  }

  private GpuEksNodegroup nodes(GpuEksNodegroupProps.Builder props) {
    return new GpuEksNodegroup(stack.scope(), "Nodes", props.build());
  }

  private JsonNode group() {
    return stack.properties("AWS::EKS::Nodegroup");
  }

  private JsonNode launchTemplate() {
    return stack.properties("AWS::EC2::LaunchTemplate").path("LaunchTemplateData");
  }

  /** The first size of a family that is known, or one that stands for all. */
  private static String type(String family) {
    return InstanceTypes.bundled().all().stream()
        .filter(it -> it.provider().equals("aws") && it.type().startsWith(family + "."))
        .map(it -> it.type())
        .sorted()
        .findFirst()
        .orElse(family + ".48xlarge");
  }

  static Stream<Arguments> matrix() {
    return DOCUMENTED.entrySet().stream()
        .flatMap(
            image ->
                image.getValue().stream()
                    .flatMap(
                        family ->
                            Stream.of(NodeCapacity.spot(), NodeCapacity.onDemand())
                                .map(it -> Arguments.of(family, it, image.getKey()))));
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void everyFamilyHasItsImageTaintAndDisk(String family, NodeCapacity capacity, String image) {
    nodes(props(type(family)).capacity(capacity));

    JsonNode group = group();
    assertThat(group.path("AmiType").asString()).isEqualTo(image);
    assertThat(group.path("CapacityType").asString()).isEqualTo(capacity.kind().name());
    assertThat(TestStack.texts(group.path("InstanceTypes"))).containsExactly(type(family));
    boolean neuron = image.endsWith("NEURON");
    assertThat(group.at("/Taints/0/Key").asString())
        .isEqualTo(neuron ? "aws.amazon.com/neuron" : "nvidia.com/gpu");
    assertThat(group.at("/Taints/0/Effect").asString()).isEqualTo("NO_SCHEDULE");
    assertThat(group.path("Labels").has("nvidia.com/gpu.present")).isEqualTo(!neuron);
    assertThat(group.at("/ScalingConfig/MinSize").asInt()).isZero();
    assertThat(group.at("/NodeRepairConfig/Enabled").asBoolean()).isTrue();
    assertThat(launchTemplate().at("/BlockDeviceMappings/0/Ebs/VolumeSize").asInt())
        .isGreaterThanOrEqualTo(100);
  }

  /** The catalogue of fleets and that of nodes know the same families. */
  @Test
  void everyFamilyOfTheCatalogueIsDecided() {
    Set<String> documented =
        DOCUMENTED.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    Set<String> without = new TreeSet<>();
    NodeImages.all().stream()
        .filter(it -> it.ami().isEmpty())
        .forEach(
            it -> {
              assertThat(it.reason()).as(it.family()).isNotBlank();
              assertThat(documented).as(it.family()).contains(it.replacement());
              without.add(it.family());
            });

    assertThat(Accelerator.all())
        .extracting(Accelerator::family)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(documented.stream(), without.stream()).toList());
  }

  /**
   * The reason for this construct: what the node group of the CDK makes of the families. When it
   * learns one this fails, and the table below becomes shorter.
   */
  @Test
  void theNodeGroupOfTheCdkIsWrongForSomeFamilies() {
    Map<String, String> wrong = new TreeMap<>();
    DOCUMENTED.forEach(
        (image, families) ->
            families.stream()
                .filter(family -> !image.equals(ofTheCdk(family)))
                .forEach(family -> wrong.put(family, ofTheCdk(family))));

    wrong.forEach((family, image) -> System.out.printf("  aws-eks-v2, %-10s %s%n", family, image));
    assertThat(wrong).containsKeys("p5", "p5e", "p5en", "g7e", "g6f", "gr6", "p6-b200", "trn2");
  }

  private static String ofTheCdk(String family) {
    TestStack stack = new TestStack();
    try {
      Cluster.Builder.create(stack.scope(), "Cluster")
          .version(KubernetesVersion.of("1.34"))
          .vpc(Vpc.Builder.create(stack.scope(), "Vpc").natGateways(0).maxAzs(2).build())
          .vpcSubnets(List.of(SubnetSelection.builder().subnetType(SubnetType.PUBLIC).build()))
          .defaultCapacityType(DefaultCapacityType.NODEGROUP)
          .defaultCapacity(0)
          .build()
          .addNodegroupCapacity(
              "Nodes",
              NodegroupOptions.builder()
                  .instanceTypes(List.of(new InstanceType(type(family))))
                  .subnets(SubnetSelection.builder().subnetType(SubnetType.PUBLIC).build())
                  .build());
      return stack.properties("AWS::EKS::Nodegroup").path("AmiType").asString();
    } catch (RuntimeException e) {
      return "refused";
    }
  }

  @Test
  void nodesAreHardenedAndTaggedToTheirInterfaces() {
    stack.tagged("training");
    nodes(props("g5.2xlarge"));

    JsonNode data = launchTemplate();
    assertThat(data.at("/MetadataOptions/HttpTokens").asString()).isEqualTo("required");
    assertThat(data.at("/MetadataOptions/HttpPutResponseHopLimit").asInt()).isEqualTo(1);
    assertThat(data.at("/BlockDeviceMappings/0/Ebs/Encrypted").asBoolean()).isTrue();
    assertThat(data.path("TagSpecifications"))
        .extracting(it -> it.path("ResourceType").asString())
        .containsExactly("instance", "volume", "network-interface");
    assertThat(data.path("TagSpecifications"))
        .allSatisfy(it -> assertThat(it.path("Tags").toString()).contains("cost-center"));
    assertThat(data.path("NetworkInterfaces").path(0).has("AssociatePublicIpAddress")).isFalse();
    assertThat(data.path("Placement").isMissingNode()).isTrue();
  }

  @Test
  void manyMachinesOfOneJobAreCloseToEachOther() {
    nodes(props("p5.48xlarge").multiNode(true));

    JsonNode data = launchTemplate();
    assertThat(data.path("NetworkInterfaces")).hasSize(32);
    assertThat(data.path("NetworkInterfaces"))
        .allSatisfy(it -> assertThat(it.path("InterfaceType").asString()).isEqualTo("efa"));
    assertThat(data.at("/Placement/GroupName").isMissingNode()).isFalse();
    assertThat(group().path("Subnets")).hasSize(1);
    assertThat(stack.types())
        .contains("AWS::EC2::PlacementGroup", "AWS::EC2::SecurityGroupIngress");
  }

  @Test
  void aCapacityBlockIsBoughtByItsReservation() {
    nodes(props("p5.48xlarge").capacity(NodeCapacity.block("cr-0123456789abcdef0")));

    assertThat(group().path("CapacityType").asString()).isEqualTo(Kind.CAPACITY_BLOCK.name());
    assertThat(group().path("InstanceTypes").isMissingNode()).isTrue();
    assertThat(launchTemplate().path("InstanceType").asString()).isEqualTo("p5.48xlarge");
    assertThat(launchTemplate().at("/InstanceMarketOptions/MarketType").asString())
        .isEqualTo("capacity-block");
    assertThat(launchTemplate().path("CapacityReservationSpecification").toString())
        .contains("cr-0123456789abcdef0");
  }

  @Test
  void spotOnFewTypesWarns() {
    nodes(props("g5.xlarge").capacity(NodeCapacity.spot()));

    assertThat(stack.warnings()).singleElement().asString().contains("mlinfra::nodegroup.spread");
  }

  @Test
  void spotOnFourTypesDoesNot() {
    nodes(
        props("g5.xlarge", "g5.2xlarge", "g5.4xlarge", "g5.8xlarge").capacity(NodeCapacity.spot()));

    assertThat(stack.warnings()).isEmpty();
  }

  @Test
  void machinesWithoutAcceleratorHaveTheStandardImageAndNoTaint() {
    nodes(props("m6i.large").diskGb(30));

    assertThat(group().path("AmiType").asString()).isEqualTo("AL2023_x86_64_STANDARD");
    assertThat(group().path("Taints").isMissingNode()).isTrue();
  }

  @Test
  void withPublicAddressesNodesHaveOne() {
    nodes(props("g5.xlarge").cluster(existing(Egress.PUBLIC_IP)));

    assertThat(launchTemplate().at("/NetworkInterfaces/0/AssociatePublicIpAddress").asBoolean())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "g4ad.xlarge | its GPU is AMD's",
        "moon.large | given 'moon.large'; allowed: types that are known",
      })
  void refusesTypesWithoutAnImage(String type, String message) {
    assertThatThrownBy(() -> nodes(props(type)))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("GpuEksNodegroup 'Test/Nodes'")
        .hasMessageContaining(message);
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                nodes(
                    props("g5.xlarge")
                        .min(-1)
                        .max(1000)
                        .diskGb(50)
                        .multiNode(true)
                        .purpose("Training!")
                        .capacity(NodeCapacity.block("block"))))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("min: given -1")
        .hasMessageContaining("max: given 1000")
        .hasMessageContaining("diskGb: given 50; allowed: 100 to")
        .hasMessageContaining("multiNode: given true")
        .hasMessageContaining("purpose: given 'Training!'")
        .hasMessageContaining("capacity: given reservation 'block'");
  }

  @Test
  void refusesTypesThatDiffer() {
    assertThat(problems(props("g5.xlarge", "g6.xlarge"))).contains("different accelerators");
    assertThat(problems(props("g5.xlarge", "g5g.xlarge"))).contains("different images");
    assertThat(problems(props("g5.xlarge", "g5.xlarge"))).contains("each type once");
    assertThat(problems(props())).contains("given none");
    assertThat(
            problems(
                props("p5.48xlarge", "p5.4xlarge")
                    .capacity(NodeCapacity.block("cr-0123456789abcdef0"))))
        .contains("the one type that is reserved");
  }

  private static String problems(GpuEksNodegroupProps.Builder props) {
    return NodegroupRules.problems(props.build()).toString();
  }
}
