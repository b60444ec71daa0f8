package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.handler.S3Stub.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Every request of a prediction goes wrong in every way, once and often: the output is right and
 * whole, or there is a code and what was there before. The real client of the SDK retries.
 */
class S3FaultsIT {
  private static final String OUTPUT = "/b/results/out.csv";
  private static final byte[] BEFORE = bytes("a,b,prediction\n0,0,0.0\n");
  private static final String DATA = data(1);
  private static final String CHANGED_DATA = data(2);
  private static final int ATTEMPTS = 4;
  private static final int FOR_EVER = 1_000_000;

  private static final Set<String> CODES =
      Set.of("STORE_FAILED", "ACCESS_DENIED", "OUTPUT_FAILED", "INPUT_CHANGED", "OUTPUT_UNKNOWN");

  /** What comes right again, when the SDK or we try once more. */
  private static final Set<Fault> PASSING =
      EnumSet.complementOf(EnumSet.of(Fault.DENIED, Fault.NONE));

  /**
   * A run: the faults of each operation, by its occurrences.
   *
   * @param changed whether the data are replaced when the first fault happens
   * @param parts whether the output takes several parts
   */
  private record Run(
      List<Faulty> faults, boolean changed, boolean parts, boolean resets, boolean completesAgain) {
    Fault of(String operation, int occurrence) {
      return faults.stream()
          .filter(faulty -> faulty.operation.equals(operation))
          .filter(faulty -> occurrence >= faulty.from && occurrence < faulty.from + faulty.times)
          .map(Faulty::fault)
          .findFirst()
          .orElse(Fault.NONE);
    }
  }

  private record Faulty(String operation, int from, int times, Fault fault) {}

  private S3Stub s3;
  private ResettingRelay relay;
  private S3Client client;
  private S3Client clientWithResets;

  private final List<String> problems = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();

  @BeforeEach
  void start() throws IOException {
    s3 = new S3Stub();
    relay = new ResettingRelay(s3.uri());
    client = client(s3.uri());
    clientWithResets = client(relay.uri());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    clientWithResets.close();
    relay.close();
    s3.close();
  }

  @Test
  void endsWithTheRightObjectOrACodeAndNone() {
    List<Run> runs = new ArrayList<>();
    for (boolean parts : new boolean[] {false, true}) {
      for (Map.Entry<String, Integer> operation : operations(parts).entrySet()) {
        for (int from = 1; from <= operation.getValue(); from++) {
          addRuns(runs, operation.getKey(), from, parts);
        }
      }
    }
    addPairs(runs);

    for (Run run : runs) {
      check(run);
    }

    System.out.println(runs.size() + " runs with faults of S3:");
    counts.forEach((outcome, count) -> System.out.println("  " + count + "  " + outcome));
    assertThat(problems).isEmpty();
    assertThat(counts.keySet()).as("each outcome happens").hasSizeGreaterThanOrEqualTo(6);
  }

  private static void addRuns(List<Run> runs, String operation, int from, boolean parts) {
    for (Fault fault : Fault.values()) {
      boolean written = operation.equals("COMPLETE") || operation.startsWith("PUT");
      if (fault == Fault.NONE
          || (fault == Fault.ERROR_IN_200 && !operation.equals("COMPLETE"))
          || (fault == Fault.BROKEN && operation.startsWith("HEAD"))) {
        continue;
      }
      List<Integer> bursts =
          fault == Fault.SILENT ? List.of(1, FOR_EVER) : List.of(1, ATTEMPTS - 1, FOR_EVER);
      for (int times : bursts) {
        boolean resets = (runs.size() & 1) == 1;
        List<Faulty> faults = List.of(new Faulty(operation, from, times, fault));
        runs.add(new Run(faults, false, parts, resets, true));
        if (written) {
          runs.add(new Run(faults, false, parts, resets, false));
        }
        if (operation.startsWith("GET /b/data") || operation.startsWith("HEAD /b/data")) {
          runs.add(new Run(faults, true, parts, resets, true));
        }
      }
    }
  }

  /** What goes wrong while something that went wrong is put right. */
  private static void addPairs(List<Run> runs) {
    for (Fault first : List.of(Fault.INTERNAL_ERROR, Fault.LOST, Fault.CLOSED)) {
      for (Fault second :
          EnumSet.complementOf(EnumSet.of(Fault.NONE, Fault.ERROR_IN_200, Fault.BROKEN))) {
        for (String cleaning : List.of("ABORT", "HEAD " + OUTPUT)) {
          for (String operation : List.of("PART", "COMPLETE")) {
            List<Faulty> faults =
                List.of(
                    new Faulty(operation, 1, FOR_EVER, first),
                    new Faulty(cleaning, 1, FOR_EVER, second));
            boolean resets = (runs.size() & 1) == 1;
            runs.add(new Run(faults, false, true, resets, operation.equals("PART")));
          }
        }
      }
    }
  }

  /** Counts the requests of a run without faults. */
  private Map<String, Integer> operations(boolean parts) {
    fill();
    assertThat(predict(client, parts)).containsEntry("statusCode", 200);
    return s3.requests();
  }

  private void fill() {
    s3.clear();
    s3.with("/b/sum.onnx", TestFiles.bytes("sum.onnx"))
        .with("/b/scaler.json", bytes(TestFiles.SUM_SCALER))
        .with("/b/data.csv", bytes(DATA))
        .with(OUTPUT, BEFORE);
  }

  private void check(Run run) {
    fill();
    if (!run.completesAgain) {
      s3.completesOnlyOnce();
    }
    s3.faults(
        (operation, occurrence) -> {
          Fault fault = run.of(operation, occurrence);
          if (fault != Fault.NONE && run.changed) {
            s3.with("/b/data.csv", bytes(CHANGED_DATA));
          }
          return fault;
        });
    judge(run, predict(run.resets ? clientWithResets : client, run.parts));
  }

  private void judge(Run run, Map<String, Object> answer) {
    String body = (String) answer.get("body");
    boolean succeeded = answer.get("statusCode").equals(200);
    String code = succeeded ? "right" : body.replaceAll("\\{\"code\":\"(\\w+)\".*", "$1");
    String object = new String(s3.object(OUTPUT), StandardCharsets.UTF_8);
    boolean right = object.equals(expected(1)) || (run.changed && object.equals(expected(2)));
    boolean untouched = object.equals(new String(BEFORE, StandardCharsets.UTF_8));
    Faulty first = run.faults.get(0);
    counts.merge(first.operation + " " + first.fault + ": " + code, 1, Integer::sum);
    if (succeeded ? !right : !CODES.contains(code)) {
      problems.add(run + ": " + answer + " with " + object);
    }
    if (!succeeded && !untouched && !(code.equals("OUTPUT_UNKNOWN") && right)) {
      problems.add(run + ": failed, and yet there is " + object);
    }
    boolean abortFails = run.faults.stream().anyMatch(f -> f.operation.equals("ABORT"));
    if (s3.uploadsUnderWay() > 0 && !abortFails) {
      problems.add(run + ": an upload was left");
    }
    // The SDK does not ask again for the id of an upload when it cannot read the answer.
    boolean unreadable = first.operation.equals("CREATE") && first.fault == Fault.BROKEN;
    boolean passes =
        run.faults.size() == 1 && !run.changed && !unreadable && PASSING.contains(first.fault);
    if (!succeeded && passes && (first.times < ATTEMPTS || first.fault == Fault.SLOW)) {
      problems.add(run + ": should have come right: " + answer);
    }
  }

  private static S3Client client(URI endpoint) {
    Duration timeout = Duration.ofMillis(S3Stub.CLIENT_TIMEOUT_MILLIS);
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(timeout))
        .overrideConfiguration(
            o ->
                o.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .circuitBreakerEnabled(false) // which the runs before would have opened
                        .backoffStrategy(BackoffStrategy.retryImmediately())
                        .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                        .build()))
        .build();
  }

  private static Map<String, Object> predict(S3Client client, boolean parts) {
    return new PredictionHandler(
            Map.of("MLINFRA_ALLOWED_BUCKETS", "b"),
            new S3ObjectStore(client, parts ? 150 : 1 << 20),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
        .handleRequest(
            Map.of(
                "model_bucket", "b",
                "model_key", "sum.onnx",
                "scaler_key", "scaler.json",
                "data_bucket", "b",
                "data_key", "data.csv",
                "output_key", "results/out.csv"),
            new TestContext("r-1", 900_000));
  }

  private static String data(int factor) {
    return "a,b\n"
        + IntStream.range(0, 40).mapToObj(i -> i * factor + ",1\n").collect(Collectors.joining());
  }

  private static String expected(int factor) {
    return "a,b,prediction\n"
        + IntStream.range(0, 40)
            .mapToObj(i -> i * factor + ",1," + (i * factor + 1.0) + "\n")
            .collect(Collectors.joining());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
