package dev.mlinfra.aws;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.NetworkSettings.Egress;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Gate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.sns.Topic;
import tools.jackson.databind.JsonNode;

class FargateBatchTaskTest {
  private final TestStack stack = new TestStack();

  @Nested
  class ByDefault {
    private final FargateBatchTask task = task(props(Egress.PUBLIC_IP));
    private final JsonNode definition = stack.properties("AWS::ECS::TaskDefinition");

    @Test
    void isOneVcpuThatEndsAfterAnHour() {
      assertThat(definition.path("Cpu").asString()).isEqualTo("1024");
      assertThat(definition.path("Memory").asString()).isEqualTo("2048");
      assertThat(definition.has("EphemeralStorage")).isFalse();
      JsonNode deadline = definition.at("/ContainerDefinitions/1");
      assertThat(deadline.path("Essential").asBoolean()).isTrue();
      assertThat(TestStack.texts(deadline.path("EntryPoint"))).containsExactly("sleep");
      assertThat(TestStack.texts(deadline.path("Command"))).containsExactly("3600");
      assertThat(stack.only("AWS::ECS::TaskDefinition").path("UpdateReplacePolicy").asString())
          .isEqualTo("Retain");
    }

    @Test
    void logsForAWeek() {
      assertThat(stack.properties("AWS::Logs::LogGroup").path("RetentionInDays").asInt())
          .isEqualTo(7);
      assertThat(
              definition
                  .at("/ContainerDefinitions/0/LogConfiguration/Options/awslogs-stream-prefix")
                  .asString())
          .isEqualTo("task");
    }

    @Test
    void runsOnAClusterOfItsOwn() {
      JsonNode cluster = stack.properties("AWS::ECS::Cluster");
      assertThat(TestStack.texts(cluster.path("CapacityProviders")))
          .containsExactly("FARGATE", "FARGATE_SPOT");
      assertThat(cluster.at("/ClusterSettings/0/Value").asString()).isEqualTo("disabled");
    }

    @Test
    void mayPullItsImageWriteItsLogAndNothingElse() {
      assertThat(stack.actions())
          .containsExactly(
              "ecr:BatchGetImage",
              "ecr:GetAuthorizationToken",
              "ecr:GetDownloadUrlForLayer",
              "logs:CreateLogStream",
              "logs:PutLogEvents");
    }

    @Test
    void isStartedByHand() {
      assertThat(stack.types()).doesNotContain("AWS::Scheduler::Schedule", "AWS::SQS::Queue");
      assertThat(task.getDeadLetters()).isEmpty();
      assertThat(task.getMetrics().givenUp()).isEmpty();
      assertThat(task.getNetworkConfiguration())
          .startsWith("awsvpcConfiguration={subnets=[")
          .endsWith("assignPublicIp=ENABLED}");
    }

    @Test
    void tellsItsTopicOfEachEnd() {
      assertThat(stack.resources("AWS::Events::Rule")).hasSize(2);
      JsonNode success = rule("Success");
      assertThat(success.at("/EventPattern/detail/containers/exitCode/0").asInt(-1)).isZero();
      assertThat(success.at("/EventPattern/detail/containers/name/0").asString())
          .isEqualTo("program");
      assertThat(success.at("/EventPattern/detail/group/0").asString())
          .isEqualTo("family:" + task.getFamily());
      JsonNode failure = rule("Failure");
      assertThat(
              failure
                  .at("/EventPattern/detail/$or/0/containers/exitCode/0/anything-but/0")
                  .asInt(-1))
          .isZero();
      assertThat(
              failure.at("/EventPattern/detail/$or/1/containers/exitCode/0/exists").asBoolean(true))
          .isFalse();
      assertThat(failure.at("/Targets/0/InputTransformer/InputTemplate").asString())
          .contains(
              "<reason>",
              "out of memory, the next size of Fargate is cpu 1024 with memory 3072 MB");
      JsonNode statement =
          TestStack.shown(
              stack.properties("AWS::SNS::TopicPolicy").at("/PolicyDocument/Statement/1"));
      assertThat(statement.at("/Principal/Service").asString()).isEqualTo("events.amazonaws.com");
      assertThat(statement.at("/Condition/StringEquals/aws:SourceAccount").asString())
          .isEqualTo("123456789012");
      assertThat(statement.at("/Condition/ArnEquals/aws:SourceArn")).hasSize(2);
    }

    @Test
    void hasMetrics() {
      assertThat(task.getMetrics().successes().getMetricName()).isEqualTo("MatchedEvents");
      assertThat(task.getMetrics().failures().getNamespace()).isEqualTo("AWS/Events");
    }

    private JsonNode rule(String id) {
      return stack.resources("AWS::Events::Rule").entrySet().stream()
          .filter(entry -> entry.getKey().contains(id))
          .findFirst()
          .orElseThrow()
          .getValue()
          .path("Properties");
    }
  }

  @Nested
  class Scheduled {
    private final FargateBatchTask task =
        task(
            props(Egress.NAT)
                .schedule("cron(0 2 * * ? *)")
                .timeZone("Europe/Berlin")
                .spot(true)
                .startRetries(1)
                .maxStartAge(Duration.minutes(10)));
    private final JsonNode schedule = stack.properties("AWS::Scheduler::Schedule");

    @Test
    void startsByTheClockOfAPlace() {
      assertThat(schedule.path("ScheduleExpression").asString()).isEqualTo("cron(0 2 * * ? *)");
      assertThat(schedule.path("ScheduleExpressionTimezone").asString()).isEqualTo("Europe/Berlin");
      assertThat(schedule.at("/FlexibleTimeWindow/Mode").asString()).isEqualTo("OFF");
    }

    @Test
    void triesAgainAFewTimesAndKeepsWhatFailed() {
      assertThat(schedule.at("/Target/RetryPolicy/MaximumRetryAttempts").asInt()).isEqualTo(1);
      assertThat(schedule.at("/Target/RetryPolicy/MaximumEventAgeInSeconds").asInt())
          .isEqualTo(600);
      assertThat(TestStack.show(schedule.at("/Target/DeadLetterConfig/Arn")))
          .contains("DeadLetters");
      assertThat(task.getDeadLetters()).isPresent();
      assertThat(task.getMetrics().givenUp()).isPresent();
    }

    @Test
    void runsOnSpotWithoutAPublicAddressAndCarriesTags() {
      JsonNode ecs = schedule.at("/Target/EcsParameters");
      assertThat(ecs.at("/CapacityProviderStrategy/0/CapacityProvider").asString())
          .isEqualTo("FARGATE_SPOT");
      assertThat(ecs.has("LaunchType")).isFalse();
      assertThat(ecs.at("/NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp").asString())
          .isEqualTo("DISABLED");
      assertThat(ecs.path("PropagateTags").asString()).isEqualTo("TASK_DEFINITION");
      assertThat(ecs.path("EnableECSManagedTags").asBoolean()).isTrue();
    }

    @Test
    void mayStartThisTaskAlone() {
      assertThat(stack.grants())
          .filteredOn(grant -> grant.matches("(ecs|iam|sqs):.*"))
          .satisfiesExactly(
              run -> assertThat(run).matches("ecs:RunTask on Task[0-9A-F]+"),
              tag ->
                  assertThat(tag)
                      .matches(
                          "ecs:TagResource on"
                              + " arn:aws:ecs:us-east-1:123456789012:task/TaskCluster[0-9A-F]+/\\*"),
              pass ->
                  assertThat(pass)
                      .matches("iam:PassRole on TaskExecutionRole[0-9A-F]+, TaskTaskRole[0-9A-F]+"),
              send -> assertThat(send).matches("sqs:SendMessage on TaskDeadLetters[0-9A-F]+"));
    }
  }

  @Test
  void takesEverything() {
    MlDataBucket data = new MlDataBucket(stack.scope(), "Data");
    MlSecrets secrets =
        new MlSecrets(
            stack.scope(),
            "Secrets",
            MlSecretsProps.builder().addSecrets("token").addParameters("/ml/url").build());
    TaskCluster cluster =
        new TaskCluster(
            stack.scope(), "Cluster", TaskClusterProps.builder().containerInsights(true).build());
    FargateBatchTask task =
        task(
            props(Egress.ENDPOINTS)
                .cpu(4096)
                .memoryMb(8192)
                .storageGb(100)
                .arm64(true)
                .command(List.of("train", "--epochs", "3"))
                .environment(Map.of("MODE", "fast"))
                .secrets(secrets)
                .secretVariables(Map.of("TOKEN", "token", "URL", "/ml/url"))
                .data(data)
                .cluster(cluster.getCluster())
                .maxRuntime(Duration.minutes(20))
                .logRetention(RetentionDays.INFINITE)
                .tracing(true)
                .rolePath("/ml/")
                .emails(List.of("team@example.com"))
                .schedule("rate(1 day)"));

    JsonNode definition = stack.properties("AWS::ECS::TaskDefinition");
    assertThat(definition.at("/EphemeralStorage/SizeInGiB").asInt()).isEqualTo(100);
    assertThat(definition.at("/RuntimePlatform/CpuArchitecture").asString()).isEqualTo("ARM64");
    JsonNode program = definition.at("/ContainerDefinitions/0");
    assertThat(TestStack.texts(program.path("Command"))).containsExactly("train", "--epochs", "3");
    assertThat(program.at("/Environment/0/Name").asString()).isEqualTo("MLINFRA_BUCKET");
    assertThat(program.at("/Environment/1/Value").asString()).isEqualTo("fast");
    assertThat(program.path("Secrets")).hasSize(2);
    assertThat(stack.properties("AWS::SNS::Subscription").path("Endpoint").asString())
        .isEqualTo("team@example.com");
    assertThat(stack.resources("AWS::EC2::VPCEndpoint").keySet())
        .anyMatch(id -> id.contains("secretsmanager"))
        .anyMatch(id -> id.contains("ssm"))
        .anyMatch(id -> id.contains("xray"));
    assertThat(stack.actions())
        .contains(
            "s3:GetObject",
            "s3:PutObject",
            "secretsmanager:GetSecretValue",
            "ssm:GetParameters",
            "xray:PutTraceSegments");
    assertThat(stack.warnings())
        .anyMatch(warning -> warning.contains("mlinfra::fargateTask.logRetention"));
    assertThat(task.getCluster()).isNotNull();
    assertThat(task.getLogGroup()).isNotNull();
    assertThat(task.getTaskRole()).isNotNull();
    assertThat(task.getExecutionRole()).isNotNull();
    assertThat(task.getSecurityGroup()).isNotNull();
    assertThat(task.getTaskDefinition()).isNotNull();
  }

  @Test
  void takesATopicAndARoleOfYourOwn() {
    Topic topic = Topic.Builder.create(stack.scope(), "Topic").enforceSsl(true).build();
    Role role = caller("Program");
    FargateBatchTask task =
        task(props(Egress.PUBLIC_IP).notifications(topic).taskRole(role).tracing(true));

    assertThat(task.getNotifications()).isSameAs(topic);
    assertThat(stack.resources("AWS::SNS::Topic")).hasSize(1);
    assertThat(stack.actions()).doesNotContain("xray:PutTraceSegments");
  }

  @Test
  void grantsStartingFollowingAndStopping() {
    FargateBatchTask task = task(props(Egress.PUBLIC_IP));
    Role caller = caller("Caller");
    task.getGrants().run(caller);
    task.getGrants().follow(caller);
    task.getGrants().stop(caller);

    assertThat(stack.grants())
        .anyMatch(
            grant ->
                grant.equals(
                    "ecs:RunTask on arn:aws:ecs:us-east-1:123456789012:task-definition/"
                        + task.getFamily()
                        + ":*"))
        .anyMatch(grant -> grant.startsWith("ecs:StopTask on arn:aws:ecs"))
        .anyMatch(grant -> grant.startsWith("ecs:DescribeTasks on arn:aws:ecs"))
        .anyMatch(grant -> grant.startsWith("logs:FilterLogEvents on TaskLogs"));
  }

  @ParameterizedTest
  @EnumSource(names = "EXISTING", mode = EnumSource.Mode.EXCLUDE)
  void reachesWhatItNeedsWhicheverTheWayOut(Egress egress) {
    task(props(egress).schedule("rate(1 day)"));

    assertThatTemplate(stack.tagged("tasks").scope()).passesGate(gate());
  }

  @Test
  void imageOfAParameterPassesTheGateToo() {
    MlNetwork network = network(Egress.ENDPOINTS);
    task(
        FargateBatchTaskProps.builder()
            .network(network)
            .image(TaskImage.ofParameter(repository(), "/mlinfra/ml-agent/dev/images/training"))
            .schedule("rate(1 day)"));

    assertThatTemplate(stack.tagged("tasks").scope()).passesGate(gate());
    assertThat(
            stack
                .template()
                .at("/Parameters")
                .valueStream()
                .map(parameter -> parameter.path("Default").asString()))
        .contains("/mlinfra/ml-agent/dev/images/training");
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                task(
                    props(Egress.PUBLIC_IP)
                        .cpu(1024)
                        .memoryMb(1000)
                        .storageGb(10)
                        .environment(Map.of("MLINFRA_BUCKET", "x", "1A", "y", "TOKEN", "z"))
                        .secretVariables(Map.of("TOKEN", "token"))
                        .schedule("every day")
                        .timeZone("Mars")
                        .maxRuntime(Duration.days(2))
                        .maxStartAge(Duration.seconds(10))
                        .startRetries(185)
                        .rolePath("ml")
                        .emails(Collections.nCopies(21, "nobody"))))
        .isInstanceOf(ValidationException.class)
        .hasMessageContainingAll(
            "memoryMb: given cpu 1024 with memory 1000 MB; allowed: a size of Fargate;"
                + " fix: the smallest that has room is cpu 1024 with memory 2048 MB",
            "storageGb: given 10; allowed: 20 to 200",
            "environment: given 'MLINFRA_BUCKET'; allowed: other names; fix: it is set already",
            "environment: given '1A'; allowed: names of letters, digits and _, first no digit",
            "secretVariables: 'TOKEN' is in environment too; allowed: each variable once;"
                + " fix: remove it from environment",
            "secretVariables: TOKEN is 'token'; allowed: nothing: no secrets are given;"
                + " fix: add it to the MlSecrets, and give that as secrets",
            "schedule: given 'every day'; allowed: cron(minute hour day month weekday year)",
            "timeZone: given 'Mars'; allowed: a name of the IANA database, such as Europe/Berlin",
            "maxRuntime: given 2 days; allowed: 1 minute to 24 hours",
            "maxStartAge: given 10 seconds; allowed: 1 minute to 24 hours",
            "startRetries: given 185; allowed: 0 to 10",
            "rolePath: given 'ml'; allowed: / or a path between slashes, such as /ml/",
            "emails: 21 addresses; allowed: at most 20; fix: use the address of a mailing list",
            "emails: given 'nobody'; allowed: a mail address");
  }

  @Test
  void refusesWhatIsTooLarge() {
    assertThatThrownBy(() -> task(props(Egress.PUBLIC_IP).cpu(32768).memoryMb(200000)))
        .hasMessageContaining("fix: the largest is cpu 16384 with memory 122880 MB");
  }

  @Test
  void refusesWhatIsSaidTwice() {
    TaskCluster cluster = new TaskCluster(stack.scope(), "Cluster");
    assertThatThrownBy(
            () ->
                task(
                    props(Egress.PUBLIC_IP)
                        .cluster(cluster.getCluster())
                        .containerInsights(true)
                        .notifications(Topic.Builder.create(stack.scope(), "Topic").build())
                        .emails(List.of("team@example.com"))))
        .hasMessageContainingAll(
            "containerInsights: given together with a cluster; allowed: containerInsights for a"
                + " cluster of its own; fix: set it where the cluster is made",
            "emails: given together with notifications; allowed: emails, or a topic of your own;"
                + " fix: subscribe the addresses to that topic");
  }

  /** The budget stands elsewhere. */
  static Gate gate() {
    return Gate.standard()
        .acknowledging(
            List.of(
                new dev.mlinfra.policy.Acknowledgement(
                    "mlinfra::money.budget", "*", "budgets are made in a stack of their own")));
  }

  private FargateBatchTask task(FargateBatchTaskProps.Builder props) {
    return new FargateBatchTask(stack.scope(), "Task", props.build());
  }

  private FargateBatchTaskProps.Builder props(Egress egress) {
    return FargateBatchTaskProps.builder()
        .network(network(egress))
        .image(TaskImage.ofTag(repository(), "3f2c1ab"));
  }

  private MlNetwork network(Egress egress) {
    return new MlNetwork(
        stack.scope(),
        "Network",
        MlNetworkProps.builder()
            .egress(egress)
            .addAvailabilityZones("us-east-1a", "us-east-1b")
            .build());
  }

  private ImageRepository repository() {
    return new ImageRepository(
        stack.scope(),
        "Images",
        ImageRepositoryProps.builder().repositoryName("ml-agent/training").build());
  }

  private Role caller(String id) {
    return Role.Builder.create(stack.scope(), id)
        .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
        .build();
  }
}
