package dev.mlinfra.aws;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.NetworkSettings.Egress;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Acknowledgement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import tools.jackson.databind.JsonNode;

class FargateServiceTest {
  private final TestStack stack = new TestStack();

  @Test
  void byDefaultItScalesOnTheCpuAndRollsBack() {
    FargateService made = service(Egress.PUBLIC_IP, FargateServiceProps.builder());

    JsonNode service = stack.properties("AWS::ECS::Service");
    assertThat(service.path("DesiredCount").asInt()).isEqualTo(1);
    assertThat(service.at("/DeploymentConfiguration/DeploymentCircuitBreaker/Rollback").asBoolean())
        .isTrue();
    assertThat(service.at("/DeploymentConfiguration/DeploymentCircuitBreaker/Enable").asBoolean())
        .isTrue();
    assertThat(service.path("PropagateTags").asString()).isEqualTo("SERVICE");
    assertThat(service.path("EnableECSManagedTags").asBoolean()).isTrue();
    assertThat(service.path("CapacityProviderStrategy")).hasSize(1);
    JsonNode target = stack.properties("AWS::ApplicationAutoScaling::ScalableTarget");
    assertThat(target.path("MinCapacity").asInt()).isEqualTo(1);
    assertThat(target.path("MaxCapacity").asInt()).isEqualTo(2);
    JsonNode tracking =
        stack
            .properties("AWS::ApplicationAutoScaling::ScalingPolicy")
            .path("TargetTrackingScalingPolicyConfiguration");
    assertThat(tracking.path("TargetValue").asInt()).isEqualTo(60);
    assertThat(tracking.at("/PredefinedMetricSpecification/PredefinedMetricType").asString())
        .isEqualTo("ECSServiceAverageCPUUtilization");
    assertThat(stack.properties("AWS::ECS::TaskDefinition").path("ContainerDefinitions"))
        .as("nothing ends it")
        .hasSize(1);
    assertThat(made.getMetrics().cpu().getMetricName()).isEqualTo("CPUUtilization");
    assertThat(made.getMetrics().memory().getMetricName()).isEqualTo("MemoryUtilization");
    assertThat(made.getCluster()).isNotNull();
    assertThat(made.getTaskRole()).isNotNull();
    assertThat(made.getExecutionRole()).isNotNull();
    assertThat(made.getLogGroup()).isNotNull();
    assertThat(made.getTaskDefinition()).isNotNull();
    assertThat(made.getService()).isNotNull();
    assertThat(made.getScaling()).isNotNull();
    assertThat(made.getSecurityGroups()).hasSize(1);
  }

  @Test
  void takesMemoryAMetricSpotAndGroups() {
    MlNetwork network = network(Egress.NAT);
    service(
        network,
        FargateServiceProps.builder()
            .minTasks(2)
            .maxTasks(6)
            .cpuTarget(50)
            .memoryTarget(70)
            .metric(
                Metric.Builder.create()
                    .namespace("Ml")
                    .metricName("Backlog")
                    .dimensionsMap(Map.of("Queue", "work"))
                    .statistic("Average")
                    .build())
            .metricTarget(10)
            .spot(true)
            .addSecurityGroups(
                SecurityGroup.Builder.create(stack.scope(), "Own").vpc(network.getVpc()).build()));

    JsonNode strategy = stack.properties("AWS::ECS::Service").path("CapacityProviderStrategy");
    assertThat(strategy.at("/0/Base").asInt()).isEqualTo(2);
    assertThat(strategy.at("/0/Weight").asInt(-1)).isZero();
    assertThat(strategy.at("/1/CapacityProvider").asString()).isEqualTo("FARGATE_SPOT");
    assertThat(stack.resources("AWS::ApplicationAutoScaling::ScalingPolicy").values())
        .extracting(
            it -> it.at("/Properties/TargetTrackingScalingPolicyConfiguration/TargetValue").asInt())
        .containsExactlyInAnyOrder(50, 70, 10);
    assertThat(stack.resources("AWS::EC2::SecurityGroup")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = "EXISTING", mode = EnumSource.Mode.EXCLUDE)
  void reachesWhatItNeedsWhicheverTheWayOut(Egress egress) {
    service(egress, FargateServiceProps.builder());

    assertThatTemplate(stack.tagged("tasks").scope())
        .passesGate(
            FargateBatchTaskTest.gate()
                .acknowledging(
                    List.of(
                        new Acknowledgement(
                            "mlinfra::tags.missing",
                            "Test/Service/Scaling",
                            "the oldest CDK cannot tag it; it costs nothing"))));
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                service(
                    Egress.PUBLIC_IP,
                    FargateServiceProps.builder()
                        .cpu(1)
                        .minTasks(3)
                        .maxTasks(2)
                        .cpuTarget(100)
                        .memoryTarget(5)
                        .metricTarget(1)))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("FargateService 'Test/Service' has 5 problems")
        .hasMessageContainingAll(
            "memoryMb: given cpu 1 with memory 2048 MB; allowed: a size of Fargate;"
                + " fix: the smallest that has room is cpu 256 with memory 2048 MB",
            "minTasks: given 3 with maxTasks 2; allowed: 0 to maxTasks, which is at least 1",
            "cpuTarget: given 100; allowed: 10 to 90 percent",
            "memoryTarget: given 5; allowed: 10 to 90 percent",
            "metricTarget: given without metric; allowed: both metric and metricTarget, or"
                + " neither");
  }

  @Test
  void refusesAMetricWithoutATarget() {
    Metric metric = Metric.Builder.create().namespace("Ml").metricName("Backlog").build();
    assertThatThrownBy(
            () -> service(Egress.PUBLIC_IP, FargateServiceProps.builder().metric(metric)))
        .hasMessageContaining(
            "metricTarget: not given; allowed: both metric and metricTarget, or neither");
  }

  private FargateService service(Egress egress, FargateServiceProps.Builder props) {
    return service(network(egress), props);
  }

  private FargateService service(MlNetwork network, FargateServiceProps.Builder props) {
    ImageRepository repository =
        new ImageRepository(
            stack.scope(),
            "Images",
            ImageRepositoryProps.builder().repositoryName("ml-agent/worker").build());
    return new FargateService(
        stack.scope(),
        "Service",
        props.network(network).image(TaskImage.ofTag(repository, "3f2c1ab")).build());
  }

  private MlNetwork network(Egress egress) {
    return new MlNetwork(
        stack.scope(),
        "Network",
        MlNetworkProps.builder()
            .egress(egress)
            .availabilityZones(List.of("us-east-1a", "us-east-1b"))
            .build());
  }
}
