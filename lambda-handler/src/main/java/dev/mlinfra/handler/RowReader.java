package dev.mlinfra.handler;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Turns rows of CSV into what the model takes: numbers, in its order, scaled.
 *
 * <p>Rows are read where they lie, without a string for each cell. RFC 4180: commas, double quotes,
 * any line end.
 */
final class RowReader {
  private static final int MAX_EXACT_DECIMALS = 22;
  private static final int MAX_DIGITS_OF_A_LONG = 18;
  private static final long MAX_EXACT_MANTISSA = 1L << 53;

  /** Powers of ten that are exact as double. */
  private static final double[] TENS = new double[MAX_EXACT_DECIMALS + 1];

  static {
    TENS[0] = 1;
    for (int i = 1; i < TENS.length; i++) {
      TENS[i] = TENS[i - 1] * 10;
    }
  }

  private final List<String> header;

  /** For each column the number of its feature, or -1. */
  private final int[] features;

  private final boolean scaled;
  private final double[] mean;
  private final double[] scale;
  private final MissingValues missingValues;
  private final Predictor predictor;
  private final FeatureStatistics statistics;
  private final boolean anyNumberOfCells;

  private byte[] bytes = new byte[0];
  private int length;
  private int position;
  private int start;
  private int end;
  private long line;

  RowReader(
      List<String> header,
      FeatureColumns columns,
      Optional<StandardScaler> scaler,
      MissingValues missingValues,
      Predictor predictor,
      FeatureStatistics statistics) {
    this.header = header;
    this.features = columns.features(header.size());
    this.scaled = scaler.isPresent();
    this.mean = scaler.map(StandardScaler::mean).map(RowReader::array).orElse(new double[0]);
    this.scale = scaler.map(StandardScaler::scale).map(RowReader::array).orElse(new double[0]);
    this.missingValues = missingValues;
    this.predictor = predictor;
    this.statistics = statistics;
    this.anyNumberOfCells = false;
  }

  /** A reader of headers: no cell is a number, and any number of cells will do. */
  static RowReader ofHeader() {
    return new RowReader();
  }

  private RowReader() {
    header = List.of();
    features = new int[0];
    scaled = false;
    mean = new double[0];
    scale = new double[0];
    missingValues = MissingValues.FAIL;
    predictor = null;
    statistics = new FeatureStatistics(0, Optional.empty());
    anyNumberOfCells = true;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Begins with a chunk, behind what was read of it already. */
  void start(Chunk chunk, int from) {
    bytes = chunk.bytes;
    length = chunk.length;
    position = from;
    line = 0;
  }

  /** The place where the row begins that was read last. */
  int rowStart() {
    return start;
  }

  /** The place where the row ends that was read last, without its line end. */
  int rowEnd() {
    return end;
  }

  /** The place behind the line end of the row that was read last. */
  int position() {
    return position;
  }

  /** What the features looked like in all chunks. */
  FeatureStatistics statistics() {
    return statistics;
  }

  /** How many lines were read of the chunk. */
  long lines() {
    return line;
  }

  /**
   * Reads the next row.
   *
   * @param into where its features go, from index {@code at} on
   * @return false when the chunk has no more
   * @throws RowFault {@code CSV_INVALID}, {@code VALUE_MISSING}, {@code VALUE_NOT_NUMERIC} or
   *     {@code VALUE_OUT_OF_RANGE}
   */
  boolean next(double[] into, int at) {
    while (position < length && (bytes[position] == '\n' || bytes[position] == '\r')) {
      readLineEnd();
    }
    if (position == length) {
      return false;
    }
    long first = line;
    start = position;
    int column = 0;
    while (true) {
      int feature = column < features.length ? features[column] : -1;
      if (position < length && bytes[position] == '"') {
        readQuoted(feature, column, first, into, at);
      } else if (feature < 0) {
        skipCell();
      } else {
        into[at + feature] = checked(readNumber(column, first), feature, column, first);
      }
      column++;
      if (position == length || bytes[position] != ',') {
        break;
      }
      position++;
    }
    end = position;
    if (column != features.length && !anyNumberOfCells) {
      throw new RowFault(
          PredictionError.CSV_INVALID,
          first,
          " has %d cells, the header has %d. Quote cells that hold commas"
              .formatted(column, features.length));
    }
    statistics.endRow();
    if (position < length) {
      readLineEnd();
    }
    return true;
  }

  private void readLineEnd() {
    boolean two = bytes[position] == '\r' && position + 1 < length && bytes[position + 1] == '\n';
    position += two ? 2 : 1;
    line++;
  }

  private void skipCell() {
    while (position < length && !endsCell(bytes[position])) {
      position++;
    }
  }

  private static boolean endsCell(byte value) {
    return value == ',' || value == '\n' || value == '\r';
  }

  private void readQuoted(int feature, int column, long first, double[] into, int at) {
    int from = position + 1;
    int i = from;
    boolean doubled = false;
    while (i < length) {
      byte value = bytes[i];
      if (value == '"') {
        if (i + 1 < length && bytes[i + 1] == '"') {
          doubled = true;
          i++;
        } else {
          break;
        }
      } else if (value == '\n' || (value == '\r' && !(i + 1 < length && bytes[i + 1] == '\n'))) {
        line++;
      }
      i++;
    }
    if (i >= length) {
      throw new RowFault(PredictionError.CSV_INVALID, first, ": a quote is opened and not closed");
    }
    position = i + 1;
    if (position < length && !endsCell(bytes[position])) {
      throw new RowFault(
          PredictionError.CSV_INVALID,
          first,
          ", column "
              + name(column)
              + ": there is text after the closing quote. Double the quotes that belong to a cell");
    }
    if (feature >= 0) {
      // A doubled quote is in no number, so the text need not be read right to be refused.
      double value = doubled ? text("\"", column, first) : number(from, i, column, first);
      into[at + feature] = checked(value, feature, column, first);
    }
  }

  /** Reads a cell without quotes; what most cells look like is read in one go. */
  private double readNumber(int column, long first) {
    int from = position;
    int i = from;
    boolean negative = i < length && bytes[i] == '-';
    if (negative) {
      i++;
    }
    int digitsFrom = i;
    long mantissa = 0;
    while (i < length && isDigit(bytes[i])) {
      mantissa = mantissa * 10 + (bytes[i] - '0');
      i++;
    }
    int digits = i - digitsFrom;
    int decimals = 0;
    if (i < length && bytes[i] == '.') {
      i++;
      int decimalsFrom = i;
      while (i < length && isDigit(bytes[i])) {
        mantissa = mantissa * 10 + (bytes[i] - '0');
        i++;
      }
      decimals = i - decimalsFrom;
      digits += decimals;
    }
    if (digits > 0
        && digits <= MAX_DIGITS_OF_A_LONG
        && mantissa <= MAX_EXACT_MANTISSA
        && (i == length || endsCell(bytes[i]))) {
      position = i;
      // Both are exact, so the quotient is the nearest double, as of any correct parser.
      double value = decimals == 0 ? (double) mantissa : mantissa / TENS[decimals];
      return negative ? -value : value;
    }
    position = from;
    skipCell();
    return number(from, position, column, first);
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }

  private double number(int cellFrom, int cellTo, int column, long first) {
    int from = cellFrom;
    int to = cellTo;
    while (from < to && bytes[from] == ' ') {
      from++;
    }
    while (to > from && bytes[to - 1] == ' ') {
      to--;
    }
    for (int i = from; i < to; i++) {
      if (!isOfANumber(bytes[i])) {
        return text(
            new String(bytes, from, to - from, StandardCharsets.UTF_8).strip(), column, first);
      }
    }
    if (from == to) {
      return text("", column, first);
    }
    try {
      return JavaDoubleParser.parseDouble(bytes, from, to - from);
    } catch (NumberFormatException e) {
      throw notNumeric(column, first);
    }
  }

  /** Java would also read 1d, 0x1p3 and Infinity, which are no decimal numbers. */
  private static boolean isOfANumber(byte value) {
    return isDigit(value)
        || value == '.'
        || value == '-'
        || value == '+'
        || value == 'e'
        || value == 'E';
  }

  private double text(String cell, int column, long first) {
    if (Numbers.isMissing(cell)) {
      if (missingValues == MissingValues.NAN) {
        return Double.NaN;
      }
      throw fault(
          PredictionError.VALUE_MISSING,
          first,
          column,
          "must be a number. Fill it in, or set MLINFRA_MISSING_VALUES=nan if the model takes NaN");
    }
    try {
      return Numbers.parse(cell);
    } catch (NumberFormatException e) {
      throw notNumeric(column, first);
    }
  }

  /** Scales in double, whatever the model takes: see {@link StandardScaler#apply}. */
  private double checked(double value, int feature, int column, long first) {
    statistics.add(feature, value);
    double result = scaled ? StandardScaler.apply(value, mean[feature], scale[feature]) : value;
    if (!predictor.accepts(result)) {
      throw fault(
          PredictionError.VALUE_OUT_OF_RANGE,
          first,
          column,
          "is too large for the model's number type" + (scaled ? " when scaled" : ""));
    }
    return result;
  }

  private RowFault notNumeric(int column, long first) {
    return fault(
        PredictionError.VALUE_NOT_NUMERIC, first, column, "must be a decimal number like -1.5e3");
  }

  /** Names the place and never the value: messages reach logs and queues, data must not. */
  private RowFault fault(PredictionError code, long first, int column, String problem) {
    return new RowFault(code, first, ", column " + name(column) + ": the value " + problem);
  }

  private String name(int column) {
    return column < header.size() ? Texts.shorten(header.get(column)) : "number " + (column + 1);
  }
}
