package dev.mlinfra.handler;

import java.io.InputStream;
import java.util.Optional;

/**
 * Where models, data and predictions live: S3, or local files.
 *
 * <p>Every method fails with a {@link PredictionException}: {@code ACCESS_DENIED}, {@code
 * OBJECT_NOT_FOUND}, {@code INPUT_CHANGED} or {@code STORE_FAILED} while reading, {@code
 * OUTPUT_FAILED} while writing.
 */
public interface ObjectStore {

  /**
   * What is known of an object without reading it.
   *
   * @param size bytes
   * @param etag changes when the content does
   */
  record Info(long size, String etag) {}

  /** Returns what is known of an object, or empty if there is none. */
  Optional<Info> info(ObjectRef object);

  /**
   * Opens an object as it was when {@code info} was asked for. The caller closes the stream;
   * closing it early does not read the rest.
   */
  InputStream open(ObjectRef object, Info info);

  /**
   * Opens a part of an object, from its byte {@code start} to before its byte {@code end}. A store
   * that cannot begin in the middle reads what is before.
   */
  default InputStream open(ObjectRef object, Info info, long start, long end) {
    return new ObjectPart(open(object, info), start, end);
  }

  /**
   * Begins to write an object, in place of what is there. Nothing of it can be seen before it is
   * complete.
   */
  ObjectWriter create(ObjectRef target);
}
