package dev.mlinfra.infra.aws;

import static dev.mlinfra.infra.aws.EnvironmentFolder.ACCOUNT;
import static dev.mlinfra.infra.aws.EnvironmentFolder.aws;
import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Grant;
import dev.mlinfra.policy.Permissions;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Stack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What exists once per account. */
class AccountStageTest {
  private static final String GITHUB = "  github: { repository: octocat/models }\n";

  @TempDir Path root;
  private EnvironmentFolder folder;

  @BeforeEach
  void newFolder() {
    folder = new EnvironmentFolder(root);
  }

  @Test
  void twoEnvironmentsOfOneAccountShareItsStage() {
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1"))
            .with("prod", aws(ACCOUNT, "us-east-1"))
            .synthesise();

    assertThat(stacks(model))
        .containsExactlyInAnyOrder(
            "account-123456789012/Access",
            "account-123456789012/Shared",
            "dev/Data",
            "dev/Prediction",
            "dev/Training",
            "prod/Data",
            "prod/Prediction",
            "prod/Training");
  }

  @Test
  void eachAccountHasItsOwnStage() {
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1"))
            .with("prod", aws("111122223333", "eu-west-1"))
            .synthesise();

    assertThat(stacks(model))
        .contains("account-123456789012/Access", "account-111122223333/Access")
        .hasSize(10);
    assertThat(model.stack("account-111122223333/Access").orElseThrow().region())
        .hasValue("eu-west-1");
  }

  @Test
  void oneEnvironmentAloneIsSynthesisedWithoutIt() {
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1"))
            .with("prod", aws(ACCOUNT, "us-east-1"))
            .synthesise(Map.of("env", "dev"));

    assertThat(stacks(model))
        .containsExactlyInAnyOrder("dev/Data", "dev/Prediction", "dev/Training");
  }

  @Test
  void environmentsThatDoNotAgreeAreTold() {
    folder
        .with("dev", aws(ACCOUNT, "us-east-1"))
        .with("prod", aws(ACCOUNT, "us-east-1") + "  shared: { pulumiState: true }\n");

    assertThatThrownBy(() -> folder.synthesise())
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("aws.shared: differs between the environments of account");
  }

  @Test
  void byDefaultItHoldsBoundariesAndAnImageRepository() {
    Model model = folder.with("dev", aws(ACCOUNT, "us-east-1")).synthesise();

    assertThatTemplate(of(model, "Access")).hasOnlyTypes("AWS::IAM::ManagedPolicy");
    assertThat(of(model, "Access").resources("AWS::IAM::ManagedPolicy"))
        .extracting(policy -> policy.property("ManagedPolicyName").asText().orElseThrow())
        .containsExactlyInAnyOrder("ml-agent-access-boundary", "ml-agent-workload-boundary");
    assertThatTemplate(of(model, "Shared"))
        .hasOnlyTypes("AWS::ECR::Repository", "AWS::SSM::Parameter")
        .hasProperty("AWS::ECR::Repository", "RepositoryName", "ml-agent/training");
  }

  @Test
  void withoutImagesAndStateThereIsNoSharedStack() {
    Model model =
        folder.with("dev", aws(ACCOUNT, "us-east-1") + "  shared: { images: [] }\n").synthesise();

    assertThat(stacks(model))
        .contains("account-123456789012/Access")
        .doesNotContain("account-123456789012/Shared");
  }

  @Test
  void pulumisStateHasABucketAKeyAndItsPlaceInTheOutputs() {
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1") + "  shared: { pulumiState: true }\n")
            .synthesise();

    assertThatTemplate(of(model, "Shared"))
        .hasResources("AWS::S3::Bucket", 1)
        .hasResources("AWS::KMS::Key", 1)
        .hasProperty("AWS::KMS::Alias", "AliasName", "alias/ml-agent/pulumi-state");
    assertThat(of(model, "Shared").outputs())
        .extracting(Output::name)
        .contains("PulumiBackendUrl", "PulumiSecretsProvider");
  }

  @Test
  void pullRequestsMayOnlyReadStacks() {
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1") + GITHUB)
            .with("prod", aws(ACCOUNT, "us-east-1") + GITHUB)
            .synthesise();

    assertThat(trust(model, "DiffRole"))
        .singleElement()
        .extracting(Grant::condition)
        .asString()
        .contains("repo:octocat/models:pull_request")
        .doesNotContain("*");
    assertThat(actions(model, "DiffRole"))
        .isNotEmpty()
        .allMatch(action -> action.matches("(cloudformation:(Describe|Get|List)|ssm:Get).*"));
  }

  @Test
  void aDeployRoleTrustsTheEnvironmentOfItsName() {
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1") + GITHUB)
            .with("prod", aws(ACCOUNT, "us-east-1") + GITHUB)
            .synthesise();

    assertThat(trust(model, "DeployRoleprod"))
        .singleElement()
        .extracting(Grant::condition)
        .asString()
        .contains("repo:octocat/models:environment:prod");
    assertThat(actions(model, "DeployRoleprod")).containsOnly("sts:AssumeRole");
    assertThat(of(model, "Access").outputs())
        .extracting(Output::name)
        .contains("DiffRoleArn", "DeployRoleDevArn", "DeployRoleProdArn");
  }

  @Test
  void aDeployRoleTrustsTheBranchThatTheFileNames() {
    Model model =
        folder
            .with(
                "dev",
                aws(ACCOUNT, "us-east-1")
                    + "  github: { repository: octocat/models, deployBranch: main }\n")
            .synthesise();

    assertThat(trust(model, "DeployRoledev"))
        .singleElement()
        .extracting(Grant::condition)
        .asString()
        .contains("repo:octocat/models:ref:refs/heads/main");
  }

  @Test
  void deployRolesMayUsePulumisState() {
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1") + GITHUB + "  shared: { pulumiState: true }\n")
            .synthesise();

    assertThat(actions(model, "DeployRoledev"))
        .contains("sts:AssumeRole", "s3:PutObject", "kms:Decrypt");
  }

  @Test
  void anExistingProviderIsUsed() {
    String arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    Model model =
        folder
            .with(
                "dev",
                aws(ACCOUNT, "us-east-1")
                    + "  github: { repository: octocat/models, oidcProviderArn: \""
                    + arn
                    + "\" }\n")
            .synthesise();

    assertThatTemplate(of(model, "Access")).hasNoResource("AWS::IAM::OIDCProvider");
    assertThat(trust(model, "DeployRoledev"))
        .singleElement()
        .extracting(Grant::principal)
        .asString()
        .contains(arn);
  }

  @Test
  void anImagePipelinePushesOneRepositoryAndRunsOneTask() {
    Model model =
        folder
            .with(
                "dev",
                aws(ACCOUNT, "us-east-1")
                    + """
                        shared: { images: [training, prices] }
                        github:
                          repository: octocat/models
                          deployBranch: main
                          imagePipeline:
                            image: prices
                            cluster: tasks
                            taskFamily: prices
                            taskRoleArn: arn:aws:iam::123456789012:role/prices-task
                            executionRoleArn: arn:aws:iam::123456789012:role/prices-execution
                            logGroup: /ecs/prices
                            dataObject: my-bucket/datasets/prices.csv
                      """)
            .synthesise();

    List<Grant> grants =
        Permissions.of(of(model, "Access")).identity().stream()
            .filter(grant -> grant.principal().contains("ImagePipelineRole"))
            .toList();
    assertThat(grants)
        .filteredOn(grant -> grant.action().equals("iam:PassRole"))
        .extracting(Grant::resource)
        .containsExactlyInAnyOrder(
            "arn:aws:iam::123456789012:role/prices-task",
            "arn:aws:iam::123456789012:role/prices-execution");
    assertThat(grants)
        .filteredOn(grant -> grant.resource().equals("*"))
        .extracting(Grant::action)
        .containsOnly("ecr:GetAuthorizationToken");
    assertThat(grants)
        .filteredOn(grant -> grant.action().equals("ecs:RunTask"))
        .singleElement()
        .satisfies(grant -> assertThat(grant.resource()).contains(":task-definition/prices:"));
    assertThat(grants)
        .filteredOn(
            grant ->
                List.of("ssm:PutParameter", "logs:GetLogEvents", "s3:PutObject")
                    .contains(grant.action()))
        .extracting(Grant::resource)
        .containsExactlyInAnyOrder(
            "arn:aws:ssm:us-east-1:123456789012:parameter/mlinfra/ml-agent/dev/images/prices",
            "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/prices:log-stream:*",
            "arn:aws:s3:::my-bucket/datasets/prices.csv");
  }

  @Test
  void operatorsChooseAnEnvironmentOfTheAccount() {
    String operators =
        "  shared: { operators: [\"arn:aws:iam::123456789012:role/data-scientists\"] }\n";
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1") + operators)
            .with("prod", aws(ACCOUNT, "us-east-1") + operators)
            .synthesise();

    assertThat(trust(model, "OperatorRole"))
        .isNotEmpty()
        .extracting(Grant::condition)
        .anySatisfy(condition -> assertThat(condition).contains("dev").contains("prod"));
    assertThat(actions(model, "OperatorRole"))
        .contains("s3:GetObject", "lambda:InvokeFunction")
        .noneMatch(action -> action.contains("*"))
        .noneMatch(action -> action.startsWith("iam:"))
        .doesNotContain("s3:DeleteObjectVersion");
  }

  @Test
  void outputsAreParametersToo() {
    Model model = folder.with("dev", aws(ACCOUNT, "us-east-1") + GITHUB).synthesise();

    assertThat(model.resources("AWS::SSM::Parameter"))
        .extracting(parameter -> parameter.property("Name").asText().orElseThrow())
        .contains(
            "/mlinfra/ml-agent/account/aws/Access/DeployRoleDevArn",
            "/mlinfra/ml-agent/account/aws/Shared/ImageTrainingUri",
            "/mlinfra/ml-agent/dev/aws/Data/BucketName",
            "/mlinfra/ml-agent/dev/aws/Prediction/AliasArn",
            "/mlinfra/ml-agent/dev/aws/Training/RoleArn");
  }

  @Test
  void itIsTaggedAsWhatItIs() {
    Model model =
        folder
            .with("dev", aws(ACCOUNT, "us-east-1") + GITHUB + "  shared: { pulumiState: true }\n")
            .synthesise();

    assertThatTemplate(model).hasCostTags().hasNoGaps();
    assertThat(of(model, "Shared").resources("AWS::S3::Bucket").get(0).property("Tags").toJson())
        .contains("{\"Key\":\"environment\",\"Value\":\"account\"}");
  }

  private static List<String> stacks(Model model) {
    return model.stacks().stream().map(Stack::id).toList();
  }

  private static Model of(Model model, String stack) {
    return new Model(
        model.kind(),
        List.of(model.stack("account-123456789012/" + stack).orElseThrow()),
        model.gaps());
  }

  private static List<Grant> trust(Model model, String role) {
    return Permissions.of(of(model, "Access")).trust().stream()
        .filter(grant -> grant.resource().contains(role))
        .toList();
  }

  private static List<String> actions(Model model, String role) {
    return Permissions.of(model).identity().stream()
        .filter(grant -> grant.principal().contains(role))
        .map(Grant::action)
        .distinct()
        .toList();
  }
}
