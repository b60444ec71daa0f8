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
    boolean ended = pytest.waitFor(3, TimeUnit.MINUTES);
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
    AwsHttp.Answer answer =
        http.signed(
            "cloudformation",
            "POST",
            "/",
            "",
            Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            "Action=CreateStack&Version=2010-05-15&StackName=echo&TemplateBody="
                + URLEncoder.encode(template, UTF_8),
            aws.credentials());
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
                aws.credentials());
    assertThat(answer.isSuccess()).as(answer.text()).isTrue();
    return JSON.readTree(answer.text());
  }

  private void put(AwsHttp http, String path, byte[] body) {
    AwsHttp.Answer answer = http.signed("s3", "PUT", path, "", Map.of(), body, aws.credentials());
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
