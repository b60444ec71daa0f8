package dev.mlinfra.handler;

/**
 * The place of one object.
 *
 * @param bucket S3 bucket; {@code "file"} for local files
 * @param key S3 key; the path for local files
 */
public record ObjectRef(String bucket, String key) {
  @Override
  public String toString() {
    return bucket + "/" + key;
  }
}
