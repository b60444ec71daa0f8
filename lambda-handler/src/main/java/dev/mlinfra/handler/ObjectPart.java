package dev.mlinfra.handler;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a stream from one place to before another. */
final class ObjectPart extends FilterInputStream {
  private long toSkip;
  private long left;

  ObjectPart(InputStream in, long start, long end) {
    super(in);
    this.toSkip = start;
    this.left = end - start;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    in.skipNBytes(toSkip);
    toSkip = 0;
    if (left == 0) {
      return -1;
    }
    int read = in.read(bytes, from, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException(left + " bytes before the end of the part");
    }
    left -= read;
    return read;
  }

  @Override
  public long skip(long bytes) {
    throw new UnsupportedOperationException("nobody skips within a part");
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
