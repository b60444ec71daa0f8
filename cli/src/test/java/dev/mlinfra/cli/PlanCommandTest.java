package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanCommandTest {
  @TempDir Path folder;

  private Project project;
  private String assembly;

  @BeforeEach
  void project() {
    project = Project.in(folder).environment("dev", "").environment("prod", "");
    assembly = project.assembly().toString();
  }

  @AfterEach
  void backToTheProject() {
    project.close();
  }

  @Test
  void showsResourcesCostPermissionsRulesAndWhatIsNotProven() {
    CommandRun run = CommandRun.of("plan", "--assembly", assembly, "--env", "dev");

    // The bucket of this test is one that the rules do not let pass.
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("dev\n\nResources:\n    1 AWS::IAM::Role\n    1 AWS::S3::Bucket\n")
        .contains("\nCost:\n  dev: 2.31 USD a month expected")
        .contains("  fine       monthlyUsd: 2.30 USD")
        .contains(
            """

            Permissions:
              dev/Data:Role
                may read models/* of dev/Data/Bucket (s3:GetObject)
                can be taken on by Service lambda.amazonaws.com (sts:AssumeRole)
            """)
        .contains("\nRules:\n")
        .contains("error    mlinfra::")
        .contains("\nNot proven here:\n  quotas: ")
        .contains("  lifecycle and events: ")
        .doesNotContain("prod")
        .doesNotContain("key policies");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void namesTheMachineThatFitsADataset() {
    CommandRun run = CommandRun.of("plan", "--dataset-gb", "0.05");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("For 0.05 GB of data: ")
        .containsPattern("\n  aws +g6\\.xlarge +1 x L4")
        .containsPattern("\n  runpod ");
  }

  @Test
  void refusesADatasetOfNoSize() {
    CommandRun none = CommandRun.of("plan", "--dataset-gb", "0");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("--dataset-gb: size of the data: given 0.0 GB; allowed: ");

    CommandRun json = CommandRun.of("plan", "--dataset-gb", "1", "-o", "json");
    assertThat(json.exitCode()).isEqualTo(2);
    assertThat(json.err()).contains("--dataset-gb: given -o json; allowed: text");
  }

  @Test
  void withoutANameItShowsEveryEnvironment() {
    JsonNode report =
        JsonMapper.shared()
            .readTree(CommandRun.of("plan", "--assembly", assembly, "-o", "json").out());

    assertThat(report.path("schema").asString()).isEqualTo(PlanJson.SCHEMA);
    assertThat(report.path("environments").findValuesAsString("environment"))
        .containsSubsequence(List.of("dev", "prod"));
    JsonNode dev = report.at("/environments/0");
    assertThat(dev.at("/resources/AWS::S3::Bucket").asInt()).isEqualTo(1);
    assertThat(dev.at("/cost/expectedUsd/high").asDouble()).isCloseTo(2.31, within(0.01));
    assertThat(dev.at("/permissions/0/name").asString()).isEqualTo("dev/Data:Role");
    assertThat(dev.at("/verdict/schema").asString()).isEqualTo("mlinfra/findings/v1");
    assertThat(dev.at("/notProven/0/what").asString()).isEqualTo("quotas");
  }

  @Test
  void pricesEachWayOutOfTheNetwork() {
    project.write(
        "cdk.out/dev.template.json",
        """
        {"Resources": {
          "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"},
            "Metadata": {"mlinfra:network": {"egress": "nat", "zones": 2, "natGateways": 1,
              "endpoints": ["ecs", "logs"]}}},
          "Nat": {"Type": "AWS::EC2::NatGateway", "Properties": {"SubnetId": "s"}},
          "Address": {"Type": "AWS::EC2::EIP"}}}
        """);
    List<String> plan = List.of("plan", "--assembly", assembly, "--env", "dev");

    assertThat(CommandRun.of(plan.toArray(String[]::new)).out())
        .contains("\nWith another way out of its network (egress):\n  public-ip: 0.00 USD a month")
        .containsPattern("\n  nat: 3[67]\\.\\d\\d USD a month expected, .* at most \\(chosen\\)\n")
        .contains("\n  endpoints: ");
    JsonNode egress =
        JsonMapper.shared()
            .readTree(
                CommandRun.of("plan", "--assembly", assembly, "--env", "dev", "-o", "json").out())
            .at("/environments/0/egress");
    assertThat(egress.findValuesAsString("egress"))
        .containsExactly("public-ip", "nat", "endpoints");
    assertThat(egress.at("/0/expectedUsd/high").asDouble()).isZero();
    // A gateway and its address, and what goes through it.
    assertThat(egress.at("/1/expectedUsd/high").asDouble()).isBetween(730 * 0.05, 730 * 0.05 + 1);
    // Two endpoints in two zones.
    assertThat(egress.at("/2/expectedUsd/high").asDouble()).isBetween(29.2, 30.2);
    assertThat(egress.at("/1/chosen").asBoolean()).isTrue();
    assertThat(
            CommandRun.of("plan", "--assembly", assembly, "--env", "dev", "-o", "markdown").out())
        .contains("### With another way out of its network")
        .contains("| <code>public-ip</code> | 0.00 USD | 0.00 USD |  |");
  }

  @Test
  void withoutANetworkThereIsNoWayOutToCompare() {
    assertThat(CommandRun.of("plan", "--assembly", assembly, "--env", "dev").out())
        .doesNotContain("egress");
  }

  @Test
  void writesMarkdown() {
    assertThat(CommandRun.of("plan", "--assembly", assembly, "-o", "markdown").out())
        .startsWith("## dev\n\n### Cost\n\n**dev: 2.31 USD a month expected")
        .contains("| <code>AWS::S3::Bucket</code> | 1 |")
        .contains("## prod");
  }

  @Test
  void anUnknownEnvironmentIsToldWithThoseThatThereAre() {
    CommandRun run = CommandRun.of("plan", "--assembly", assembly, "--env", "dve");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--env: given 'dve'; allowed: dev, prod");

    CommandRun first = CommandRun.of("plan", "--env", "dve");
    assertThat(first.exitCode()).isEqualTo(2);
    assertThat(first.err()).contains("no environment 'dve'; allowed: dev, prod");
  }

  @Test
  void withoutTheCdkCliItSaysHowToInstallIt() {
    CommandRun run = CommandRun.of("plan", "--env", "dev");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("the CDK CLI is not installed; fix: sh tools/install cdk");
  }

  @Test
  void everyTypeNameOfWhatIsNotProvenStartsATypeOrIsForAll() {
    assertThat(NotProven.of(List.of("AWS::KMS::Key")))
        .extracting(NotProven::what)
        .contains("quotas", "prices", "key policies")
        .doesNotContain("capacity");
    assertThat(NotProven.of(List.of())).isEmpty();
  }
}
