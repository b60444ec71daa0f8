package dev.mlinfra.handler;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts a stream of CSV into chunks that end where a record ends, so that each can be worked on
 * without the others.
 *
 * <p>A byte order mark at the start is left out. A quote counts only at the start of a cell, as in
 * RFC 4180: within {@code 5" pipe} it is text. So which line ends are records' ends is known by
 * reading from the start, and only so; most chunks have no quote at all, and for those the last
 * line end will do.
 */
final class ChunkReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final int maxRecordBytes;
  private byte[] rest = new byte[0];
  private boolean atStart;
  private boolean atEnd;
  private long position;

  /**
   * Reads a stream.
   *
   * @param in is not closed by this
   * @param maxRecordBytes the longest record that is allowed
   */
  ChunkReader(InputStream in, int maxRecordBytes) {
    this(in, maxRecordBytes, true);
  }

  /**
   * Reads a stream that may begin at a record within the data.
   *
   * @param atStart whether it begins where the data do, and may have a byte order mark
   */
  ChunkReader(InputStream in, int maxRecordBytes, boolean atStart) {
    this.in = in;
    this.maxRecordBytes = maxRecordBytes;
    this.atStart = atStart;
  }

  /** How many bytes of the stream the chunks so far took. */
  long position() {
    return position;
  }

  /**
   * Fills a chunk with whole records; the last may lack its line end.
   *
   * @return false at the end, when there is nothing more
   * @throws PredictionException {@code STORE_FAILED}, or {@code CSV_INVALID} for a record that is
   *     too long
   */
  boolean fill(Chunk chunk) {
    chunk.clear();
    chunk.append(rest, 0, rest.length);
    rest = new byte[0];
    while (true) {
      if (!atEnd) {
        readInto(chunk);
      }
      if (atEnd) {
        position += chunk.length;
        return chunk.length > 0;
      }
      int end = endOfLastRecord(chunk.bytes, chunk.length);
      if (end > 0) {
        rest = chunk.cut(end);
        position += end;
        return true;
      }
      if (chunk.length >= maxRecordBytes) {
        throw new PredictionException(
            PredictionError.CSV_INVALID,
            "data: a row has more than "
                + maxRecordBytes
                + " bytes. Is a quote open, or is it no CSV?");
      }
      chunk.grow();
    }
  }

  private void readInto(Chunk chunk) {
    try {
      if (atStart) {
        atStart = false;
        // Before a quote, the mark would hide that a cell starts there.
        byte[] start = in.readNBytes(BYTE_ORDER_MARK.length);
        if (Arrays.equals(start, BYTE_ORDER_MARK)) {
          position += start.length;
        } else {
          chunk.append(start, 0, start.length);
        }
      }
      while (chunk.length < chunk.bytes.length) {
        int read = in.read(chunk.bytes, chunk.length, chunk.bytes.length - chunk.length);
        if (read < 0) {
          atEnd = true;
          return;
        }
        chunk.length += read;
      }
    } catch (IOException e) {
      throw new PredictionException(
          PredictionError.STORE_FAILED, "reading the data broke off: " + e.getMessage(), e);
    }
  }

  /** Where the last record ends whose end is certain, or 0. The first byte starts a record. */
  static int endOfLastRecord(byte[] bytes, int length) {
    return contains(bytes, length, (byte) '"')
        ? endByCells(bytes, length)
        : endByLines(bytes, length);
  }

  private static int endByLines(byte[] bytes, int length) {
    for (int i = length - 1; i >= 0; i--) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    // A carriage return that comes last may be the first half of a line end.
    for (int i = length - 2; i >= 0; i--) {
      if (bytes[i] == '\r') {
        return i + 1;
      }
    }
    return 0;
  }

  private static int endByCells(byte[] bytes, int length) {
    int end = 0;
    int i = 0;
    while (i < length) {
      if (bytes[i] == '"') {
        i = afterQuoted(bytes, i + 1, length);
      }
      while (i < length && bytes[i] != ',' && bytes[i] != '\n' && bytes[i] != '\r') {
        i++;
      }
      if (i >= length || (bytes[i] == '\r' && i + 1 == length)) {
        return end;
      }
      if (bytes[i] != ',') {
        i += bytes[i] == '\r' && bytes[i + 1] == '\n' ? 1 : 0;
        end = i + 1;
      }
      i++;
    }
    return end;
  }

  /** The place after the closing quote; the length when there is none. */
  private static int afterQuoted(byte[] bytes, int from, int length) {
    int i = from;
    while (i < length) {
      if (bytes[i] != '"') {
        i++;
      } else if (i + 1 < length && bytes[i + 1] == '"') {
        i += 2;
      } else {
        // A quote that comes last may be the first of two; then what follows is more of the cell.
        return i + 1;
      }
    }
    return length;
  }

  /** Whether a byte occurs, looking at eight at a time. */
  static boolean contains(byte[] bytes, int length, byte wanted) {
    long pattern = (wanted & 0xffL) * LOW_BITS;
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long differing = (long) LONGS.get(bytes, i) ^ pattern;
      // A byte is zero in it where the wanted one stands; then its high bit is set here.
      if (((differing - LOW_BITS) & ~differing & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; i < length; i++) {
      if (bytes[i] == wanted) {
        return true;
      }
    }
    return false;
  }

  /** Whether all bytes are ASCII, looking at eight at a time. */
  static boolean isAscii(byte[] bytes, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (((long) LONGS.get(bytes, i) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
