package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The real SDK client against a stub of S3. */
class S3ObjectStoreTest {
  private static final ObjectRef DATA = new ObjectRef("b", "datasets/d a+ü.csv");

  private S3Stub s3;
  private S3Client client;
  private S3ObjectStore store;

  @BeforeEach
  void start() throws IOException {
    s3 = new S3Stub().with("/b/datasets/d a+ü.csv", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
    client =
        S3Client.builder()
            .endpointOverride(s3.uri())
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    store = new S3ObjectStore(client);
  }

  @AfterEach
  void stop() {
    client.close();
    s3.close();
  }

  @Test
  void readsAnObject() throws IOException {
    assertThat(store.info(DATA)).get().extracting(ObjectStore.Info::size).isEqualTo(8L);
    try (InputStream in = open(DATA)) {
      assertThat(in).hasContent("a,b\n1,2\n");
    }
  }

  @Test
  void knowsWhatIsNotThere() {
    ObjectRef absent = new ObjectRef("b", "absent");
    assertThat(store.info(absent)).isEmpty();
    assertFails(
        () -> open(absent), PredictionError.OBJECT_NOT_FOUND, "there is no object b/absent");
  }

  @Test
  void saysWhatItMayNotRead() {
    s3.fail("HEAD /b/secret", 403);
    s3.fail("GET /b/secret", 403);
    ObjectRef secret = new ObjectRef("b", "secret");
    assertFails(() -> store.info(secret), PredictionError.ACCESS_DENIED, "s3:GetObject");
    assertFails(() -> open(secret), PredictionError.ACCESS_DENIED, "s3:ListBucket");
  }

  @Test
  void saysThatS3FailedToRead() {
    s3.fail("GET /b/slow", 503);
    assertFails(() -> open(new ObjectRef("b", "slow")), PredictionError.STORE_FAILED, "HTTP 503");
  }

  @Test
  void saysThatS3IsNotThere() {
    s3.close();
    assertFails(() -> store.info(DATA), PredictionError.STORE_FAILED, "b/datasets/");
  }

  @Test
  void closingEarlyDoesNotReadTheRest() throws Exception {
    int size = 64 << 20;
    s3.with("/b/large", new byte[size]);
    ObjectRef large = new ObjectRef("b", "large");
    try (InputStream in = open(large)) {
      assertThat(in.readNBytes(10)).hasSize(10);
    }
    assertThat(s3.sentBytes()).isLessThan(size);
    try (InputStream in = open(large)) {
      assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(size);
    }
    assertThat(s3.sentBytes()).isEqualTo(size);
  }

  @Test
  void putsAFile() throws IOException {
    put("a,prediction\n");
    assertThat(s3.object("/b/results/out.csv")).asString().isEqualTo("a,prediction\n");
  }

  @Test
  void sendsWhatIsLongPartByPart() {
    store = new S3ObjectStore(client, 10);
    String text = "0123456789".repeat(5) + "x";
    for (int length : new int[] {0, 1, 9, 10, 11, 20, 21, 51}) {
      put(text.substring(0, length));
      assertThat(s3.object("/b/results/out.csv")).asString().isEqualTo(text.substring(0, length));
    }
    assertThat(s3.parts()).isEqualTo(2 + 2 + 3 + 6);
    assertThat(s3.uploadsUnderWay()).isZero();
  }

  @Test
  void leavesNoPartsWhenItIsGivenUp() {
    store = new S3ObjectStore(client, 10);
    try (ObjectWriter out = store.create(new ObjectRef("b", "results/out.csv"))) {
      out.write(new byte[25], 0, 25);
      assertThat(s3.uploadsUnderWay()).isEqualTo(1);
    }
    assertThat(s3.uploadsUnderWay()).isZero();
    assertThat(s3.object("/b/results/out.csv")).isNull();
  }

  @Test
  void readsAPart() throws IOException {
    ObjectStore.Info info = store.info(DATA).orElseThrow();
    try (InputStream in = store.open(DATA, info, 2, 7)) {
      assertThat(in).hasContent("b\n1,2");
    }
    byte[] content = "0123456789".repeat(1000).getBytes(StandardCharsets.UTF_8);
    s3.with("/b/long", content);
    s3.breakAfter("/b/long", 3_000);
    ObjectRef object = new ObjectRef("b", "long");
    try (InputStream in = store.open(object, store.info(object).orElseThrow(), 10, 9_990)) {
      assertThat(in).hasContent("0123456789".repeat(998));
    }
  }

  @Test
  void readsOnWhereTheConnectionBroke() throws IOException {
    byte[] content = "0123456789".repeat(1000).getBytes(StandardCharsets.UTF_8);
    s3.with("/b/long", content);
    s3.breakAfter("/b/long", 3000);
    ObjectRef object = new ObjectRef("b", "long");
    try (InputStream in = open(object)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    s3.breakAfter("/b/long", 1000);
    try (InputStream in = open(object)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
    }
  }

  @Test
  void noticesThatTheDataWereReplaced() throws IOException {
    ObjectStore.Info before = store.info(DATA).orElseThrow();
    s3.with("/b/datasets/d a+ü.csv", "a,b\n3,4\n".getBytes(StandardCharsets.UTF_8));
    assertFails(
        () -> store.open(DATA, before),
        PredictionError.INPUT_CHANGED,
        "replaced while it was read");

    byte[] content = "0123456789".repeat(1000).getBytes(StandardCharsets.UTF_8);
    s3.with("/b/long", content);
    s3.breakAfter("/b/long", 3000);
    try (InputStream in = open(new ObjectRef("b", "long"))) {
      assertThat(in.readNBytes(100)).hasSize(100);
      s3.with("/b/long", new byte[5000]);
      assertFails(in::readAllBytes, PredictionError.INPUT_CHANGED, "Predict again");
    }
  }

  @Test
  void saysWhatItMayNotWrite() throws IOException {
    s3.fail("PUT /b/results/out.csv", 403);
    assertFails(() -> put("a,prediction\n"), PredictionError.ACCESS_DENIED, "s3:PutObject");
  }

  @Test
  void leavesNoOutputWhenThePutFails() throws IOException {
    s3.with("/b/sum.onnx", TestFiles.bytes("sum.onnx"));
    s3.fail("PUT /b/results/out.csv", 500);
    Map<String, Object> answer = predict();
    assertThat(answer).containsEntry("statusCode", PredictionError.OUTPUT_FAILED.status());
    assertThat((String) answer.get("body")).contains("OUTPUT_FAILED", "HTTP 500");
    assertThat(s3.object("/b/results/out.csv")).isNull();
  }

  @Test
  void predictsFromEndToEnd() {
    s3.with("/b/sum.onnx", TestFiles.bytes("sum.onnx"));
    assertThat(predict()).containsEntry("statusCode", 200);
    assertThat(s3.object("/b/results/out.csv")).asString().isEqualTo("a,b,prediction\n1,2,3.0\n");
  }

  private void put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (ObjectWriter out = store.create(new ObjectRef("b", "results/out.csv"))) {
      out.write(bytes, 0, bytes.length);
      out.complete();
    }
  }

  private InputStream open(ObjectRef object) {
    return store.open(object, store.info(object).orElse(new ObjectStore.Info(0, "none")));
  }

  private Map<String, Object> predict() {
    return new PredictionHandler(
            Map.of("MLINFRA_ALLOWED_BUCKETS", "b"),
            store,
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
        .handleRequest(
            Map.of(
                "model_bucket", "b",
                "model_key", "sum.onnx",
                "data_bucket", "b",
                "data_key", DATA.key(),
                "output_key", "results/out.csv"),
            new TestContext("r-1", 900_000));
  }

  private static void assertFails(ThrowingCallable call, PredictionError code, String text) {
    PredictionException e = catchThrowableOfType(PredictionException.class, call);
    assertThat(Optional.ofNullable(e).map(PredictionException::code)).contains(code);
    assertThat(e).hasMessageContaining(text);
  }
}
