package dev.mlinfra.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plays the Lambda service for a Java function that is deployed in the embedded AWS: its code and
 * layers come from the deployment, it runs in a JVM of its own with the vendor's Runtime Interface
 * Client, and everything that the service does for it (logs, the on-failure destination) is done
 * under the function's own role, so that a missing permission shows.
 *
 * <pre>{@code
 * try (LambdaHost host = LambdaHost.open(aws, "predict:live")) {
 *   LambdaHost.Invocation answer = host.invoke("{\"input\":\"s3://data/in.csv\"}");
 * }
 * }</pre>
 */
public final class LambdaHost implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SERVICE = "lambda.amazonaws.com";
  // The service's own limits.
  private static final long MAX_UNPACKED = 250L * 1024 * 1024;
  private static final int MAX_BATCH = 1000;
  private static final int LOG_TAIL = 100;

  private final EmbeddedAws aws;
  private final AwsHttp http;
  private final String name;
  private final Optional<String> qualifier;
  private final JsonNode configuration;
  private final Path folder;
  private final Thread cleanUp = new Thread(this::discard, "lambda-clean-up");
  private FunctionProcess process;
  private Credentials credentials;
  private String logStream;

  /**
   * The result of one invocation.
   *
   * @param body the function's answer, or the error's JSON
   * @param functionError "Unhandled" if the function threw, timed out or ended; empty if it
   *     returned, whatever it returned
   * @param duration how long the function worked, without its start
   * @param logTail the last lines that it wrote
   */
  public record Invocation(
      String body, Optional<String> functionError, Duration duration, List<String> logTail) {}

  /**
   * The result of an asynchronous invocation.
   *
   * @param attempts the first one and its retries
   * @param destination the ARN of the queue that got the record of the failure; empty if none was
   *     needed or configured
   */
  public record AsyncInvocation(List<Invocation> attempts, Optional<String> destination) {
    /** Whether one of the attempts succeeded. */
    public boolean isSuccess() {
      return attempts.get(attempts.size() - 1).functionError().isEmpty();
    }
  }

  private LambdaHost(EmbeddedAws aws, String name, Optional<String> qualifier) {
    this.aws = aws;
    this.http = aws.http();
    this.name = name;
    this.qualifier = qualifier;
    this.configuration = get("/2015-03-31/functions/" + name + "/configuration", qualifierQuery());
    try {
      this.folder = Files.createTempDirectory("mlinfra-lambda-");
    } catch (IOException problem) {
      throw new LocalException("Cannot make a folder for " + name, problem);
    }
    Runtime.getRuntime().addShutdownHook(cleanUp);
  }

  /**
   * Fetches a deployed function.
   *
   * @param function its name, name and alias or version with a colon between them, or its ARN
   * @throws LocalException if it is not deployed
   */
  public static LambdaHost open(EmbeddedAws aws, String function) {
    String plain = function;
    if (function.startsWith("arn:")) {
      String[] parts = function.split(":", 7);
      if (parts.length < 7 || !parts[2].equals("lambda")) {
        throw new LocalException(
            "Given %s, allowed a function's name, name:alias, or arn:aws:lambda:REGION:ACCOUNT:function:NAME"
                .formatted(function));
      }
      plain = parts[6];
    }
    String[] parts = plain.split(":", 2);
    LambdaHost host =
        new LambdaHost(aws, parts[0], parts.length > 1 ? Optional.of(parts[1]) : Optional.empty());
    try {
      host.unpack();
    } catch (RuntimeException problem) {
      host.close();
      throw problem;
    }
    return host;
  }

  /** Invokes the function and waits for its answer, at most as long as its timeout. */
  public synchronized Invocation invoke(String payload) {
    if (process != null && !process.isAlive()) {
      process.close();
      process = null;
    }
    if (process == null) {
      startProcess();
    }
    FunctionProcess.Outcome outcome =
        process.run(
            functionArn(), payload, Duration.ofSeconds(configuration.path("Timeout").asLong(3)));
    List<FunctionProcess.Line> lines = process.takeLines();
    ship(lines);
    List<String> tail =
        lines.stream()
            .skip(Math.max(0, lines.size() - LOG_TAIL))
            .map(FunctionProcess.Line::text)
            .toList();
    return new Invocation(
        outcome.body(),
        outcome.isError() ? Optional.of("Unhandled") : Optional.empty(),
        outcome.duration(),
        tail);
  }

  /**
   * Invokes the function as the service does with an event: on an error it tries again as often as
   * configured (at once), then sends the record of the failure to the on-failure destination.
   */
  public synchronized AsyncInvocation invokeAsync(String payload) {
    Optional<JsonNode> settings = eventInvokeConfig();
    int retries = settings.map(s -> s.path("MaximumRetryAttempts").asInt(2)).orElse(2);
    List<Invocation> attempts = new ArrayList<>();
    do {
      attempts.add(invoke(payload));
    } while (attempts.get(attempts.size() - 1).functionError().isPresent()
        && attempts.size() <= retries);
    Optional<String> target =
        settings
            .map(
                s -> s.path("DestinationConfig").path("OnFailure").path("Destination").asString(""))
            .filter(arn -> !arn.isEmpty());
    Invocation last = attempts.get(attempts.size() - 1);
    if (last.functionError().isEmpty() || target.isEmpty()) {
      return new AsyncInvocation(attempts, Optional.empty());
    }
    sendToQueue(target.get(), record(payload, last, attempts.size()));
    return new AsyncInvocation(attempts, target);
  }

  /** Ends the function's process and deletes its files. */
  @Override
  public void close() {
    discard();
    try {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException shuttingDown) {
      // The hook runs already and does the same.
      return;
    }
  }

  private synchronized void discard() {
    if (process != null) {
      process.close();
      process = null;
    }
    deleteTree(folder);
  }

  private void unpack() {
    Path task = folder.resolve("task");
    Path opt = folder.resolve("opt");
    long room = MAX_UNPACKED;
    room -=
        unzip(
            archive(
                "/mlinfra/lambda/code?region="
                    + aws.region()
                    + "&function="
                    + name
                    + qualifier.map(q -> "&qualifier=" + q).orElse("")),
            task,
            room);
    for (JsonNode layer : configuration.path("Layers")) {
      String arn = layer.path("Arn").asString();
      room -=
          unzip(
              archive(
                  "/mlinfra/lambda/layer?arn=" + URLEncoder.encode(arn, StandardCharsets.UTF_8)),
              opt,
              room);
    }
  }

  private void startProcess() {
    String role = configuration.path("Role").asString();
    credentials = aws.assumeRole(role, SERVICE);
    logStream =
        "%s/[%s]%s"
            .formatted(
                LocalDate.now(ZoneOffset.UTC).toString().replace('-', '/'),
                configuration.path("Version").asString("$LATEST"),
                UUID.randomUUID().toString().replace("-", ""));
    int memory = configuration.path("MemorySize").asInt(128);
    Map<String, String> environment = new LinkedHashMap<>(aws.roleEnvironment(credentials));
    environment.put("AWS_LAMBDA_FUNCTION_NAME", name);
    environment.put(
        "AWS_LAMBDA_FUNCTION_VERSION", configuration.path("Version").asString("$LATEST"));
    environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memory));
    environment.put("AWS_LAMBDA_LOG_GROUP_NAME", logGroup());
    environment.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream);
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    environment.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + configuration.path("Runtime").asString());
    environment.put("LAMBDA_TASK_ROOT", folder.resolve("task").toString());
    environment.put("TZ", ":UTC");
    configuration
        .path("Environment")
        .path("Variables")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asString()));
    process =
        new FunctionProcess(
            folder.resolve("task"),
            folder.resolve("opt"),
            folder.resolve("tmp"),
            configuration.path("Handler").asString(),
            memory,
            environment);
    asFunction(
        "logs",
        "Logs_20140328.CreateLogStream",
        JSON.createObjectNode().put("logGroupName", logGroup()).put("logStreamName", logStream));
  }

  /** Ships what the function wrote, as the service does: under the function's role. */
  private void ship(List<FunctionProcess.Line> lines) {
    for (int from = 0; from < lines.size(); from += MAX_BATCH) {
      ObjectNode request =
          JSON.createObjectNode().put("logGroupName", logGroup()).put("logStreamName", logStream);
      var events = request.putArray("logEvents");
      for (FunctionProcess.Line line :
          lines.subList(from, Math.min(lines.size(), from + MAX_BATCH))) {
        // CloudWatch Logs refuses empty messages.
        events
            .addObject()
            .put("timestamp", line.time().toEpochMilli())
            .put("message", line.text().isEmpty() ? " " : line.text());
      }
      asFunction("logs", "Logs_20140328.PutLogEvents", request);
    }
  }

  private void sendToQueue(String arn, String message) {
    String[] parts = arn.split(":", 6);
    if (parts.length < 6 || !parts[2].equals("sqs")) {
      throw new LocalException(
          "The on-failure destination of %s: given %s, the embedded AWS knows only SQS queues"
              .formatted(name, arn));
    }
    String url = aws.running().endpoint() + "/" + parts[4] + "/" + parts[5];
    asFunction(
        "sqs",
        "AmazonSQS.SendMessage",
        JSON.createObjectNode().put("QueueUrl", url).put("MessageBody", message));
  }

  private String record(String payload, Invocation last, int attempts) {
    String version = configuration.path("Version").asString("$LATEST");
    ObjectNode record =
        JSON.createObjectNode().put("version", "1.0").put("timestamp", Instant.now().toString());
    record
        .putObject("requestContext")
        .put("requestId", UUID.randomUUID().toString())
        .put("functionArn", functionArn() + (qualifier.isPresent() ? "" : ":$LATEST"))
        .put("condition", "RetriesExhausted")
        .put("approximateInvokeCount", attempts);
    record.set("requestPayload", JSON.readTree(payload));
    record
        .putObject("responseContext")
        .put("statusCode", 200)
        .put("executedVersion", version)
        .put("functionError", last.functionError().orElse(""));
    record.set("responsePayload", JSON.readTree(last.body()));
    return JSON.writeValueAsString(record);
  }

  /** A call that the service makes with the function's credentials; a denial fails the run. */
  private void asFunction(String service, String target, ObjectNode request) {
    String version = service.equals("sqs") ? "1.0" : "1.1";
    AwsHttp.Answer answer =
        http.signed(
            service,
            "POST",
            "/",
            "",
            Map.of("Content-Type", "application/x-amz-json-" + version, "X-Amz-Target", target),
            JSON.writeValueAsString(request),
            credentials);
    if (!answer.isSuccess()) {
      throw new LocalException(
          "%s for function %s, under its role %s: %d %s"
              .formatted(
                  target,
                  name,
                  configuration.path("Role").asString(),
                  answer.status(),
                  answer.text()));
    }
  }

  private Optional<JsonNode> eventInvokeConfig() {
    AwsHttp.Answer answer =
        http.signed(
            "lambda",
            "GET",
            "/2019-09-25/functions/" + name + "/event-invoke-config",
            qualifierQuery(),
            Map.of(),
            "",
            aws.administrator());
    if (answer.status() == 404) {
      return Optional.empty();
    }
    return Optional.of(checked(answer));
  }

  private JsonNode get(String path, String query) {
    return checked(http.signed("lambda", "GET", path, query, Map.of(), "", aws.administrator()));
  }

  private JsonNode checked(AwsHttp.Answer answer) {
    if (!answer.isSuccess()) {
      throw new LocalException(
          "Function %s in the embedded AWS: %d %s. Deploy it first."
              .formatted(name, answer.status(), answer.text()));
    }
    return JSON.readTree(answer.text());
  }

  private byte[] archive(String address) {
    AwsHttp.Answer answer =
        http.plain(
            "GET", address, Map.of("X-Mlinfra-Key", aws.administrator().secretAccessKey()), "");
    if (!answer.isSuccess()) {
      throw new LocalException(
          "The archive of %s: %d %s".formatted(name, answer.status(), answer.text()));
    }
    return answer.bytes();
  }

  private String qualifierQuery() {
    return qualifier
        .map(q -> "Qualifier=" + URLEncoder.encode(q, StandardCharsets.UTF_8))
        .orElse("");
  }

  private String functionArn() {
    return "arn:aws:lambda:%s:%s:function:%s%s"
        .formatted(aws.region(), aws.account(), name, qualifier.map(q -> ":" + q).orElse(""));
  }

  private String logGroup() {
    return configuration.path("LoggingConfig").path("LogGroup").asString("/aws/lambda/" + name);
  }

  /** Unpacks an archive and gives the number of bytes that it took. */
  static long unzip(byte[] archive, Path target, long room) {
    long written = 0;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      Files.createDirectories(target);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new LocalException("The archive has an entry outside of it: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        written += copy(zip, file, room - written);
      }
    } catch (IOException problem) {
      throw new LocalException("Cannot unpack an archive into " + target, problem);
    }
    return written;
  }

  private static long copy(InputStream from, Path file, long room) throws IOException {
    long written = 0;
    byte[] buffer = new byte[64 * 1024];
    try (var out = Files.newOutputStream(file)) {
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        written += read;
        if (written > room) {
          throw new LocalException(
              "Code and layers take more than Lambda's 250 MiB; leave something out of the archives");
        }
        out.write(buffer, 0, read);
      }
    }
    return written;
  }

  private static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException problem)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException problem) {
      throw new LocalException("Cannot delete " + folder, problem);
    }
  }
}
