package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.Outputs;
import dev.mlinfra.core.Target;
import dev.mlinfra.infra.aws.Environments;
import dev.mlinfra.local.Credentials;
import dev.mlinfra.local.EmbeddedAws;
import dev.mlinfra.local.LocalException;
import dev.mlinfra.local.WebIdentityToken;
import dev.mlinfra.testkit.CdkFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two environments in one account and one in another: deployed by an administrator, then changed,
 * compared and used by pipelines and people under their own roles, with IAM enforced.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccountIT {
  private static final Map<String, String> ACCOUNTS =
      new TreeMap<>(Map.of("dev", "123456789012", "prod", "123456789012", "lab", "111122223333"));
  private static final String REGION = "us-east-1";
  private static final Duration LIMIT = Duration.ofMinutes(4);

  @TempDir private static Path folder;

  private final Workspace workspace = Workspace.current();
  private final Map<String, EmbeddedAws> clouds = new TreeMap<>();
  private final Map<String, Environment> environments = new TreeMap<>();
  private Path assembly;
  private Path changedAssembly;

  @BeforeAll
  void deployTheAccountsAndThenTheEnvironments() throws IOException {
    assembly = synthesise("cdk.out", "");
    changedAssembly = synthesise("changed.out", "  data: { resultsDays: 5 }\n");
    for (String account : List.copyOf(new TreeSet<>(ACCOUNTS.values()))) {
      EmbeddedAws aws =
          new EmbeddedAws(
              folder.resolve(account),
              workspace.python("local"),
              workspace.root().resolve("local/src/main/python"),
              REGION,
              account);
      clouds.put(account, aws);
      aws.start();
      aws.enforceIam(false);
      admin(account, "bootstrap", "aws://" + account + "/" + REGION, "--app", assembly.toString());
      deploy(aws.adminEnvironment(), "account-" + account, assembly);
    }
    for (Map.Entry<String, String> environment : ACCOUNTS.entrySet()) {
      deploy(cloud(environment.getKey()).adminEnvironment(), environment.getKey(), assembly);
    }
    clouds.values().forEach(aws -> aws.enforceIam(true));
  }

  @AfterAll
  void leaveNothingBehind() {
    clouds.values().forEach(EmbeddedAws::stop);
  }

  @Test
  @Order(1)
  void whatIsDeployedIsWhatWasSynthesised() {
    clouds.forEach(
        (account, aws) -> {
          List<String> stages = new ArrayList<>(List.of("account-" + account));
          ACCOUNTS.keySet().stream().filter(it -> cloud(it) == aws).forEach(stages::add);
          Program diff = diff(stages, assembly);
          diff.mustSucceed(aws.adminEnvironment(), LIMIT);
          assertThat(diff.lastLine()).contains("Number of stacks with differences: 0");
        });
    assertThat(output("lab", "Training.RoleArn")).startsWith("arn:aws:iam::111122223333:role/");
    assertThat(output("prod", "Training.RoleArn")).startsWith("arn:aws:iam::123456789012:role/");
  }

  @Test
  @Order(2)
  void aPullRequestComparesAndDoesNothingElse() {
    EmbeddedAws aws = cloud("dev");
    Credentials session =
        aws.assumeRole(
            accountOutput("dev", "DiffRoleArn"),
            WebIdentityToken.ofGitHub("repo:octocat/models:pull_request"));

    Program same = diff("dev", assembly);
    same.mustSucceed(aws.roleEnvironment(session), LIMIT);
    assertThat(same.lastLine()).contains("Number of stacks with differences: 0");

    Program changed = diff("dev", changedAssembly);
    assertThat(changed.run(aws.roleEnvironment(session), LIMIT)).isEqualTo(1);
    assertThat(changed.lastLine()).contains("Number of stacks with differences: 1");
    assertThat(log("diff-dev")).contains("ExpirationInDays");

    assertThat(
            deployment("diff-role", "dev", changedAssembly)
                .run(aws.roleEnvironment(session), LIMIT))
        .isNotZero();
    assertDenied(() -> put(aws, session, "dev", "datasets/x.csv"));
    assertDenied(() -> get(aws, session, "dev", "datasets/x.csv"));
  }

  @Test
  @Order(3)
  void onlyTheEnvironmentsOwnWorkflowDeploysIt() {
    EmbeddedAws aws = cloud("dev");
    String role = accountOutput("dev", "DeployRoleDevArn");

    for (String subject :
        List.of(
            "repo:octocat/models:pull_request",
            "repo:octocat/models:environment:prod",
            "repo:octocat/models:ref:refs/heads/main",
            "repo:mallory/models:environment:dev")) {
      assertThatThrownBy(() -> aws.assumeRole(role, WebIdentityToken.ofGitHub(subject)))
          .as(subject)
          .isInstanceOf(LocalException.class)
          .hasMessageContaining("AccessDenied");
    }
    assertThatThrownBy(
            () ->
                aws.assumeRole(
                    role,
                    new WebIdentityToken(
                        "https://token.actions.githubusercontent.com",
                        "somebody.else",
                        "repo:octocat/models:environment:dev")))
        .isInstanceOf(LocalException.class);

    Credentials session =
        aws.assumeRole(role, WebIdentityToken.ofGitHub("repo:octocat/models:environment:dev"));
    assertDenied(() -> put(aws, session, "dev", "datasets/x.csv"));
    deployment("pipeline", "dev", changedAssembly).mustSucceed(aws.roleEnvironment(session), LIMIT);
    Program after = diff("dev", changedAssembly);
    after.mustSucceed(aws.adminEnvironment(), LIMIT);
    assertThat(after.lastLine()).contains("Number of stacks with differences: 0");
  }

  @Test
  @Order(4)
  void anOperatorWorksInTheEnvironmentOfTheSession() {
    EmbeddedAws aws = cloud("dev");
    String role = accountOutput("dev", "OperatorRoleArn");
    Credentials scientist = scientist(aws, role);

    assertThatThrownBy(() -> aws.assumeRole(role, scientist, Map.of()))
        .isInstanceOf(LocalException.class);
    assertThatThrownBy(
            () ->
                aws.assumeRole(
                    role, scientist, Map.of("project", "ml-agent", "environment", "lab")))
        .isInstanceOf(LocalException.class);

    Credentials session =
        aws.assumeRole(role, scientist, Map.of("project", "ml-agent", "environment", "dev"));
    put(aws, session, "dev", "datasets/x.csv");
    assertThat(get(aws, session, "dev", "datasets/x.csv")).isEqualTo("a,b");
    assertDenied(() -> put(aws, session, "dev", "models/x.onnx"));
    assertDenied(() -> put(aws, session, "prod", "datasets/x.csv"));
    assertDenied(() -> get(aws, session, "prod", "datasets/x.csv"));
  }

  @Test
  @Order(5)
  void theBoundaryHoldsWhateverARoleIsGranted() {
    EmbeddedAws aws = cloud("lab");
    String arn = output("lab", "Training.RoleArn");
    String role = arn.substring(arn.lastIndexOf('/') + 1);
    try (IamClient iam = iam(aws)) {
      iam.putRolePolicy(
          put ->
              put.roleName(role)
                  .policyName("TooMuch")
                  .policyDocument(
                      """
                      {"Version": "2012-10-17", "Statement": [
                        {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
                      """));
      Credentials session = aws.assumeRole(arn, "ecs-tasks.amazonaws.com");
      try (S3Client s3 = LocalS3.client(aws.roleEnvironment(session))) {
        assertDenied(s3::listBuckets);

        iam.deleteRolePermissionsBoundary(delete -> delete.roleName(role));
        assertThat(s3.listBuckets().buckets()).isNotEmpty();
      }
    }
  }

  private Path synthesise(String name, String dev) throws IOException {
    Path files = Files.createDirectories(folder.resolve("environments-" + name));
    for (Map.Entry<String, String> environment : ACCOUNTS.entrySet()) {
      String environmentName = environment.getKey();
      Path file =
          Files.writeString(
              files.resolve(environmentName + ".yaml"),
              """
              schema: mlinfra/v1
              environment: %s
              project: ml-agent
              owner: ml-platform
              costCenter: cc-1234
              aws:
                account: "%s"
                region: us-east-1
                shared:
                  images: [training]
                  pulumiState: true
                  operators: ["arn:aws:iam::%s:role/data-scientists"]
                github: { repository: octocat/models }
              %s"""
                  .formatted(
                      environmentName,
                      environment.getValue(),
                      environment.getValue(),
                      environmentName.equals("dev") ? dev : ""));
      environments.put(environmentName, new EnvironmentLoader(Map.of()).load(file));
    }
    Path output = folder.resolve(name);
    App app =
        new App(
            AppProps.builder()
                .context(CdkFlags.from(workspace.root().resolve("cdk.json")))
                .outdir(output.toString())
                .build());
    Environments.addTo(app, files);
    app.synth();
    return output;
  }

  /** A session of a role that a person has after signing in. */
  private static Credentials scientist(EmbeddedAws aws, String operatorRole) {
    String trust =
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
           "Action": "sts:AssumeRole"}]}
        """;
    String policy =
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "%s"}]}
        """
            .formatted(operatorRole);
    try (IamClient iam = iam(aws)) {
      iam.createRole(create -> create.roleName("data-scientists").assumeRolePolicyDocument(trust));
      iam.putRolePolicy(
          put -> put.roleName("data-scientists").policyName("Operate").policyDocument(policy));
    }
    return aws.assumeRole(
        "arn:aws:iam::123456789012:role/data-scientists", aws.administrator(), Map.of());
  }

  private static IamClient iam(EmbeddedAws aws) {
    Map<String, String> admin = aws.adminEnvironment();
    return IamClient.builder()
        .endpointOverride(URI.create(admin.get("AWS_ENDPOINT_URL")))
        .region(Region.AWS_GLOBAL)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    admin.get("AWS_ACCESS_KEY_ID"), admin.get("AWS_SECRET_ACCESS_KEY"))))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private EmbeddedAws cloud(String environment) {
    return clouds.get(ACCOUNTS.get(environment));
  }

  private String accountOutput(String environment, String name) {
    return JsonMapper.shared()
        .readTree(Outputs.file(folder, "account-" + ACCOUNTS.get(environment), Target.AWS))
        .path("ml-agent-account-Access")
        .path(name)
        .asString();
  }

  private void admin(String account, String... arguments) {
    cdk("admin-" + arguments[0] + "-" + account, arguments)
        .mustSucceed(clouds.get(account).adminEnvironment(), LIMIT);
  }

  private void deploy(Map<String, String> environment, String stage, Path from) throws IOException {
    Files.createDirectories(Outputs.file(folder, stage, Target.AWS).getParent());
    deployment("deploy", stage, from).mustSucceed(environment, LIMIT);
  }

  private Program deployment(String name, String stage, Path from) {
    return cdk(
        name + "-" + stage,
        "deploy",
        stage + "/*",
        "--method=direct",
        "--require-approval",
        "never",
        "--outputs-file",
        Outputs.file(folder, stage, Target.AWS).toString(),
        "--app",
        from.toString());
  }

  private Program diff(String stage, Path from) {
    return diff(List.of(stage), from);
  }

  private Program diff(List<String> stages, Path from) {
    List<String> arguments = new ArrayList<>(List.of("diff"));
    stages.forEach(stage -> arguments.add(stage + "/*"));
    arguments.addAll(List.of("--fail", "--method=template", "--app", from.toString()));
    return cdk("diff-" + stages.get(0), arguments.toArray(String[]::new));
  }

  private static String log(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program cdk(String name, String... arguments) {
    return Program.cdk(workspace, name, folder.resolve(name + ".log"), arguments);
  }

  private void put(EmbeddedAws aws, Credentials session, String environment, String key) {
    try (S3Client s3 = LocalS3.client(aws.roleEnvironment(session))) {
      s3.putObject(put -> put.bucket(bucket(environment)).key(key), RequestBody.fromString("a,b"));
    }
  }

  private String get(EmbeddedAws aws, Credentials session, String environment, String key) {
    try (S3Client s3 = LocalS3.client(aws.roleEnvironment(session))) {
      return s3.getObjectAsBytes(get -> get.bucket(bucket(environment)).key(key)).asUtf8String();
    }
  }

  private String bucket(String environment) {
    return output(environment, "Data.BucketName");
  }

  private String output(String environment, String name) {
    return Outputs.of(folder, environments.get(environment)).get(Target.AWS, name);
  }

  private static void assertDenied(Runnable request) {
    assertThatThrownBy(request::run)
        .isInstanceOf(S3Exception.class)
        .satisfies(e -> assertThat(((S3Exception) e).statusCode()).isEqualTo(403));
  }
}
