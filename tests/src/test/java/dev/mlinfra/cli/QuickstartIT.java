package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Outputs;
import dev.mlinfra.core.Target;
import dev.mlinfra.local.Credentials;
import dev.mlinfra.local.EmbeddedAws;
import dev.mlinfra.local.LambdaHost;
import dev.mlinfra.local.LocalException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The embedded default from end to end, twice, and then once for each permission without it: every
 * permission that is granted is needed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuickstartIT {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** More than the 8 MiB that the function sends at once. */
  private static final int LATE_FAILURE_BYTES = 12 << 20;

  @TempDir private static Path folder;

  /** One environment with keys that S3 keeps, one with a key of its own. */
  private static final List<String> ENVIRONMENTS = List.of("dev", "prod");

  private final Map<String, SampleRun> samples = new LinkedHashMap<>();
  private Workspace workspace;
  private EmbeddedAws aws;
  private String firstOutput;

  @BeforeAll
  void quickstart() {
    System.setProperty("mlinfra.state", folder.toString());
    for (String name : ENVIRONMENTS) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int exitCode = run(out, err, "quickstart", "--env", name);
      assertThat(exitCode).as("%s%n%s", out, err).isZero();
      System.out.println(out);
      firstOutput = firstOutput == null ? out.toString() : firstOutput;
    }
    workspace = Workspace.current();
    for (String name : ENVIRONMENTS) {
      Environment environment = workspace.environment(name);
      aws = workspace.embeddedAws(environment.aws().orElseThrow());
      SampleRun sample = new SampleRun(workspace, environment, aws);
      sample.upload();
      sample.train();
      samples.put(name, sample);
    }
  }

  @AfterAll
  void leaveNothingBehind() throws InterruptedException {
    try {
      EmbeddedAws.Handle server = aws.status().server().orElseThrow();
      assertThat(run(new StringWriter(), new StringWriter(), "local", "down")).isZero();
      assertThat(ended(server.pid())).isTrue();
      assertThat(folder.resolve("local")).doesNotExist();
      assertThat(folder.resolve("quickstart")).doesNotExist();
      assertThat(run(new StringWriter(), new StringWriter(), "local", "status")).isEqualTo(3);
    } finally {
      System.clearProperty("mlinfra.state");
    }
  }

  private static boolean ended(long pid) throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
        return true;
      }
      Thread.sleep(100);
    }
    return false;
  }

  @Test
  @Order(1)
  void saysWhatItMadeAndWhatItCouldNotCheck() {
    assertThat(firstOutput)
        .containsPattern("Price what was synthesised .* USD a month expected, .* USD at most")
        .contains("442 predictions")
        .contains("442 rows, largest relative difference")
        .contains("1 AWS::S3::Bucket")
        .contains("Not checked here, since the emulator cannot:")
        .contains("3 tries, then kept in")
        .contains("[17/17] Predict through its endpoint and compare with scikit-learn")
        .containsPattern(
            "\\[16/17] Deploy runpod-dev .* endpoint [a-z0-9]{14}, volume [a-z0-9]{14}");
    // The emulated account ends with the command, and what was deployed to it goes.
    assertThat(folder.resolve("quickstart/dev/runpod")).doesNotExist();
  }

  @Test
  @Order(2)
  void worksASecondTimeOnTheSameServer() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    assertThat(run(out, err, "quickstart")).as("%s%n%s", out, err).isZero();
    assertThat(out.toString()).contains("(ran already)");
    System.out.println(out);
  }

  @Test
  @Order(2)
  void thePlainCdkCliSeesNoDifference() {
    Program diff =
        new Program(
            "cdk diff",
            List.of(
                workspace.cdk().toString(),
                "diff",
                "dev/*",
                "--fail",
                "--method=template",
                "--app",
                folder.resolve("quickstart/dev/cdk.out").toString()),
            workspace.root(),
            folder.resolve("diff.log"));
    diff.mustSucceed(aws.adminEnvironment(), Duration.ofMinutes(2));
    assertThat(diff.lastLine()).contains("Number of stacks with differences: 0");
  }

  @Test
  @Order(3)
  void theFailedCallCanBeReadBack() {
    String url = outputs("dev").get(Target.AWS, "Prediction.FailureQueueUrl");
    Program receive =
        new Program(
            "receive-message",
            List.of(
                workspace.python("local").toString(),
                workspace.root().resolve("tests/src/test/python/receive_message.py").toString(),
                url),
            workspace.root(),
            folder.resolve("message.json"));
    receive.mustSucceed(aws.adminEnvironment(), Duration.ofMinutes(1));

    JsonNode record = JSON.readTree(receive.lastLine());
    assertThat(record.at("/requestContext/condition").asString()).isEqualTo("RetriesExhausted");
    assertThat(record.path("responsePayload").toString()).contains("PICKLE_REFUSED");
    assertThat(record.at("/requestPayload/model_key").asString()).endsWith("model.pkl");
  }

  @Test
  @Order(4)
  void iamIsEnforced() {
    Outputs outputs = outputs("dev");
    Credentials trainer =
        aws.assumeRole(outputs.get(Target.AWS, "Training.RoleArn"), "ecs-tasks.amazonaws.com");
    try (S3Client s3 = s3(trainer)) {
      assertThatThrownBy(
              () ->
                  s3.putObject(
                      put ->
                          put.bucket(outputs.get(Target.AWS, "Data.BucketName")).key("results/x"),
                      RequestBody.fromString("x")))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
    }
    assertThatThrownBy(
            () ->
                aws.assumeRole(outputs.get(Target.AWS, "Training.RoleArn"), "lambda.amazonaws.com"))
        .hasMessageContaining("AccessDenied");
  }

  /** One permission of one role: an action on one resource. */
  record Permission(
      String environment,
      String stack,
      String role,
      String policy,
      String action,
      String resource) {
    @Override
    public String toString() {
      return role + " " + action + " on " + resource;
    }
  }

  List<Permission> permissions() {
    List<Permission> permissions = new ArrayList<>();
    try (IamClient iam = iam()) {
      for (String environment : ENVIRONMENTS) {
        for (String stack : List.of("Training", "Prediction")) {
          String role = roleOf(environment, stack);
          for (String policy : iam.listRolePolicies(list -> list.roleName(role)).policyNames()) {
            for (JsonNode statement : document(iam, role, policy).path("Statement")) {
              for (String action : texts(statement.path("Action"))) {
                for (String resource : texts(statement.path("Resource"))) {
                  permissions.add(
                      new Permission(environment, stack, role, policy, action, resource));
                }
              }
            }
          }
        }
      }
    }
    assertThat(permissions).hasSizeGreaterThanOrEqualTo(9 + 13);
    return permissions;
  }

  /** Fails late, so that parts of its output have been sent: with the permission none is left. */
  @Test
  @Order(4)
  void aLongPredictionThatFailsLeavesNoParts() {
    assertThat(ENVIRONMENTS).allSatisfy(name -> assertThat(partsOfALateFailure(name)).isZero());
  }

  @ParameterizedTest
  @MethodSource("permissions")
  @Order(5)
  void withoutThisPermissionQuickstartFails(Permission permission) throws IOException {
    try (IamClient iam = iam()) {
      JsonNode whole = document(iam, permission.role(), permission.policy());
      long before = Files.size(aws.status().log());
      put(iam, permission, without(whole, permission));
      try {
        if (permission.action().equals("s3:AbortMultipartUpload")) {
          // What a call failed of is what it tells, so only the parts show it.
          assertThat(partsOfALateFailure(permission.environment())).isPositive();
        } else {
          assertThatThrownBy(() -> run(samples.get(permission.environment()), permission.stack()))
              .isInstanceOfAny(CommandFailure.class, LocalException.class)
              .message()
              .containsAnyOf("AccessDenied", "ACCESS_DENIED", "not authorized", "Access Denied");
        }
      } finally {
        put(iam, permission, whole);
      }
      String log = Files.readString(aws.status().log()).substring((int) before);
      assertThat(log).containsPattern("denied: .*" + Pattern.quote(permission.action()));
    }
  }

  @Test
  @Order(6)
  void withAllPermissionsItWorksAgain() {
    SampleRun sample = samples.get("dev");
    run(sample, "Training");
    run(sample, "Prediction");
    assertThat(sample.compare()).contains("442 rows");
  }

  /** The steps of quickstart that a role has a part in. */
  private static void run(SampleRun sample, String stack) {
    if (stack.equals("Training")) {
      sample.train();
    } else {
      sample.predict();
      sample.failOnPurpose();
    }
  }

  /**
   * Predicts for rows of which the last has no number, and returns how many uploads are under way
   * afterwards.
   */
  private int partsOfALateFailure(String environment) {
    Outputs outputs = outputs(environment);
    String bucket = outputs.get(Target.AWS, "Data.BucketName");
    try (S3Client s3 = LocalS3.client(aws);
        LambdaHost function =
            LambdaHost.open(aws, outputs.get(Target.AWS, "Prediction.AliasArn"))) {
      String model =
          s3.listObjectsV2(list -> list.bucket(bucket).prefix("models/")).contents().stream()
              .map(S3Object::key)
              .filter(key -> key.endsWith(".onnx"))
              .findFirst()
              .orElseThrow();
      String row = "0.1234567890,".repeat(9) + "0.1234567890\n";
      String data =
          "age,sex,bmi,bp,s1,s2,s3,s4,s5,s6\n"
              + row.repeat(LATE_FAILURE_BYTES / row.length())
              + row.replace('0', 'x');
      s3.putObject(
          put -> put.bucket(bucket).key("datasets/late-failure.csv"), RequestBody.fromString(data));
      LambdaHost.Invocation answer =
          function.invoke(
              JSON.writeValueAsString(
                  Map.of(
                      "model_bucket", bucket,
                      "model_key", model,
                      "data_bucket", bucket,
                      "data_key", "datasets/late-failure.csv",
                      "output_key", "results/late-failure.csv")));
      assertThat(answer.body()).contains("VALUE_NOT_NUMERIC");
      return s3.listMultipartUploads(list -> list.bucket(bucket)).uploads().size();
    }
  }

  private Outputs outputs(String environment) {
    return Outputs.of(workspace.made("quickstart"), workspace.environment(environment));
  }

  private String roleOf(String environment, String stack) {
    String arn = outputs(environment).get(Target.AWS, stack + ".RoleArn");
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  private static JsonNode document(IamClient iam, String role, String policy) {
    return JSON.readTree(
        URLDecoder.decode(
            iam.getRolePolicy(get -> get.roleName(role).policyName(policy)).policyDocument(),
            StandardCharsets.UTF_8));
  }

  private static void put(IamClient iam, Permission permission, JsonNode document) {
    iam.putRolePolicy(
        put ->
            put.roleName(permission.role())
                .policyName(permission.policy())
                .policyDocument(document.toString()));
  }

  /** The document with one action on one resource taken out and all else left as it was. */
  private static JsonNode without(JsonNode whole, Permission permission) {
    ArrayNode statements = JSON.createArrayNode();
    for (JsonNode statement : whole.path("Statement")) {
      for (String action : texts(statement.path("Action"))) {
        for (String resource : texts(statement.path("Resource"))) {
          if (!action.equals(permission.action()) || !resource.equals(permission.resource())) {
            statements.add(
                JSON.createObjectNode()
                    .put("Effect", "Allow")
                    .put("Action", action)
                    .put("Resource", resource));
          }
        }
      }
    }
    ObjectNode document = JSON.createObjectNode().put("Version", "2012-10-17");
    document.set("Statement", statements);
    return document;
  }

  private static List<String> texts(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).map(JsonNode::asString).toList()
        : List.of(node.asString());
  }

  private static int run(StringWriter out, StringWriter err, String... arguments) {
    return Mlinfra.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private IamClient iam() {
    Map<String, String> admin = aws.adminEnvironment();
    return IamClient.builder()
        .endpointOverride(URI.create(admin.get("AWS_ENDPOINT_URL")))
        .region(Region.US_EAST_1)
        .credentialsProvider(administrator(admin))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private S3Client s3(Credentials credentials) {
    Map<String, String> environment = aws.roleEnvironment(credentials);
    return S3Client.builder()
        .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL")))
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create(
                    environment.get("AWS_ACCESS_KEY_ID"),
                    environment.get("AWS_SECRET_ACCESS_KEY"),
                    environment.get("AWS_SESSION_TOKEN"))))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private static StaticCredentialsProvider administrator(Map<String, String> admin) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(
            admin.get("AWS_ACCESS_KEY_ID"), admin.get("AWS_SECRET_ACCESS_KEY")));
  }
}
