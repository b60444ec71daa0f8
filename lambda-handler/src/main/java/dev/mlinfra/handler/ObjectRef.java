package dev.mlinfra.handler;

/**
 * The place of one object.
 *
 * @param bucket S3 bucket; empty for local files
 * @param key S3 key; the path for local files
 */
public record ObjectRef(String bucket, String key) {
  @Override
  public String toString() {
    return isFile() ? key : bucket + "/" + key;
  }

  /** Says whether it is a local file. */
  boolean isFile() {
    return bucket.isEmpty();
  }
}
