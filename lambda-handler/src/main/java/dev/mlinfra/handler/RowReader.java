package dev.mlinfra.handler;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import java.util.Optional;

/** Turns the cells of a row into what the model takes: numbers, in its order, scaled. */
final class RowReader {
  private final List<String> header;
  private final int[] columns;
  private final Optional<StandardScaler> scaler;
  private final MissingValues missingValues;
  private final Predictor predictor;

  RowReader(
      List<String> header,
      FeatureColumns columns,
      Optional<StandardScaler> scaler,
      MissingValues missingValues,
      Predictor predictor) {
    this.header = header;
    this.columns = columns.indexes().stream().mapToInt(Integer::intValue).toArray();
    this.scaler = scaler;
    this.missingValues = missingValues;
    this.predictor = predictor;
  }

  /**
   * Reads one row.
   *
   * @param into where the features go, from index {@code at} on
   * @throws PredictionException {@code VALUE_MISSING}, {@code VALUE_NOT_NUMERIC} or {@code
   *     VALUE_OUT_OF_RANGE}
   */
  void read(CsvRecord row, double[] into, int at) {
    for (int feature = 0; feature < columns.length; feature++) {
      double value = number(row, columns[feature]);
      // Scaled in double, whatever the model takes: see StandardScaler.apply.
      double scaled = scaler.isPresent() ? scaler.get().apply(feature, value) : value;
      if (!predictor.accepts(scaled)) {
        throw invalid(
            PredictionError.VALUE_OUT_OF_RANGE,
            row,
            columns[feature],
            "is too large for the model's number type"
                + (scaler.isPresent() ? " when scaled" : ""));
      }
      into[at + feature] = scaled;
    }
  }

  private double number(CsvRecord row, int column) {
    String cell = row.getField(column).strip();
    if (Numbers.isMissing(cell)) {
      if (missingValues == MissingValues.NAN) {
        return Double.NaN;
      }
      throw invalid(
          PredictionError.VALUE_MISSING,
          row,
          column,
          "must be a number. Fill it in, or set MLINFRA_MISSING_VALUES=nan if the model takes NaN");
    }
    try {
      return Numbers.parse(cell);
    } catch (NumberFormatException e) {
      throw invalid(
          PredictionError.VALUE_NOT_NUMERIC, row, column, "must be a decimal number like -1.5e3");
    }
  }

  /** Names the place and never the value: messages reach logs and queues, data must not. */
  private PredictionException invalid(
      PredictionError code, CsvRecord row, int column, String problem) {
    return new PredictionException(
        code,
        "data: line %d, column %s: the value %s"
            .formatted(row.getStartingLineNumber(), Texts.shorten(header.get(column)), problem));
  }
}
