package dev.mlinfra.handler;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads an object to its end although connections break: what is missing is asked for again, from
 * the byte where it broke off.
 */
final class ResumingInputStream extends InputStream {
  private static final int MAX_RESUMES = 3;

  /** Opens the object at an offset. */
  @FunctionalInterface
  interface Opener {
    InputStream open(long offset);
  }

  private final Opener opener;
  private final long size;
  private InputStream in;
  private long position;
  private int resumes;

  /**
   * Opens an object.
   *
   * @param size how many bytes it has
   */
  ResumingInputStream(Opener opener, long size) {
    this.opener = opener;
    this.size = size;
    this.in = opener.open(0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    while (true) {
      try {
        int read = in.read(bytes, from, length);
        if (read < 0 && position < size) {
          throw new EOFException("after " + position + " of " + size + " bytes");
        }
        position += Math.max(read, 0);
        return read;
      } catch (IOException e) {
        if (resumes == MAX_RESUMES || position >= size) {
          throw e;
        }
        resumes++;
        closeBroken();
        in = opener.open(position);
      }
    }
  }

  private void closeBroken() {
    try {
      in.close();
    } catch (IOException e) {
      // It is broken already, which is why it is closed.
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
