package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts the real emulator and runs a real function in it, under its own role. */
class EmbeddedAwsIT {
  private static final Path PYTHON = Path.of(System.getProperty("mlinfra.python.local"));
  private static final Path MODULE = Path.of(System.getProperty("mlinfra.local.basedir"));
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Two parameters and a role that may read the one of the environment in its session's tag. */
  private static final String TAGGED_ROLE =
      """
      {"Resources": {
        "Dev": {"Type": "AWS::SSM::Parameter",
          "Properties": {"Name": "/dev/x", "Type": "String", "Value": "1"}},
        "Prod": {"Type": "AWS::SSM::Parameter",
          "Properties": {"Name": "/prod/x", "Type": "String", "Value": "1"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "tagged",
          "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Principal": {"AWS": {"Ref": "AWS::AccountId"}}}]},
          "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ssm:GetParameter",
              "Resource": "arn:aws:ssm:*:*:parameter/${aws:PrincipalTag/environment}/*"}]}}]}}}}
      """;

  /** A parameter and a role that reads it, for pipelines on the main branch. */
  private static final String GITHUB_ROLE =
      """
      {"Resources": {
        "Dev": {"Type": "AWS::SSM::Parameter",
          "Properties": {"Name": "/dev/x", "Type": "String", "Value": "1"}},
        "Provider": {"Type": "AWS::IAM::OIDCProvider", "Properties": {
          "Url": "https://token.actions.githubusercontent.com",
          "ClientIdList": ["sts.amazonaws.com"]}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "github",
          "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": {"Ref": "Provider"}},
            "Condition": {"StringEquals": {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": "repo:acme/ml:ref:refs/heads/main"}}}]},
          "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}]}}]}}}}
      """;

  @TempDir Path folder;
  private EmbeddedAws aws;

  @BeforeEach
  void usePython() {
    assertThat(PYTHON).as("run tools/install").isExecutable();
    aws = aws();
  }

  @AfterEach
  void stop() {
    aws.stop();
  }

  private EmbeddedAws aws() {
    return new EmbeddedAws(folder.resolve("state"), PYTHON, MODULE.resolve("src/main/python"));
  }

  @Test
  void startsOnceIsFoundAndLeavesNothing() throws Exception {
    // Eight at once: one starts, all get the same server.
    List<CompletableFuture<EmbeddedAws.Handle>> starts =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> aws().start())).limit(8).toList();
    List<EmbeddedAws.Handle> handles = starts.stream().map(CompletableFuture::join).toList();
    assertThat(handles).extracting(EmbeddedAws.Handle::pid).containsOnly(handles.get(0).pid());
    assertThat(handles).filteredOn(EmbeddedAws.Handle::startedNow).hasSize(1);
    assertThat(aws.status().server()).isPresent();
    assertThat(aws.status().iamEnforced()).isFalse();
    assertThat(aws.adminEnvironment())
        .containsEntry("AWS_ENDPOINT_URL", "http://localhost:" + handles.get(0).port())
        .containsEntry("AWS_REGION", "us-east-1")
        .containsEntry("AWS_CONFIG_FILE", "/dev/null")
        .containsEntry("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .containsEntry("NO_PROXY", "localhost,127.0.0.1")
        .containsEntry("CDK_DISABLE_CLI_TELEMETRY", "true")
        .containsEntry("CDK_NOTICES", "false")
        .containsKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CDK_VALIDATION");
    assertThat(aws.notChecked()).extracting(EmbeddedAws.NotChecked::what).contains("TLS", "KMS");
    assertThat(Files.getPosixFilePermissions(folder.resolve("state/credentials.json"))).hasSize(2);

    assertThat(aws.stop()).isTrue();
    assertThat(folder.resolve("state")).doesNotExist();
    // The server is a child of this JVM, which may take a moment to notice its end.
    Optional<ProcessHandle> ended = ProcessHandle.of(handles.get(0).pid());
    if (ended.isPresent()) {
      ended.get().onExit().get(5, TimeUnit.SECONDS);
    }
    assertThat(aws.status().server()).isEmpty();
    assertThat(aws.stop()).isFalse();
  }

  @Test
  void aServerThatWasKilledIsReplaced() throws Exception {
    EmbeddedAws.Handle first = aws.start();
    ProcessHandle killed = ProcessHandle.of(first.pid()).orElseThrow();
    killed.destroyForcibly();
    killed.onExit().get(10, TimeUnit.SECONDS);
    assertThat(aws.status().server()).isEmpty();
    EmbeddedAws.Handle second = aws.start();
    assertThat(second.startedNow()).isTrue();
    assertThat(second.pid()).isNotEqualTo(first.pid());
  }

  @Test
  void aServerOfAnotherAccountOrFromOtherSourcesIsReplaced() throws Exception {
    Path sources = folder.resolve("sources");
    copy(MODULE.resolve("src/main/python"), sources);
    Path state = folder.resolve("state");
    EmbeddedAws copied = new EmbeddedAws(state, PYTHON, sources);
    EmbeddedAws other = new EmbeddedAws(state, PYTHON, sources, "us-east-1", "210987654321");
    try {
      EmbeddedAws.Handle first = copied.start();
      assertThat(copied.start())
          .isEqualTo(new EmbeddedAws.Handle(first.port(), first.pid(), false));
      EmbeddedAws.Handle second = other.start();
      assertThat(second.startedNow()).isTrue();
      assertThat(ProcessHandle.of(first.pid()).filter(this::runs)).isEmpty();
      assertThat(other.start().startedNow()).isFalse();
      assertThat(other.http().plain("GET", "/mlinfra/health", Map.of(), "").text())
          .contains("\"account\": \"210987654321\"");

      Files.writeString(sources.resolve("mlinfra_local/changed.py"), "");
      EmbeddedAws.Handle third = other.start();
      assertThat(third.startedNow()).isTrue();
      assertThat(ProcessHandle.of(second.pid()).filter(this::runs)).isEmpty();
      assertThat(other.start().startedNow()).isFalse();
    } finally {
      other.stop();
    }
  }

  @Test
  void theUsersAwsSetUpDoesNotReachTheServer() throws Exception {
    Path log = folder.resolve("child.log");
    ProcessBuilder child =
        StartMain.child(folder.resolve("state"), PYTHON, MODULE.resolve("src/main/python"))
            .redirectOutput(log.toFile());
    child.environment().putAll(EmbeddedAwsTest.HOSTILE);
    Process program = child.start();
    assertThat(program.waitFor(40, TimeUnit.SECONDS) && program.exitValue() == 0)
        .as(Files.readString(log))
        .isTrue();
    long pid = aws.status().server().orElseThrow().pid();
    assertThat(Files.readString(log)).contains("process " + pid);
    assertThat(Files.readString(Path.of("/proc", Long.toString(pid), "environ")).split("\0"))
        .contains("AWS_CONFIG_FILE=/dev/null")
        .noneMatch(variable -> variable.contains("of-the-user"));
    deploy(true);
  }

  private boolean runs(ProcessHandle process) {
    // A child of this JVM that ended a moment ago still counts as alive, without a command line.
    return process.isAlive() && process.info().arguments().isPresent();
  }

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  @Test
  void aFunctionRunsUnderItsOwnRole() throws Exception {
    aws.start();
    deploy(true);
    aws.enforceIam(true);
    assertThat(aws.status().iamEnforced()).isTrue();
    try (LambdaHost host = LambdaHost.open(aws, "echo:live")) {
      LambdaHost.Invocation answer = host.invoke("{\"do\":\"echo\"}");
      assertThat(answer.functionError()).as(answer.body()).isEmpty();
      assertThat(answer.body()).contains("\"name\":\"echo\"");
      assertThat(answer.logTail()).contains("event echo");
      assertThat(host.invoke("{\"do\":\"status500\"}").functionError()).isEmpty();

      LambdaHost.Invocation late = host.invoke("{\"do\":\"sleep\"}");
      assertThat(late.functionError()).contains("Unhandled");
      assertThat(late.body()).contains("Task timed out after 5.00 seconds");
      assertThat(host.invoke("{\"do\":\"echo\"}").functionError()).isEmpty();

      LambdaHost.AsyncInvocation failed = host.invokeAsync("{\"do\":\"throw\"}");
      assertThat(failed.attempts()).hasSize(2);
      assertThat(failed.isSuccess()).isFalse();
      assertThat(failed.destination()).hasValueSatisfying(arn -> assertThat(arn).endsWith(":dlq"));
    }
    JsonNode message = JSON.readTree(receive().path("Messages").path(0).path("Body").asString());
    assertThat(message.path("requestContext").path("condition").asString())
        .isEqualTo("RetriesExhausted");
    assertThat(message.path("requestContext").path("approximateInvokeCount").asInt()).isEqualTo(2);
    assertThat(message.path("requestPayload").path("do").asString()).isEqualTo("throw");
    assertThat(message.path("responsePayload").path("errorMessage").asString())
        .isEqualTo("as asked");
    JsonNode streams =
        json("logs", "Logs_20140328.DescribeLogStreams", "1.1", Map.of("logGroupName", "/echo"));
    assertThat(streams.path("logStreams")).isNotEmpty();
  }

  @Test
  void aRoleWithoutLogPermissionsFailsTheRunLoudly() throws Exception {
    aws.start();
    deploy(false);
    aws.enforceIam(true);
    try (LambdaHost host = LambdaHost.open(aws, "echo")) {
      assertThatThrownBy(() -> host.invoke("{}"))
          .isInstanceOf(LocalException.class)
          .hasMessageContaining("CreateLogStream for function echo, under its role")
          .hasMessageContaining("not authorized to perform: logs:CreateLogStream");
    }
  }

  @Test
  void aTrustPolicyHolds() throws Exception {
    aws.start();
    deploy(true);
    String role = "arn:aws:iam::123456789012:role/echo";
    Credentials credentials = aws.assumeRole(role, "lambda.amazonaws.com");
    assertThat(aws.roleEnvironment(credentials))
        .containsEntry("AWS_CONFIG_FILE", "/dev/null")
        .containsEntry("AWS_SESSION_TOKEN", credentials.sessionToken().orElseThrow());
    assertThatThrownBy(() -> aws.assumeRole(role, "ec2.amazonaws.com"))
        .hasMessageContaining("Cannot assume " + role + " as ec2.amazonaws.com: AccessDenied")
        .hasMessageContaining("trust policy does not allow it");
    assertThatThrownBy(() -> aws.assumeRole(role + "x", "lambda.amazonaws.com"))
        .hasMessageContaining("the role does not exist");
  }

  @Test
  void aSessionIsDecidedByItsTags() throws Exception {
    aws.start();
    create(aws, "tagged", TAGGED_ROLE);
    aws.enforceIam(true);
    String role = "arn:aws:iam::123456789012:role/tagged";
    Credentials dev = aws.assumeRole(role, aws.administrator(), Map.of("environment", "dev"));
    assertThat(parameter(dev, "/dev/x").text()).contains("\"Value\": \"1\"");
    assertThat(parameter(dev, "/prod/x").text())
        .contains("not authorized to perform: ssm:GetParameter");
    Credentials untagged = aws.assumeRole(role, aws.administrator(), Map.of());
    assertThat(parameter(untagged, "/dev/x").isSuccess()).isFalse();
    assertThatThrownBy(() -> aws.assumeRole(role, dev, Map.of()))
        .hasMessageContaining("Cannot assume " + role + " as " + dev.accessKeyId())
        .hasMessageContaining("no identity-based policy allows the sts:AssumeRole action");
  }

  @Test
  void aTokenOfAnIdentityProviderOpensItsRoleOnly() throws Exception {
    aws.start();
    create(aws, "github", GITHUB_ROLE);
    aws.enforceIam(true);
    String role = "arn:aws:iam::123456789012:role/github";
    Credentials session =
        aws.assumeRole(role, WebIdentityToken.ofGitHub("repo:acme/ml:ref:refs/heads/main"));
    assertThat(parameter(session, "/dev/x").isSuccess()).isTrue();
    assertThatThrownBy(
            () -> aws.assumeRole(role, WebIdentityToken.ofGitHub("repo:acme/ml:pull_request")))
        .hasMessage(
            "Cannot assume %s as repo:acme/ml:pull_request: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
            role);
    assertThatThrownBy(
            () ->
                aws.assumeRole(
                    role,
                    new WebIdentityToken(
                        "https://token.actions.githubusercontent.com", "other", "s")))
        .hasMessageContaining("InvalidIdentityToken: Incorrect token audience");
    assertThatThrownBy(() -> aws.assumeRole(role, aws.administrator(), Map.of()))
        .hasMessageContaining("trust policy does not allow it");
  }

  @Test
  void twoAccountsRunSideBySide() throws Exception {
    EmbeddedAws other =
        new EmbeddedAws(
            folder.resolve("other"),
            PYTHON,
            MODULE.resolve("src/main/python"),
            "us-east-1",
            "210987654321");
    try {
      EmbeddedAws.Handle first = aws.start();
      EmbeddedAws.Handle second = other.start();
      assertThat(second.port()).isNotEqualTo(first.port());
      create(aws, "tagged", TAGGED_ROLE);
      create(other, "tagged", TAGGED_ROLE);
      aws.enforceIam(true);
      other.enforceIam(true);
      String here = "arn:aws:iam::123456789012:role/tagged";
      String there = "arn:aws:iam::210987654321:role/tagged";
      aws.assumeRole(here, aws.administrator(), Map.of());
      other.assumeRole(there, other.administrator(), Map.of());
      assertThatThrownBy(() -> aws.assumeRole(there, aws.administrator(), Map.of()))
          .hasMessageContaining("the role does not exist");
      assertThatThrownBy(() -> aws.assumeRole(here, other.administrator(), Map.of()))
          .hasMessageContaining("InvalidClientTokenId");
      assertThat(aws.start()).isEqualTo(new EmbeddedAws.Handle(first.port(), first.pid(), false));
    } finally {
      other.stop();
    }
  }

  private AwsHttp.Answer parameter(Credentials credentials, String name) {
    return aws.http()
        .signed(
            "ssm",
            "POST",
            "/",
            "",
            Map.of(
                "Content-Type",
                "application/x-amz-json-1.1",
                "X-Amz-Target",
                "AmazonSSM.GetParameter"),
            JSON.writeValueAsString(Map.of("Name", name)),
            credentials);
  }

  /** The Python tests of the server itself, with the same Python. */
  @Test
  void thePythonTestsPass() throws Exception {
    Path log = folder.resolve("pytest.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                PYTHON.toString(),
                "-B",
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                MODULE.resolve("src/test/python").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    EmbeddedAws.clean(builder.environment());
    Process pytest = builder.start();
    boolean ended = pytest.waitFor(6, TimeUnit.MINUTES);
    if (!ended) {
      pytest.destroyForcibly().waitFor();
    }
    assertThat(ended && pytest.exitValue() == 0).as(Files.readString(log)).isTrue();
  }

  /** A function with role, log group and queue, made by CloudFormation. */
  private void deploy(boolean logs) throws Exception {
    AwsHttp http = aws.http();
    put(http, "/code", new byte[0]);
    put(http, "/code/function.zip", functionArchive());
    String template =
        """
        {"Resources": {
          "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/echo"}},
          "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "dlq"}},
          "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "echo",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
              "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]},
            "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": [LOGS"sqs:SendMessage"], "Resource": "*"}]}}]}},
          "Function": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "echo",
            "Handler": "dev.mlinfra.local.EchoHandler::handle", "Runtime": "java17", "Timeout": 5,
            "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "LoggingConfig": {"LogGroup": {"Ref": "Logs"}},
            "Code": {"S3Bucket": "code", "S3Key": "function.zip"}}},
          "Version": {"Type": "AWS::Lambda::Version",
            "Properties": {"FunctionName": {"Ref": "Function"}}},
          "Alias": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "Function"},
            "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]}, "Name": "live"}},
          "Invoke": {"Type": "AWS::Lambda::EventInvokeConfig", "DependsOn": "Alias", "Properties": {
            "FunctionName": {"Ref": "Function"}, "Qualifier": "live", "MaximumRetryAttempts": 1,
            "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["Queue", "Arn"]}}}}}}}
        """
            .replace("LOGS", logs ? "\"logs:CreateLogStream\", \"logs:PutLogEvents\", " : "");
    create(aws, "echo", template);
  }

  private static void create(EmbeddedAws server, String stack, String template) {
    AwsHttp.Answer answer =
        server
            .http()
            .signed(
                "cloudformation",
                "POST",
                "/",
                "",
                Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                "Action=CreateStack&Version=2010-05-15&StackName="
                    + stack
                    + "&TemplateBody="
                    + URLEncoder.encode(template, UTF_8),
                server.administrator());
    assertThat(answer.isSuccess()).as(answer.text()).isTrue();
  }

  private JsonNode receive() {
    String url = aws.running().endpoint() + "/123456789012/dlq";
    return json("sqs", "AmazonSQS.ReceiveMessage", "1.0", Map.of("QueueUrl", url));
  }

  private JsonNode json(String service, String target, String version, Map<String, String> body) {
    AwsHttp.Answer answer =
        aws.http()
            .signed(
                service,
                "POST",
                "/",
                "",
                Map.of("Content-Type", "application/x-amz-json-" + version, "X-Amz-Target", target),
                JSON.writeValueAsString(body),
                aws.administrator());
    assertThat(answer.isSuccess()).as(answer.text()).isTrue();
    return JSON.readTree(answer.text());
  }

  private void put(AwsHttp http, String path, byte[] body) {
    AwsHttp.Answer answer = http.signed("s3", "PUT", path, "", Map.of(), body, aws.administrator());
    assertThat(answer.isSuccess()).as(answer.text()).isTrue();
  }

  private static byte[] functionArchive() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        var code = EchoHandler.class.getResourceAsStream("EchoHandler.class")) {
      zip.putNextEntry(new ZipEntry("dev/mlinfra/local/EchoHandler.class"));
      code.transferTo(zip);
    }
    return bytes.toByteArray();
  }
}
