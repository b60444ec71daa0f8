package dev.mlinfra.handler;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Divides an object of CSV into ranges that end where records do.
 *
 * <p>It reads the object once, from its start, with the reader that predictions use: whether a line
 * end is a record's end depends on every quote before it, so nothing less is exact.
 */
final class RangePlanner {
  private final int chunkBytes;

  RangePlanner() {
    this(PredictionJob.CHUNK_BYTES);
  }

  /** For tests, whose data are small. */
  RangePlanner(int chunkBytes) {
    this.chunkBytes = chunkBytes;
  }

  /**
   * Divides an object. Each range but the last has at least so many bytes, and at most one chunk
   * more.
   *
   * @throws PredictionException {@code OBJECT_NOT_FOUND}, {@code CSV_INVALID} for an object without
   *     a header or with a record that does not end, {@code INPUT_CHANGED}, {@code STORE_FAILED},
   *     {@code TIMEOUT_NEAR}
   */
  List<DataRange> divide(
      ObjectStore store,
      ObjectRef object,
      ObjectStore.Info info,
      long rangeBytes,
      Deadline deadline) {
    try (InputStream in = store.open(object, info)) {
      return divide(in, info.etag(), rangeBytes, deadline);
    } catch (IOException e) {
      throw new PredictionException(
          PredictionError.STORE_FAILED, "reading the data broke off: " + e.getMessage(), e);
    }
  }

  private List<DataRange> divide(InputStream in, String etag, long rangeBytes, Deadline deadline) {
    ChunkReader reader = new ChunkReader(in, PredictionJob.MAX_RECORD_BYTES);
    Chunk chunk = new Chunk(chunkBytes);
    PredictionJob.Header header = PredictionJob.readHeader(reader, chunk);
    Optional<String> names =
        Optional.of(
            new String(chunk.bytes, header.start(), header.length(), StandardCharsets.UTF_8));
    List<DataRange> ranges = new ArrayList<>();
    long start = 0;
    long startLine = 0;
    long line = header.lines() - lines(chunk, header.end());
    do {
      deadline.requireTimeToFinish(0);
      line += lines(chunk, chunk.length);
      long end = reader.position();
      if (end - start >= rangeBytes) {
        ranges.add(range(start, end, etag, startLine, names));
        start = end;
        startLine = line;
      }
    } while (reader.fill(chunk));
    if (start < reader.position()) {
      ranges.add(range(start, reader.position(), etag, startLine, names));
    }
    return ranges;
  }

  private static DataRange range(
      long start, long end, String etag, long line, Optional<String> names) {
    return new DataRange(start, end, etag, line, start == 0 ? Optional.empty() : names);
  }

  /** Line ends of any kind, quoted ones too, as {@link RowReader} counts them. */
  private static long lines(Chunk chunk, int end) {
    long lines = 0;
    for (int i = 0; i < end; i++) {
      byte value = chunk.bytes[i];
      if (value == '\n'
          || (value == '\r' && !(i + 1 < chunk.length && chunk.bytes[i + 1] == '\n'))) {
        lines++;
      }
    }
    return lines;
  }
}
