package dev.mlinfra.local;

import java.util.Optional;

/**
 * AWS credentials.
 *
 * @param accessKeyId id of the access key
 * @param secretAccessKey secret of the access key
 * @param sessionToken token of the session, empty for the key of a user
 */
public record Credentials(
    String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

  /** Says whose they are and keeps the secrets out of logs. */
  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + "]";
  }
}
