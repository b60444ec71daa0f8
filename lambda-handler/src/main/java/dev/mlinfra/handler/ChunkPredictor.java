package dev.mlinfra.handler;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Works on one chunk at a time: its rows as they were, each with what is predicted behind it.
 * Reused from chunk to chunk; used by one thread at a time.
 */
final class ChunkPredictor {
  private final RowReader rows;
  private final Predictor predictor;
  private final Chunk input;
  private final Chunk output;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer decoded = CharBuffer.allocate(8192);
  private int from;
  private double[] features = new double[0];
  private int[] starts = new int[0];
  private int[] ends = new int[0];
  private long rowCount;

  ChunkPredictor(RowReader rows, Predictor predictor, Chunk input) {
    this.rows = rows;
    this.predictor = predictor;
    this.input = input;
    this.output = new Chunk(input.bytes.length + input.bytes.length / 2);
  }

  /** The chunk to fill before {@link #run}. */
  Chunk input() {
    return input;
  }

  /** What {@link #run} made of it. */
  Chunk output() {
    return output;
  }

  /** How many predictions {@link #run} made. */
  long rows() {
    return rowCount;
  }

  /** What the features looked like in all chunks so far. */
  FeatureStatistics statistics() {
    return rows.statistics();
  }

  /** How many lines {@link #run} read. */
  long lines() {
    return rows.lines();
  }

  /** Skips the first bytes of the next chunk, which hold the header. */
  void startAt(int place) {
    from = place;
  }

  /**
   * Predicts for all rows of the input.
   *
   * @throws RowFault what is wrong with a row
   * @throws PredictionException {@code CSV_INVALID} for what is not UTF-8, or what {@link
   *     Predictor#predict} throws
   */
  void run() {
    requireUtf8();
    output.clear();
    rowCount = 0;
    rows.start(input, from);
    from = 0;
    int batch = 0;
    makeRoom(batch);
    while (rows.next(features, batch * predictor.width())) {
      starts[batch] = rows.rowStart();
      ends[batch] = rows.rowEnd();
      batch++;
      if (batch == predictor.maxRows()) {
        write(batch);
        batch = 0;
      }
      makeRoom(batch);
    }
    write(batch);
  }

  private void makeRoom(int batch) {
    if (batch == starts.length) {
      int room = Math.min(Math.max(64, batch * 2), Math.max(batch + 1, predictor.maxRows()));
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
      features = Arrays.copyOf(features, room * predictor.width());
    }
  }

  private void write(int batch) {
    if (batch == 0) {
      return;
    }
    String[] predictions = predictor.predict(features, batch);
    int columns = predictor.columns().size();
    for (int row = 0; row < batch; row++) {
      output.append(input.bytes, starts[row], ends[row] - starts[row]);
      for (int column = 0; column < columns; column++) {
        output.append((byte) ',');
        output.appendCell(predictions[row * columns + column]);
      }
      output.append((byte) '\n');
    }
    rowCount += batch;
  }

  /** Bytes are passed through as they are, so what is not UTF-8 would be so in the output too. */
  private void requireUtf8() {
    if (ChunkReader.isAscii(input.bytes, input.length)) {
      return;
    }
    utf8.reset();
    ByteBuffer bytes = ByteBuffer.wrap(input.bytes, 0, input.length);
    CoderResult result;
    do {
      decoded.clear();
      result = utf8.decode(bytes, decoded, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new PredictionException(
          PredictionError.CSV_INVALID, "data: the file is not UTF-8. Save it as UTF-8");
    }
  }
}
