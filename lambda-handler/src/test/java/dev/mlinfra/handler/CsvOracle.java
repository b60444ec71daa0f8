package dev.mlinfra.handler;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a CSV of two numbers a row, once as we do and once with FastCSV: each row as the numbers in
 * it; the end as what was wrong and where, if anything was.
 */
final class CsvOracle {
  static final String BROKEN = "no CSV";

  private CsvOracle() {}

  /** What we read, in chunks. */
  static List<String> ours(byte[] csv, int chunkBytes) {
    ChunkReader chunks = new ChunkReader(new ByteArrayInputStream(csv), Integer.MAX_VALUE);
    RowReader reader =
        new RowReader(
            List.of("a", "b"),
            new FeatureColumns(List.of(1, 0)),
            Optional.empty(),
            MissingValues.NAN,
            TestPredictors.anything(2),
            new FeatureStatistics(2, Optional.empty()));
    Chunk chunk = new Chunk(chunkBytes);
    double[] features = new double[2];
    List<String> rows = new ArrayList<>();
    long lines = 0;
    try {
      while (chunks.fill(chunk)) {
        reader.start(chunk, 0);
        while (reader.next(features, 0)) {
          rows.add(features[1] + " " + features[0]);
        }
        lines += reader.lines();
      }
    } catch (RowFault fault) {
      rows.add(place(fault.inFile(lines)));
    }
    return rows;
  }

  /** What FastCSV reads. */
  static List<String> expected(String csv) {
    List<String> rows = new ArrayList<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .skipEmptyLines(true)
            .allowUnclosedQuote(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(csv)) {
      for (CsvRecord row : reader) {
        String line = "line " + row.getStartingLineNumber();
        // What is read first is refused first: numbers come cell by cell, the count at the end.
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < Math.min(2, row.getFieldCount()); i++) {
          String cell = row.getField(i).strip();
          try {
            double value = Numbers.isMissing(cell) ? Double.NaN : Numbers.parse(cell);
            if (Double.isInfinite(value)) {
              rows.add("VALUE_OUT_OF_RANGE " + line);
              return rows;
            }
            numbers.add(Double.toString(value));
          } catch (NumberFormatException e) {
            rows.add("VALUE_NOT_NUMERIC " + line);
            return rows;
          }
        }
        if (row.getFieldCount() != 2) {
          rows.add("CSV_INVALID " + line);
          return rows;
        }
        rows.add(String.join(" ", numbers));
      }
    } catch (CsvParseException e) {
      rows.add(BROKEN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** Says what is different, or returns nothing. */
  static Optional<String> difference(List<String> ours, List<String> expected) {
    int last = expected.size() - 1;
    boolean broken = last >= 0 && expected.get(last).equals(BROKEN);
    List<String> compared = ours;
    if (broken
        && ours.size() == expected.size()
        && ours.get(last).matches("(CSV_INVALID|VALUE_).*")) {
      // The row may hold a value that is refused first, which FastCSV does not come to.
      compared = new ArrayList<>(ours.subList(0, last));
      compared.add(BROKEN);
    }
    return compared.equals(expected)
        ? Optional.empty()
        : Optional.of("read " + ours + ", FastCSV " + expected);
  }

  private static String place(PredictionException e) {
    return e.code() + e.detail().replaceAll("(?s)^data:( line \\d+).*", "$1");
  }
}
