package dev.mlinfra.infra.aws;

import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Stack;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue of jobs, tasks, secrets and their network, out of environment files. */
class TrainingStackTest {
  private static final String ALL =
      EnvironmentFolder.aws(EnvironmentFolder.ACCOUNT, "us-east-1")
          + """
            network: { availabilityZones: [us-east-1a, us-east-1b], egress: %s }
            training: { imageTag: 3f2c1ab }
            tasks:
              - name: nightly-pipeline
                schedule: cron(0 2 * * ? *)
                secretVariables: [{ variable: TOKEN, name: tracking }]
            secrets: { names: [tracking], parameters: [/ml-agent/url] }
          """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"public-ip", "nat", "endpoints"})
  void everyEnvironmentPassesTheGateWhicheverTheWayOut(String egress) {
    Model model =
        new EnvironmentFolder(folder)
            .with("dev", ALL.formatted(egress))
            .with("prod", "pattern: hybrid\n" + ALL.formatted(egress))
            .synthesise();

    assertThat(model.stacks())
        .extracting(Stack::id)
        .contains("dev/Network", "dev/Training", "prod/Network", "prod/Training");
    assertThatTemplate(model).passesGate();
  }

  @Test
  void aFileWithoutThemMakesNone() {
    Model model = dev("").synthesise();

    assertThat(model.stacks()).extracting(Stack::id).doesNotContain("dev/Network");
    assertThat(model.resources())
        .extracting(resource -> resource.type())
        .doesNotContain("AWS::Batch::JobQueue", "AWS::ECS::TaskDefinition", "AWS::EC2::VPC");
  }

  @Test
  void aVpcThatExistsIsReferredTo() {
    Model model =
        dev("""
              network:
                availabilityZones: [us-east-1a, us-east-1b]
                egress: existing
                vpcId: vpc-0123456789abcdef0
                subnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
              training: { }
            """)
            .synthesise();

    assertThat(model.stacks()).extracting(Stack::id).doesNotContain("dev/Network");
    assertThat(model.resources())
        .filteredOn(resource -> resource.type().equals("AWS::Batch::ComputeEnvironment"))
        .singleElement()
        .satisfies(
            environment ->
                assertThat(environment.property("ComputeResources.Subnets").toJson())
                    .contains("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"));
  }

  @Test
  void aTaskHasItsNameAsWorkload() {
    Model model = withAll();

    assertThat(
            model.resources().stream()
                .filter(resource -> resource.type().equals("AWS::ECS::TaskDefinition"))
                .map(resource -> resource.property("Tags").toJson())
                .toList())
        .singleElement()
        .asString()
        .contains("nightly-pipeline");
  }

  @Test
  void theBudgetOfTheFileHoldsForJobs() {
    EnvironmentFolder files =
        new EnvironmentFolder(folder)
            .with("dev", "budget: { trainingJobUsd: 5 }\n" + ALL.formatted("public-ip"));

    assertThatThrownBy(files::synthesise)
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "one job can cost 3 attempts x 2 h x 1.624 USD (g5.4xlarge on demand) = 9.74 USD;"
                + " allowed: at most 5.00 USD");
  }

  @Test
  void whatDoesNotFitIsToldTogether() {
    EnvironmentFolder files =
        dev(
            """
              network: { egress: existing }
              training: { image: other, maxRuntime: PT0S }
              tasks:
                - { name: one, secretVariables: [{ variable: TOKEN, name: gone }] }
                - { name: one, maxRuntime: PT25H }
            """);

    assertThatThrownBy(files::synthesise)
        .isInstanceOf(ValidationException.class)
        .hasMessageContainingAll(
            "aws.network.egress: given 'existing' without vpcId and subnetIds; allowed: the ids of"
                + " the VPC and of its subnets, one in each of availabilityZones; fix: add both,"
                + " since nothing is looked up",
            "aws.training.image: given 'other'; allowed: training; fix: add it to"
                + " aws.shared.images",
            "aws.training.maxRuntime: given 'PT0S'; allowed: PT1M to PT336H",
            "aws.tasks[0].secretVariables[0].name: given 'gone'; allowed: nothing: aws.secrets is"
                + " empty; fix: add it to aws.secrets",
            "aws.tasks[1].name: given 'one' twice; allowed: a name for each task; fix: rename one",
            "aws.tasks[1].maxRuntime: given 'PT25H'; allowed: PT1M to PT24H");
  }

  @Test
  void idsNeedEgressExisting() {
    EnvironmentFolder files = dev("  network: { vpcId: vpc-0123456789abcdef0 }\n");

    assertThatThrownBy(files::synthesise)
        .hasMessageContaining(
            "aws.network.vpcId: given with egress public-ip; allowed: vpcId with egress existing;"
                + " fix: set egress: existing, or leave the ids out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3", "kms"})
  void secretsHaveAKeyWhereTheDataHasOne(String encryption) {
    Model model =
        dev("""
              data: { encryption: %s }
              secrets: { names: [tracking] }
            """
                .formatted(encryption))
            .synthesise();

    assertThat(model.resources("AWS::SecretsManager::Secret"))
        .singleElement()
        .satisfies(
            secret ->
                assertThat(secret.property("KmsKeyId").toJson().contains("SecretsKey"))
                    .isEqualTo(encryption.equals("kms")));
    assertThatTemplate(model).passesGate();
  }

  @Test
  void outputsNameWhatCommandsTake() {
    Model model = withAll();

    assertThat(
            model.stacks().stream()
                .filter(stack -> stack.id().equals("dev/Training"))
                .flatMap(stack -> stack.outputs().keySet().stream())
                .toList())
        .containsAll(
            List.of(
                "RoleArn",
                "JobQueueArn",
                "JobDefinitionArn",
                "JobLogGroupName",
                "BudgetAlarmName",
                "TaskClusterName",
                "TaskNightlyPipelineFamily",
                "TaskNightlyPipelineSecurityGroupId",
                "TaskNightlyPipelineLogGroupName",
                "SecretTrackingArn"));
  }

  /** An account and a region, and more of {@code aws}. */
  private EnvironmentFolder dev(String more) {
    return new EnvironmentFolder(folder)
        .with("dev", EnvironmentFolder.aws(EnvironmentFolder.ACCOUNT, "us-east-1") + more);
  }

  private Model withAll() {
    return new EnvironmentFolder(folder).with("dev", ALL.formatted("public-ip")).synthesise();
  }
}
