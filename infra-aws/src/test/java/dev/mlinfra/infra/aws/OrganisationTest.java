package dev.mlinfra.infra.aws;

import static dev.mlinfra.infra.aws.EnvironmentFolder.ACCOUNT;
import static dev.mlinfra.infra.aws.EnvironmentFolder.aws;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an organisation demands holds in every stack: environments and what exists once. */
class OrganisationTest {
  @TempDir Path root;

  @Test
  void everyRoleHasTheOrganisationsBoundaryAndPath() {
    Model model =
        everything(
            "aws",
            "us-east-1",
            "permissionsBoundaryArn: arn:aws:iam::123456789012:policy/boundary, rolePath: /ml/");

    List<Resource> roles = model.resources("AWS::IAM::Role");
    assertThat(roles).hasSize(6);
    assertThat(roles)
        .allSatisfy(
            role -> {
              assertThat(role.property("PermissionsBoundary").asText())
                  .as(role.label())
                  .hasValue("arn:aws:iam::123456789012:policy/boundary");
              assertThat(role.property("Path").asText()).as(role.label()).hasValue("/ml/");
            });
    assertThat(model.resources("AWS::IAM::ManagedPolicy")).isEmpty();
  }

  @Test
  void withoutOneEveryRoleHasOneOfOurs() {
    Model model = everything("aws", "us-east-1", "rolePath: /");

    assertThat(model.resources("AWS::IAM::Role"))
        .hasSize(6)
        .allSatisfy(
            role ->
                assertThat(role.property("PermissionsBoundary").isMissing())
                    .as(role.label())
                    .isFalse());
    assertThat(model.resources("AWS::IAM::Role"))
        .filteredOn(role -> !role.id().stack().startsWith("account-"))
        .hasSize(2)
        .allSatisfy(
            role ->
                assertThat(
                        role.property("PermissionsBoundary")
                            .resolvedText(model.contextOf(role))
                            .toString())
                    .isEqualTo("arn:aws:iam::123456789012:policy/ml-agent-workload-boundary"));
  }

  @Test
  void everyStackIsDeployedByTheOrganisationsBootstrap() throws IOException {
    everything("aws", "us-east-1", "bootstrapQualifier: mlteam");

    try (Stream<Path> files = Files.walk(root.resolve("cdk.out"))) {
      List<JsonNode> stacks =
          files
              .filter(file -> file.endsWith("manifest.json"))
              .flatMap(file -> JsonMapper.shared().readTree(file).path("artifacts").valueStream())
              .filter(artifact -> artifact.path("type").asString().endsWith(":stack"))
              .toList();
      assertThat(stacks).hasSize(5);
      assertThat(stacks)
          .allSatisfy(
              stack ->
                  assertThat(stack.path("properties").toString())
                      .contains("cdk-mlteam-deploy-role")
                      .contains("cdk-mlteam-cfn-exec-role")
                      .contains("/cdk-bootstrap/mlteam/version")
                      .doesNotContain("hnb659fds"));
    }
  }

  @Test
  void aPipelineAssumesTheRolesOfTheOrganisationsBootstrap() {
    Model model = everything("aws", "us-east-1", "bootstrapQualifier: mlteam");

    assertThat(
            model.resources("AWS::IAM::Policy").stream()
                .filter(policy -> policy.label().contains("DeployRole"))
                .map(policy -> policy.properties().toJson()))
        .isNotEmpty()
        .allSatisfy(
            policy -> assertThat(policy).contains("cdk-mlteam-").doesNotContain("hnb659fds"));
  }

  @Test
  void everyTaggedResourceHasTheOrganisationsTags() {
    Model model = everything("aws", "us-east-1", "extraTags: { data-class: internal }");

    List<Resource> tagged =
        model.resources().stream()
            .filter(resource -> !resource.property("Tags").isMissing())
            .toList();
    assertThat(tagged).hasSizeGreaterThan(20);
    assertThat(tagged)
        .allSatisfy(
            resource ->
                assertThat(resource.property("Tags").toJson())
                    .as(resource.label())
                    .contains("data-class")
                    .contains("internal"));
  }

  @ParameterizedTest
  @CsvSource({"aws,us-east-1", "aws-cn,cn-north-1", "aws-us-gov,us-gov-west-1"})
  void arnsAreOfThePartition(String partition, String region) {
    Model model = everything(partition, region, "rolePath: /");

    assertThat(model.stacks())
        .extracting(Stack::region)
        .allSatisfy(it -> assertThat(it).hasValue(region));
    assertThat(model.resources("AWS::IAM::Role"))
        .filteredOn(role -> role.id().stack().equals("dev/Training"))
        .singleElement()
        .satisfies(
            role ->
                assertThat(role.properties().toJson())
                    .contains("arn:" + partition + ":ecs:" + region + ":123456789012:*"));
    String wrong = partition.equals("aws") ? "arn:aws-" : "arn:aws:";
    for (Resource resource : model.resources()) {
      assertThat(texts(resource.properties()).filter(text -> text.contains(wrong)))
          .as(resource.label())
          .isEmpty();
    }
  }

  private static Stream<String> texts(Value value) {
    return Stream.concat(
        value.asText().stream(), value.children().stream().flatMap(OrganisationTest::texts));
  }

  /** An environment and an account in which nothing that makes a role is left out. */
  private Model everything(String partition, String region, String organization) {
    String arn = "arn:" + partition + ":iam::123456789012:role/";
    return new EnvironmentFolder(root)
        .with(
            "dev",
            "organization: { partition: "
                + partition
                + ", "
                + organization
                + " }\n"
                + aws(ACCOUNT, region)
                + """
                    shared:
                      images: [training]
                      pulumiState: true
                      operators: ["%sdata-scientists"]
                    github:
                      repository: octocat/models
                      imagePipeline:
                        image: training
                        cluster: tasks
                        taskFamily: prices
                        taskRoleArn: %sprices-task
                        executionRoleArn: %sprices-execution
                    data: { encryption: kms }
                  """
                    .formatted(arn, arn, arn))
        .synthesise();
  }
}
