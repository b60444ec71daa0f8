package dev.mlinfra.handler;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts the bytes that are written, and stops before there are too many. */
final class LimitedOutputStream extends FilterOutputStream {
  private final long limit;
  private long count;

  LimitedOutputStream(OutputStream out, long limit) {
    super(out);
    this.limit = limit;
  }

  long count() {
    return count;
  }

  @Override
  public void write(int value) throws IOException {
    reserve(1);
    out.write(value);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    reserve(length);
    out.write(bytes, from, length);
  }

  private void reserve(int bytes) {
    if (count + bytes > limit) {
      throw new PredictionException(
          PredictionError.OUTPUT_TOO_LARGE,
          "the output exceeds "
              + limit
              + " bytes, the free temporary space or S3's limit for one upload. Raise the"
              + " function's ephemeral storage, or split the data");
    }
    count += bytes;
  }
}
