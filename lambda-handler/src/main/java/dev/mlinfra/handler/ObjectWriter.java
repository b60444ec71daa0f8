package dev.mlinfra.handler;

/**
 * An object that is being written. Closing it before it is complete leaves what was there.
 *
 * <p>All methods fail with {@code ACCESS_DENIED}, {@code OUTPUT_TOO_LARGE} or {@code
 * OUTPUT_FAILED}.
 */
public interface ObjectWriter extends AutoCloseable {

  /** Takes the next bytes; the array may be used again afterwards. */
  void write(byte[] bytes, int from, int length);

  /** Makes the object appear, as a whole. */
  void complete();

  /** Gives up what is not complete; does nothing after {@link #complete}. */
  @Override
  void close();
}
