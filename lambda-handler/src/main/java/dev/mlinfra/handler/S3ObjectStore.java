package dev.mlinfra.handler;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects in Amazon S3, or in a service that speaks its protocol. */
public final class S3ObjectStore implements ObjectStore {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  private final S3Client s3;

  /** Uses a client that the caller made and closes. */
  public S3ObjectStore(S3Client s3) {
    this.s3 = s3;
  }

  /**
   * Connects as the environment says: {@code AWS_REGION}, the SDK's default credentials (looked up
   * at the first request) and, for services other than AWS, {@code AWS_ENDPOINT_URL_S3} or {@code
   * AWS_ENDPOINT_URL}, which the SDK reads by itself. 5 s to connect, 60 s without a byte.
   *
   * @param environment environment variables
   */
  public static S3ObjectStore connect(Map<String, String> environment) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(READ_TIMEOUT))
            // Such services are reached by one name or address: bucket.127.0.0.1 does not resolve.
            .forcePathStyle(
                environment.containsKey("AWS_ENDPOINT_URL_S3")
                    || environment.containsKey("AWS_ENDPOINT_URL"));
    String region = environment.get("AWS_REGION");
    if (region != null) {
      builder.region(Region.of(region)); // saves the default chain, which may ask the network
    }
    return new S3ObjectStore(builder.build());
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
  public InputStream open(ObjectRef object) {
    try {
      return s3.getObject(r -> r.bucket(object.bucket()).key(object.key()));
    } catch (SdkException e) {
      throw readFailed(object, e);
    }
  }

  @Override
  public void put(Path file, ObjectRef target) {
    try {
      s3.putObject(
          r -> r.bucket(target.bucket()).key(target.key()).contentType("text/csv; charset=utf-8"),
          RequestBody.fromFile(file));
    } catch (SdkException e) {
      if (status(e) == 403) {
        throw new PredictionException(
            PredictionError.ACCESS_DENIED,
            "S3 does not let this function write " + target + "; allow s3:PutObject there",
            e);
      }
      throw new PredictionException(
          PredictionError.OUTPUT_FAILED, "S3 did not take " + target + ": " + reason(e), e);
    }
  }

  private static PredictionException readFailed(ObjectRef object, SdkException e) {
    return switch (status(e)) {
      case 404 ->
          new PredictionException(
              PredictionError.OBJECT_NOT_FOUND, "there is no object " + object + " in S3", e);
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
  private static int status(SdkException e) {
    return e instanceof S3Exception answer ? answer.statusCode() : 0;
  }

  private static String reason(SdkException e) {
    return status(e) == 0 ? e.getMessage() : "HTTP " + status(e);
  }
}
