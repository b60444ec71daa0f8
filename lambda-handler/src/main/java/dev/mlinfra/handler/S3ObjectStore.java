package dev.mlinfra.handler;

import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects in Amazon S3, or in a service that speaks its protocol. */
public final class S3ObjectStore implements ObjectStore, ObjectListing {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  /** So that 10,000 parts, which is what S3 takes, make 80 GB. */
  private static final int PART_BYTES = 8 << 20;

  private final S3Client s3;
  private final int partBytes;

  /** Uses a client that the caller made and closes. */
  public S3ObjectStore(S3Client s3) {
    this(s3, PART_BYTES);
  }

  /** For tests, which have no parts of megabytes. */
  S3ObjectStore(S3Client s3, int partBytes) {
    this.s3 = s3;
    this.partBytes = partBytes;
  }

  /**
   * Connects as the environment says: {@code AWS_REGION}, the SDK's default credentials (looked up
   * at the first request) and, for services other than AWS, {@code AWS_ENDPOINT_URL_S3} or {@code
   * AWS_ENDPOINT_URL}, which the SDK reads by itself. 5 s to connect, 60 s without a byte.
   *
   * @param environment environment variables
   * @throws PredictionException {@code CONFIG_INVALID} when they do not say enough
   */
  public static S3ObjectStore connect(Map<String, String> environment) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                EarlyHttpClient.begin(
                    UrlConnectionHttpClient.builder()
                            .connectionTimeout(CONNECT_TIMEOUT)
                            .socketTimeout(READ_TIMEOUT)
                        ::build))
            // Such services are reached by one name or address: bucket.127.0.0.1 does not resolve.
            .forcePathStyle(
                environment.containsKey("AWS_ENDPOINT_URL_S3")
                    || environment.containsKey("AWS_ENDPOINT_URL"));
    if (environment.containsKey("AWS_ACCESS_KEY_ID")) {
      // As in Lambda. The default chain would come to the same, behind seven others that it loads.
      builder.credentialsProvider(EnvironmentVariableCredentialsProvider.create());
    }
    String region = environment.get("AWS_REGION");
    if (region != null) {
      builder.region(Region.of(region)); // saves the default chain, which may ask the network
    }
    try {
      return new S3ObjectStore(builder.build());
    } catch (SdkException | IllegalArgumentException e) {
      throw new PredictionException(
          PredictionError.CONFIG_INVALID,
          "no connection to S3: "
              + e.getMessage()
              + ". Set AWS_REGION, or the region of your profile; if AWS_ENDPOINT_URL is set, check it",
          e);
    }
  }

  @Override
  public Optional<Info> info(ObjectRef object) {
    try {
      HeadObjectResponse head = s3.headObject(r -> r.bucket(object.bucket()).key(object.key()));
      return Optional.of(new Info(head.contentLength(), head.eTag()));
    } catch (SdkException e) {
      if (status(e) == 404) {
        return Optional.empty();
      }
      throw readFailed(object, e);
    }
  }

  @Override
  public InputStream open(ObjectRef object, Info info) {
    return new ResumingInputStream(
        offset -> get(object, info, offset == 0 ? "" : offset + "-"), info.size());
  }

  @Override
  public InputStream open(ObjectRef object, Info info, long start, long end) {
    return new ResumingInputStream(
        offset -> get(object, info, (start + offset) + "-" + (end - 1)), end - start);
  }

  private InputStream get(ObjectRef object, Info info, String bytes) {
    try {
      return s3.getObject(
          r -> {
            r.bucket(object.bucket()).key(object.key()).ifMatch(info.etag());
            if (!bytes.isEmpty()) {
              r.range("bytes=" + bytes);
            }
          });
    } catch (SdkException e) {
      throw readFailed(object, e);
    }
  }

  @Override
  public Stream<Listed> list(String bucket, String prefix) {
    ObjectRef folder = new ObjectRef(bucket, prefix);
    try {
      return s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix)).contents().stream()
          .map(object -> new Listed(object.key(), object.size()));
    } catch (SdkException e) {
      throw readFailed(folder, e);
    }
  }

  @Override
  public ObjectWriter create(ObjectRef target) {
    return new S3ObjectWriter(s3, target, partBytes);
  }

  private static PredictionException readFailed(ObjectRef object, SdkException e) {
    return switch (status(e)) {
      case 404 ->
          new PredictionException(
              PredictionError.OBJECT_NOT_FOUND, "there is no object " + object + " in S3", e);
      case 412 ->
          new PredictionException(
              PredictionError.INPUT_CHANGED,
              object + " was replaced while it was read. Predict again",
              e);
      case 403 ->
          new PredictionException(
              PredictionError.ACCESS_DENIED,
              "S3 does not let this function read "
                  + object
                  + "; allow s3:GetObject there, or check the key:"
                  + " without s3:ListBucket, S3 says 403 for missing objects too",
              e);
      default ->
          new PredictionException(
              PredictionError.STORE_FAILED, "S3 failed on " + object + ": " + reason(e), e);
    };
  }

  /** Returns the HTTP status that S3 gave, or 0 if it gave none. */
  static int status(SdkException e) {
    return e instanceof S3Exception answer ? answer.statusCode() : 0;
  }

  static String reason(SdkException e) {
    return status(e) == 0 ? e.getMessage() : "HTTP " + status(e);
  }
}
