package dev.mlinfra.handler;

import java.util.stream.Stream;

/** Finds objects by how their keys begin. */
interface ObjectListing {

  /**
   * An object that was found.
   *
   * @param size bytes
   */
  record Listed(String key, long size) {}

  /**
   * Lists objects in the order of their keys, page by page as they are asked for.
   *
   * @throws PredictionException {@code ACCESS_DENIED} or {@code STORE_FAILED}, also while the
   *     stream is read
   */
  Stream<Listed> list(String bucket, String prefix);
}
