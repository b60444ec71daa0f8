package dev.mlinfra.cli;

import dev.mlinfra.local.EmbeddedAws;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** S3 of the embedded AWS, as its administrator. */
final class LocalS3 {
  private static final ProxyConfiguration NO_PROXY =
      ProxyConfiguration.builder()
          .useSystemPropertyValues(false)
          .useEnvironmentVariablesValues(false)
          .build();

  private LocalS3() {}

  /** A client for the administrator. */
  static S3Client client(EmbeddedAws aws) {
    return client(aws.adminEnvironment());
  }

  /** A client with the address and credentials of a program's environment. */
  static S3Client client(Map<String, String> environment) {
    return S3Client.builder()
        .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL")))
        .forcePathStyle(true)
        .region(Region.of(environment.get("AWS_REGION")))
        .credentialsProvider(StaticCredentialsProvider.create(credentials(environment)))
        // It is on this machine: a proxy of the user's would not find it.
        .httpClientBuilder(UrlConnectionHttpClient.builder().proxyConfiguration(NO_PROXY))
        .build();
  }

  private static AwsCredentials credentials(Map<String, String> environment) {
    String id = environment.get("AWS_ACCESS_KEY_ID");
    String secret = environment.get("AWS_SECRET_ACCESS_KEY");
    String session = environment.get("AWS_SESSION_TOKEN");
    return session == null
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, session);
  }
}
