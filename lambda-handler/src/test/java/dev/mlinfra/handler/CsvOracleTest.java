package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reader of bytes against FastCSV, on texts that are mostly not quite CSV: the same rows, the
 * same numbers, and the same texts refused.
 */
class CsvOracleTest {
  private static final String[] PIECES = {
    "1",
    "-2.5",
    "0.1",
    "1e3",
    "123456789012345678901",
    "9007199254740993",
    "",
    " ",
    " 4 ",
    "NA",
    "x",
    "5\" pipe",
    "\"7\"",
    "\"a,b\"",
    "\"a\nb\"",
    "\"a\r\nb\"",
    "\"\"\"\"",
    "\"",
    "\"x\"y",
    "é",
    "-",
    "+.5",
    "1.",
    ".",
    "0x1",
    "Infinity",
    "1_0",
    "١",
    "\u2028",
    "00012.5000",
    "-0",
    "1e400"
  };
  private static final String BROKEN = "no CSV";
  private static final String[] LINE_ENDS = {"\n", "\n", "\n", "\r\n", "\r", "\n\n", "\r\r\n"};

  static LongStream seeds() {
    return LongStream.range(0, 3000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readsTheSame(long seed) {
    Random random = new Random(seed);
    String csv = csv(random);
    Chunk chunk = new Chunk(16);
    byte[] bytes = csv.getBytes(StandardCharsets.UTF_8);
    chunk.append(bytes, 0, bytes.length);

    List<String> expected = oracle(csv);
    List<String> rows = ours(chunk);
    if (expected.contains(BROKEN)) {
      // The row may hold a value that is refused first, which FastCSV does not come to.
      assertThat(rows).as("seed %s: %s", seed, csv).hasSameSizeAs(expected);
      assertThat(rows.get(rows.size() - 1)).containsPattern("CSV_INVALID|VALUE_");
      rows.set(rows.size() - 1, BROKEN);
    }
    assertThat(rows).as("seed %s: %s", seed, csv).isEqualTo(expected);
  }

  private static String csv(Random random) {
    StringBuilder csv = new StringBuilder();
    for (int row = 1 + random.nextInt(5); row > 0; row--) {
      csv.append(PIECES[random.nextInt(PIECES.length)]).append(',');
      csv.append(PIECES[random.nextInt(PIECES.length)]);
      if (random.nextInt(20) == 0) {
        csv.append(',');
      }
      if (row > 1 || random.nextBoolean()) {
        csv.append(LINE_ENDS[random.nextInt(LINE_ENDS.length)]);
      }
    }
    return csv.toString();
  }

  /** Each row as its line and the numbers in it; the end as what was wrong, if anything was. */
  private static List<String> ours(Chunk chunk) {
    RowReader reader =
        new RowReader(
            List.of("a", "b"),
            new FeatureColumns(List.of(1, 0)),
            Optional.empty(),
            MissingValues.NAN,
            TestPredictors.anything(2),
            new FeatureStatistics(2, Optional.empty()));
    reader.start(chunk, 0);
    List<String> rows = new ArrayList<>();
    double[] features = new double[2];
    try {
      while (reader.next(features, 0)) {
        rows.add(features[1] + " " + features[0]);
      }
    } catch (RowFault fault) {
      rows.add(place(fault.inFile(0)));
    }
    return rows;
  }

  private static List<String> oracle(String csv) {
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

  private static String place(PredictionException e) {
    return e.code() + e.detail().replaceAll("(?s)^data:( line \\d+).*", "$1");
  }
}
