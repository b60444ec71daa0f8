package dev.mlinfra.aws;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.NetworkSettings.Egress;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.LimitResult;
import dev.mlinfra.cost.Limits;
import dev.mlinfra.testkit.CdkModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;
import tools.jackson.databind.JsonNode;

class SpotTrainingFleetTest {
  private final TestStack stack = new TestStack();

  @Nested
  class ByDefault {
    private final SpotTrainingFleet fleet =
        fleet(Egress.PUBLIC_IP, SpotTrainingFleetProps.builder());

    @Test
    void takesSpotMachinesOfFourTypesInEachZone() {
      JsonNode environment = stack.properties("AWS::Batch::ComputeEnvironment");
      JsonNode resources = environment.path("ComputeResources");
      assertThat(resources.path("Type").asString()).isEqualTo("SPOT");
      assertThat(resources.path("AllocationStrategy").asString())
          .isEqualTo("SPOT_PRICE_CAPACITY_OPTIMIZED");
      assertThat(TestStack.texts(resources.path("InstanceTypes")))
          .containsExactly("g5.2xlarge", "g6.2xlarge", "g5.4xlarge", "g6.4xlarge");
      assertThat(resources.path("MinvCpus").asInt(-1)).isZero();
      assertThat(resources.path("MaxvCpus").asInt()).as("5 jobs of 8").isEqualTo(40);
      assertThat(resources.path("Subnets")).hasSize(2);
      assertThat(resources.has("BidPercentage")).isFalse();
      assertThat(resources.at("/Ec2Configuration/0/ImageType").asString())
          .isEqualTo("ECS_AL2023_NVIDIA");
      assertThat(resources.at("/Ec2Configuration/0").has("ImageIdOverride")).isFalse();
      assertThat(environment.path("ReplaceComputeEnvironment").asBoolean(true)).isFalse();
      assertThat(stack.warnings()).isEmpty();
    }

    @Test
    void closesItsMachines() {
      JsonNode data = stack.properties("AWS::EC2::LaunchTemplate").path("LaunchTemplateData");
      assertThat(data.at("/MetadataOptions/HttpTokens").asString()).isEqualTo("required");
      assertThat(data.at("/MetadataOptions/HttpPutResponseHopLimit").asInt()).isEqualTo(1);
      JsonNode disk = data.at("/BlockDeviceMappings/0/Ebs");
      assertThat(disk.path("Encrypted").asBoolean()).isTrue();
      assertThat(disk.path("VolumeType").asString()).isEqualTo("gp3");
      assertThat(disk.path("VolumeSize").asInt()).isEqualTo(100);
      assertThat(stack.properties("AWS::EC2::SecurityGroup").has("SecurityGroupIngress")).isFalse();
    }

    @Test
    void triesAgainOnlyWhatTheMachineOrTheRegistryFailed() {
      JsonNode job = stack.properties("AWS::Batch::JobDefinition");
      assertThat(job.path("RetryStrategy"))
          .isEqualTo(
              TestStack.json(
                  """
                  {"Attempts": 3, "EvaluateOnExit": [
                    {"Action": "RETRY", "OnStatusReason": "Host EC2*"},
                    {"Action": "RETRY", "OnReason": "CannotPullContainerError:*"},
                    {"Action": "RETRY", "OnExitCode": "143"},
                    {"Action": "EXIT", "OnReason": "*"}]}
                  """));
      assertThat(job.at("/Timeout/AttemptDurationSeconds").asInt()).isEqualTo(7200);
      assertThat(job.path("PropagateTags").asBoolean()).isTrue();
    }

    @Test
    void givesAJobTheSmallestMachineAndItsFolders() {
      JsonNode container =
          stack.properties("AWS::Batch::JobDefinition").path("ContainerProperties");
      assertThat(container.path("ResourceRequirements"))
          .isEqualTo(
              TestStack.json(
                  """
                  [{"Type": "VCPU", "Value": "8"}, {"Type": "MEMORY", "Value": "29491"},
                   {"Type": "GPU", "Value": "1"}]
                  """));
      assertThat(container.at("/LinuxParameters/SharedMemorySize").asInt()).isEqualTo(7372);
      assertThat(container.path("Environment").valueStream().map(it -> it.path("Name").asString()))
          .containsExactly(
              "MLINFRA_BUCKET", "MLINFRA_CHECKPOINTS", "MLINFRA_DATASETS", "MLINFRA_MODELS");
      assertThat(TestStack.show(container.at("/Environment/1/Value")))
          .matches("s3://Data[0-9A-F]+/checkpoints/");
      assertThat(TestStack.show(container.at("/Environment/3/Value")))
          .matches("s3://Data[0-9A-F]+/models/");
      assertThat(stack.properties("AWS::Logs::LogGroup").path("RetentionInDays").asInt())
          .isEqualTo(30);
    }

    @Test
    void mayDoWhatIsNeededAndNoMore() {
      assertThat(stack.actions())
          .containsExactly(
              "batch:DescribeJobs",
              "cloudwatch:PutMetricData",
              "ecr:BatchGetImage",
              "ecr:GetAuthorizationToken",
              "ecr:GetDownloadUrlForLayer",
              "ecs:DeregisterContainerInstance",
              "ecs:DiscoverPollEndpoint",
              "ecs:Poll",
              "ecs:RegisterContainerInstance",
              "ecs:StartTelemetrySession",
              "ecs:SubmitAttachmentStateChanges",
              "ecs:SubmitContainerStateChange",
              "ecs:SubmitTaskStateChange",
              "ecs:UpdateContainerInstancesState",
              "logs:CreateLogStream",
              "logs:PutLogEvents",
              "s3:GetObject",
              "s3:PutObject",
              "states:StartExecution");
    }

    @Test
    void tellsOfNoticesFailuresAndLongRuns() {
      assertThat(stack.resources("AWS::Events::Rule").values())
          .extracting(rule -> rule.at("/Properties/EventPattern/detail-type/0").asString())
          .containsExactlyInAnyOrder(
              "EC2 Spot Instance Interruption Warning",
              "Batch Job State Change",
              "Batch Job State Change");
      JsonNode definition = stack.properties("AWS::StepFunctions::StateMachine").path("Definition");
      // 80 % of three attempts of two hours: that is less than 80 % of 10 USD at 1.624 an hour.
      assertThat(definition.at("/States/Wait/Seconds").asInt()).isEqualTo(17280);
      assertThat(definition.path("TimeoutSeconds").asInt()).isEqualTo(3 * 7200 + 3600);
      JsonNode alarm = stack.properties("AWS::CloudWatch::Alarm");
      JsonNode counted = definition.at("/States/Count/Parameters");
      assertThat(counted.path("Namespace")).isEqualTo(alarm.path("Namespace"));
      assertThat(counted.at("/MetricData/0/MetricName")).isEqualTo(alarm.path("MetricName"));
      assertThat(counted.at("/MetricData/0/Dimensions")).isEqualTo(alarm.path("Dimensions"));
      assertThat(alarm.path("AlarmDescription").asString())
          .isEqualTo(
              "A job of Test/Fleet runs that may have used 80 percent of its budget of 10.0 USD");
      assertThat(TestStack.show(alarm.at("/AlarmActions/0"))).startsWith("FleetNotifications");
      assertThat(definition.at("/States/Pause/Next").asString()).isEqualTo("Look");
      assertThat(fleet.getBudgetAlarm().getThreshold()).isEqualTo(1);
      assertThat(fleet.getMetrics().interruptions().getMetricName()).isEqualTo("MatchedEvents");
      assertThat(fleet.getMetrics().failures().getNamespace()).isEqualTo("AWS/Events");
    }

    @Test
    void hasNeitherFallbackNorNodesNorDrill() {
      assertThat(fleet.getOnDemandEnvironment()).isEmpty();
      assertThat(fleet.getNodesQueue()).isEmpty();
      assertThat(fleet.getNodesJobDefinition()).isEmpty();
      assertThat(fleet.getDrill()).isEmpty();
      assertThat(stack.types()).doesNotContain("AWS::FIS::ExperimentTemplate");
      assertThat(fleet.getSpotEnvironment()).isNotNull();
      assertThat(fleet.getQueue()).isNotNull();
      assertThat(fleet.getJobDefinition()).isNotNull();
      assertThat(fleet.getLaunchTemplate()).isNotNull();
      assertThat(fleet.getSecurityGroup()).isNotNull();
      assertThat(fleet.getJobRole()).isNotNull();
      assertThat(fleet.getInstanceRole()).isNotNull();
      assertThat(fleet.getInstanceProfile()).isNotNull();
      assertThat(fleet.getLogGroup()).isNotNull();
      assertThat(fleet.getNotifications()).isNotNull();
    }

    @Test
    void keepsTheBudgetOfAnEnvironment() {
      Budget budget = Defaults.of(Pattern.BATCH).budget();
      Estimate estimate =
          Estimator.standard().estimate(CdkModels.of(stack.tagged("training").scope())).get(0);
      List<LimitResult> results = Limits.of(budget).check(estimate);
      results.forEach(result -> System.out.println(result.limit() + ": " + result.arithmetic()));

      assertThat(results).noneMatch(result -> result.status() == LimitResult.Status.OVER);
      assertThat(estimate.notPriced()).isEmpty();
      JobExposure job = estimate.jobs().get(0);
      // 3 attempts x 2 h x 1.624 USD, g5.4xlarge on demand
      assertThat(job.usd().orElseThrow().high()).isCloseTo(9.744, within(1e-6));
      assertThat(job.atOnce()).hasValue(5);
    }
  }

  @Test
  void machinesVolumesAndInterfacesCarryTheTags() {
    fleet(Egress.PUBLIC_IP, SpotTrainingFleetProps.builder());
    stack.tagged("training");

    JsonNode template = stack.properties("AWS::EC2::LaunchTemplate");
    assertThat(
            template
                .at("/LaunchTemplateData/TagSpecifications")
                .valueStream()
                .map(it -> it.path("ResourceType").asString()))
        .containsExactly("instance", "volume", "network-interface");
    assertThat(
            template
                .at("/LaunchTemplateData/TagSpecifications/0/Tags")
                .valueStream()
                .map(it -> it.path("Key").asString()))
        .contains("project", "workload", "mlinfra:fleet");
    assertThat(
            stack
                .properties("AWS::Batch::ComputeEnvironment")
                .at("/ComputeResources/Tags/workload")
                .asString())
        .isEqualTo("training");
  }

  @ParameterizedTest
  @EnumSource(names = "EXISTING", mode = EnumSource.Mode.EXCLUDE)
  void passesTheGateWhicheverTheWayOut(Egress egress) {
    fleet(
        egress,
        SpotTrainingFleetProps.builder()
            .onDemandFallback(true)
            .interruptionDrill(true)
            .amiParameter("/ml-agent/ami/gpu")
            .nodes(2)
            .maxRuntime(Duration.hours(1)));

    assertThatTemplate(stack.tagged("training").scope()).passesGate(FargateBatchTaskTest.gate());
  }

  @Test
  void fallsBackToMachinesOnDemand() {
    SpotTrainingFleet fleet =
        fleet(Egress.PUBLIC_IP, SpotTrainingFleetProps.builder().onDemandFallback(true));

    assertThat(stack.properties("AWS::Batch::JobQueue").path("ComputeEnvironmentOrder")).hasSize(2);
    assertThat(stack.resources("AWS::Batch::ComputeEnvironment").values())
        .extracting(
            it ->
                it.at("/Properties/ComputeResources/Type").asString()
                    + " "
                    + it.at("/Properties/ComputeResources/MaxvCpus").asInt())
        .containsExactlyInAnyOrder("SPOT 24", "EC2 16");
    assertThat(fleet.getOnDemandEnvironment()).isPresent();
  }

  @Test
  void runsJobsOnSeveralMachinesOnDemand() {
    SpotTrainingFleet fleet =
        fleet(
            Egress.PUBLIC_IP,
            SpotTrainingFleetProps.builder().nodes(4).maxRuntime(Duration.minutes(30)));

    assertThat(fleet.getNodesQueue()).isPresent();
    JsonNode job = nodesJob();
    assertThat(job.at("/NodeProperties/NumNodes").asInt()).isEqualTo(4);
    assertThat(job.at("/NodeProperties/NodeRangeProperties/0/TargetNodes").asString())
        .isEqualTo("0:");
    JsonNode environment =
        stack.resources("AWS::Batch::ComputeEnvironment").values().stream()
            .map(it -> it.at("/Properties/ComputeResources"))
            .filter(it -> it.path("Type").asString().equals("EC2"))
            .findFirst()
            .orElseThrow();
    assertThat(environment.path("Subnets")).hasSize(1);
    assertThat(environment.path("MaxvCpus").asInt()).isEqualTo(32);
    JsonNode between = stack.properties("AWS::EC2::SecurityGroupIngress");
    assertThat(between.path("SourceSecurityGroupId")).isEqualTo(between.path("GroupId"));
    assertThat(stack.properties("AWS::EC2::PlacementGroup").path("Strategy").asString())
        .isEqualTo("cluster");
  }

  /** Each machine has four adapters, but one where it must have a public address. */
  @ParameterizedTest
  @CsvSource({"NAT, 4", "PUBLIC_IP, 1"})
  void machinesOfOneJobTalkByTheirAdapters(Egress egress, int adapters) {
    fleet(
        egress,
        SpotTrainingFleetProps.builder()
            .addInstanceTypes("p4d.24xlarge", "p4de.24xlarge")
            .nodes(2)
            .maxVcpus(192)
            .jobBudgetUsd(1000));

    JsonNode data =
        stack.resources("AWS::EC2::LaunchTemplate").values().stream()
            .map(it -> it.at("/Properties/LaunchTemplateData"))
            .filter(it -> it.has("NetworkInterfaces"))
            .findFirst()
            .orElseThrow();
    JsonNode interfaces = data.path("NetworkInterfaces");
    assertThat(interfaces).hasSize(adapters);
    for (int card = 0; card < adapters; card++) {
      JsonNode one = interfaces.path(card);
      assertThat(one.path("InterfaceType").asString()).isEqualTo("efa");
      assertThat(one.path("NetworkCardIndex").asInt()).isEqualTo(card);
      assertThat(one.path("DeviceIndex").asInt()).isEqualTo(Math.min(1, card));
      assertThat(one.path("AssociatePublicIpAddress").asBoolean(false))
          .isEqualTo(egress == Egress.PUBLIC_IP);
    }
    assertThat(data.path("Placement").has("GroupName")).isTrue();
    JsonNode out = stack.properties("AWS::EC2::SecurityGroupEgress");
    assertThat(out.path("DestinationSecurityGroupId")).isEqualTo(out.path("GroupId"));
    JsonNode container = nodesJob().at("/NodeProperties/NodeRangeProperties/0/Container");
    assertThat(container.at("/LinuxParameters/Devices")).hasSize(adapters);
    assertThat(container.at("/LinuxParameters/Devices/0/HostPath").asString())
        .isEqualTo("/dev/infiniband/uverbs0");
    assertThat(container.at("/Ulimits/0/Name").asString()).isEqualTo("memlock");
  }

  @Test
  void withoutAnAdapterInEveryTypeThereIsNone() {
    fleet(
        Egress.NAT,
        SpotTrainingFleetProps.builder()
            .addInstanceTypes("g5.4xlarge", "g5.8xlarge")
            .nodes(2)
            .jobBudgetUsd(1000));

    assertThat(stack.resources("AWS::EC2::LaunchTemplate").values())
        .hasSize(2)
        .noneMatch(it -> it.at("/Properties/LaunchTemplateData").has("NetworkInterfaces"));
    assertThat(stack.resources("AWS::EC2::SecurityGroupEgress")).isEmpty();
    assertThat(nodesJob().at("/NodeProperties/NodeRangeProperties/0/Container").has("Ulimits"))
        .isFalse();
  }

  private JsonNode nodesJob() {
    return stack.resources("AWS::Batch::JobDefinition").values().stream()
        .map(it -> it.path("Properties"))
        .filter(it -> it.path("Type").asString().equals("multinode"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void trainiumGetsItsImageAndDevices() {
    fleet(
        Egress.PUBLIC_IP,
        SpotTrainingFleetProps.builder()
            .instanceTypes(List.of("trn1.2xlarge"))
            .maxRuntime(Duration.hours(1)));

    JsonNode image =
        stack
            .properties("AWS::Batch::ComputeEnvironment")
            .at("/ComputeResources/Ec2Configuration/0");
    assertThat(image.path("ImageType").asString()).isEqualTo("ECS_AL2023");
    assertThat(image.has("ImageIdOverride")).isTrue();
    assertThat(
            stack
                .template()
                .path("Parameters")
                .valueStream()
                .map(it -> it.path("Default").asString()))
        .contains("/aws/service/ecs/optimized-ami/amazon-linux-2023/neuron/recommended/image_id");
    JsonNode container = stack.properties("AWS::Batch::JobDefinition").path("ContainerProperties");
    assertThat(container.path("ResourceRequirements")).hasSize(2);
    assertThat(container.at("/LinuxParameters/Devices/0/HostPath").asString())
        .isEqualTo("/dev/neuron0");
    assertThat(stack.warnings()).anyMatch(it -> it.contains("mlinfra::fleet.spread"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p5.48xlarge", "p6-b200.48xlarge", "g7e.2xlarge", "p4d.24xlarge"})
  void takesTheLargeOnesWithABudgetForThem(String type) {
    fleet(
        Egress.PUBLIC_IP,
        SpotTrainingFleetProps.builder()
            .instanceTypes(List.of(type))
            .maxVcpus(1000)
            .jobBudgetUsd(1000));

    assertThat(
            stack
                .properties("AWS::Batch::ComputeEnvironment")
                .at("/ComputeResources/Ec2Configuration/0/ImageType")
                .asString())
        .isEqualTo("ECS_AL2023_NVIDIA");
  }

  @Test
  void takesEverything() {
    Topic topic = Topic.Builder.create(stack.scope(), "Topic").enforceSsl(true).build();
    SpotTrainingFleet fleet =
        fleet(
            Egress.PUBLIC_IP,
            SpotTrainingFleetProps.builder()
                .instanceTypes(List.of("m6i.large", "m6i.xlarge", "c6i.large", "r6i.large"))
                .maxVcpus(8)
                .maxConcurrentJobs(2)
                .vcpus(1)
                .memoryMib(2048)
                .accelerators(0)
                .command(List.of("train"))
                .environment(Map.of("MODE", "fast"))
                .maxRuntime(Duration.hours(10))
                .attempts(2)
                .warnAt(0.5)
                .modelVersion("3f2c1ab")
                .amiParameter("/ml-agent/ami/cpu")
                .diskGb(50)
                .notifications(topic)
                .interruptionDrill(true)
                .rolePath("/ml/"));

    JsonNode resources =
        stack.properties("AWS::Batch::ComputeEnvironment").path("ComputeResources");
    assertThat(resources.path("MaxvCpus").asInt()).isEqualTo(2);
    assertThat(resources.at("/Ec2Configuration/0/ImageType").asString()).isEqualTo("ECS_AL2023");
    assertThat(
            stack
                .template()
                .path("Parameters")
                .valueStream()
                .map(it -> it.path("Default").asString()))
        .contains("/ml-agent/ami/cpu");
    JsonNode environment =
        stack.properties("AWS::Batch::JobDefinition").at("/ContainerProperties/Environment");
    assertThat(environment.at("/0/Name").asString()).isEqualTo("GIT_SHA");
    assertThat(TestStack.show(environment.at("/4/Value"))).endsWith("/models/3f2c1ab/");
    assertThat(stack.grants())
        .anyMatch(grant -> grant.startsWith("s3:PutObject") && grant.contains("/models/3f2c1ab/*"))
        .noneMatch(grant -> grant.contains("/models/*"));
    assertThat(
            stack
                .properties("AWS::FIS::ExperimentTemplate")
                .at("/StopConditions/0/Source")
                .asString())
        .isEqualTo("aws:cloudwatch:alarm");
    assertThat(
            stack
                .properties("AWS::FIS::ExperimentTemplate")
                .at("/Targets/machine/ResourceTags/mlinfra:fleet")
                .asString())
        .isEqualTo("Test/Fleet");
    assertThat(stack.actions()).contains("ec2:SendSpotInstanceInterruptions");
    assertThat(fleet.getDrill()).isPresent();
    assertThat(fleet.getNotifications()).isSameAs(topic);
  }

  /** The agent on the images of ami-packer asks for no more: see its configuration. */
  @Test
  void machinesOfAnImageOfTheirOwnSendTheMetricsOfItsAgent() throws IOException {
    JsonNode agent =
        TestStack.json(Files.readString(Path.of("../../ami-packer/amazon-cloudwatch-agent.json")));
    SpotTrainingFleet fleet =
        fleet(Egress.ENDPOINTS, SpotTrainingFleetProps.builder().amiParameter("/ml-agent/ami/gpu"));

    String role = stack.scope().resolve(fleet.getInstanceRole().getRoleName()).toString();
    assertThat(statements(role))
        .filteredOn(it -> TestStack.texts(it.path("Action")).contains("cloudwatch:PutMetricData"))
        .containsExactly(
            TestStack.json(
                """
                {
                  "Sid": "SendMetrics", "Effect": "Allow",
                  "Action": "cloudwatch:PutMetricData", "Resource": "*",
                  "Condition": {"StringEquals": {"cloudwatch:namespace": "%s"}}
                }
                """
                    .formatted(agent.at("/metrics/namespace").asString())));
    assertThat(stack.resources("AWS::EC2::VPCEndpoint").keySet())
        .anyMatch(name -> name.contains("monitoring"));
  }

  @Test
  void machinesOfTheUsualImageSendNone() {
    SpotTrainingFleet fleet = fleet(Egress.ENDPOINTS, SpotTrainingFleetProps.builder());

    String role = stack.scope().resolve(fleet.getInstanceRole().getRoleName()).toString();
    assertThat(statements(role))
        .isNotEmpty()
        .noneMatch(it -> TestStack.texts(it.path("Action")).contains("cloudwatch:PutMetricData"));
    assertThat(stack.resources("AWS::EC2::VPCEndpoint").keySet())
        .noneMatch(name -> name.contains("monitoring"));
  }

  /** What the policies of a role say. */
  private List<JsonNode> statements(String role) {
    return stack.resources("AWS::IAM::Policy").values().stream()
        .filter(policy -> role.contains(policy.at("/Properties/Roles/0/Ref").asString()))
        .flatMap(policy -> policy.at("/Properties/PolicyDocument/Statement").valueStream())
        .toList();
  }

  @Test
  void grantsSubmittingFollowingAndStopping() {
    SpotTrainingFleet fleet = fleet(Egress.PUBLIC_IP, SpotTrainingFleetProps.builder());
    Role caller =
        Role.Builder.create(stack.scope(), "Caller")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    fleet.getGrants().submit(caller);
    fleet.getGrants().follow(caller);
    fleet.getGrants().stop(caller);

    assertThat(stack.grants())
        .anyMatch(
            grant ->
                grant.matches(
                    "batch:SubmitJob on FleetQueue[0-9A-F]+,"
                        + " arn:aws:batch:us-east-1:123456789012:job-definition/TestFleet[0-9A-F]+:\\*|batch:SubmitJob"
                        + " on FleetQueue[0-9A-F]+,"
                        + " arn:aws:batch:us-east-1:123456789012:job-definition/Test-Fleet-[0-9A-F]+:\\*"))
        .contains("batch:TerminateJob on arn:aws:batch:us-east-1:123456789012:job/*")
        .anyMatch(grant -> grant.startsWith("logs:FilterLogEvents on FleetLogs"));
  }

  @Test
  void refusesAJobThatCanCostTooMuchWithTheArithmetic() {
    assertThatThrownBy(
            () ->
                fleet(
                    Egress.PUBLIC_IP,
                    SpotTrainingFleetProps.builder().maxRuntime(Duration.hours(3))))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "jobBudgetUsd: one job can cost 3 attempts x 3 h x 1.624 USD (g5.4xlarge on demand)"
                + " = 14.62 USD; allowed: at most 10.00 USD; fix: lower attempts, a maxRuntime of"
                + " at most 123 min, leave out g5.4xlarge, or raise jobBudgetUsd");
  }

  @Test
  void aJobOnSeveralMachinesCostsAsManyTimesAsMuch() {
    assertThatThrownBy(() -> fleet(Egress.PUBLIC_IP, SpotTrainingFleetProps.builder().nodes(2)))
        .hasMessageContaining(
            "3 attempts x 2 h x 2 nodes x 1.624 USD (g5.4xlarge on demand) = 19.49");
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                fleet(
                    Egress.PUBLIC_IP,
                    SpotTrainingFleetProps.builder()
                        .instanceTypes(List.of("p3.2xlarge", "p3.2xlarge"))
                        .maxConcurrentJobs(0)
                        .attempts(1)
                        .diskGb(8)
                        .nodes(1)
                        .maxRuntime(Duration.seconds(1))
                        .warnAt(2)
                        .environment(Map.of("GIT_SHA", "x", "a-b", "y"))
                        .modelVersion("../x")
                        .amiParameter("ami")
                        .rolePath("ml")))
        .isInstanceOf(ValidationException.class)
        .hasMessageContainingAll(
            "instanceTypes: given 'p3.2xlarge': its GPU (V100, Volta) is not supported by CUDA 13;",
            "instanceTypes: given [p3.2xlarge, p3.2xlarge]; allowed: each type once",
            "maxConcurrentJobs: given 0; allowed: 1 to 1000",
            "attempts: given 1; allowed: 2 to 10",
            "diskGb: given 8; allowed: 30 to 16384",
            "nodes: given 1; allowed: 2 to 64",
            "maxRuntime: given 1 second; allowed: 1 minute to 14 days",
            "warnAt: given 2.0; allowed: 0.1 to 1",
            "environment: given 'GIT_SHA'; allowed: other names; fix: it is set already",
            "environment: given 'a-b'; allowed: names of letters, digits and _, first no digit",
            "modelVersion: given '../x'; allowed: a commit, such as 3f2c1ab",
            "amiParameter: given 'ami'; allowed: a name such as /ml-agent/ami/gpu",
            "rolePath: given 'ml'");
  }

  @Test
  void refusesJobsThatNoMachineHasRoomFor() {
    assertThatThrownBy(
            () ->
                fleet(
                    Egress.PUBLIC_IP,
                    SpotTrainingFleetProps.builder()
                        .vcpus(16)
                        .memoryMib(32768)
                        .accelerators(2)
                        .maxVcpus(4)
                        .maxConcurrentJobs(1)
                        .onDemandFallback(true)))
        .hasMessageContainingAll(
            "vcpus: given 16; allowed: 1 to 8, those of the smallest machine",
            "memoryMib: given 32768; allowed: 1 to 29491, those of 90 percent of the smallest"
                + " machine",
            "accelerators: given 2; allowed: 0 to 1, those of the machine that has fewest",
            "maxVcpus: given 4; allowed: at least 16, those of one job; fix: no job could start",
            "maxConcurrentJobs: given 1 with onDemandFallback; allowed: at least 2, one on spot and"
                + " one on demand; fix: raise it, or leave the fallback out");
  }

  private SpotTrainingFleet fleet(Egress egress, SpotTrainingFleetProps.Builder props) {
    return new SpotTrainingFleet(
        stack.scope(),
        "Fleet",
        props
            .image(
                TaskImage.ofTag(
                    new ImageRepository(
                        stack.scope(),
                        "Images" + stack.scope().getNode().getChildren().size(),
                        ImageRepositoryProps.builder().repositoryName("ml-agent/training").build()),
                    "3f2c1ab"))
            .network(
                new MlNetwork(
                    stack.scope(),
                    "Network" + stack.scope().getNode().getChildren().size(),
                    MlNetworkProps.builder()
                        .egress(egress)
                        .addAvailabilityZones("us-east-1a", "us-east-1b")
                        .build()))
            .data(
                new MlDataBucket(
                    stack.scope(), "Data" + stack.scope().getNode().getChildren().size()))
            .build());
  }
}
