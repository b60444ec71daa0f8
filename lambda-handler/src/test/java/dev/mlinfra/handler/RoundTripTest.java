package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random content: whatever the cells hold, the output has the same, and the right prediction. */
class RoundTripTest {
  private static final String[] PIECES = {
    "a", "B", "7", " ", ",", ";", "\t", "\"", "\"\"", "'", "\n", "\r", "\r\n", "#", "=", "\\", "é",
    "中", "😀", "\u2028", "\u0000", "\uFEFF"
  };

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsEveryCell(long seed) throws IOException {
    Random random = new Random(seed);
    List<List<String>> table = table(random);
    String csv = csv(table, random);
    Path data = Files.writeString(folder.resolve("data.csv"), csv);
    Path scaler = Files.writeString(folder.resolve("scaler.json"), TestFiles.SUM_SCALER);
    Path output = folder.resolve("out.csv");

    long rows = predict(data, scaler, output, random);

    assertThat(rows).as("seed %s", seed).isEqualTo(table.size() - 1);
    List<List<String>> written = read(output);
    assertThat(written).as("seed %s", seed).hasSameSizeAs(table);
    int a = table.get(0).indexOf("a");
    int b = table.get(0).indexOf("b");
    for (int i = 0; i < table.size(); i++) {
      List<String> cells = table.get(i);
      List<String> row = written.get(i);
      assertThat(row.subList(0, cells.size())).as("seed %s, row %s", seed, i).isEqualTo(cells);
      assertThat(row).hasSize(cells.size() + 1);
      if (i > 0) {
        assertThat(Double.parseDouble(row.get(cells.size())))
            .as("seed %s, row %s", seed, i)
            .isEqualTo(Double.parseDouble(cells.get(a)) + Double.parseDouble(cells.get(b)));
      }
    }
  }

  /** In chunks of any size, so that rows and quotes lie across their borders. */
  private static long predict(Path data, Path scaler, Path output, Random random) {
    FileObjectStore store = new FileObjectStore();
    try (PredictorCache models = new PredictorCache(store, 1 << 20, 1)) {
      return new PredictionJob(
              store, models, MissingValues.FAIL, 1 + random.nextInt(3), 1 + random.nextInt(60))
          .run(
              new PredictionRequest(
                  FileObjectStore.ref(TestFiles.path("sum.onnx")),
                  Optional.of(FileObjectStore.ref(scaler)),
                  Optional.empty(),
                  FileObjectStore.ref(data),
                  FileObjectStore.ref(output)),
              Deadline.NONE)
          .rows();
    }
  }

  private static List<List<String>> table(Random random) {
    int columns = 2 + random.nextInt(4);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      places.add(i);
    }
    Collections.shuffle(places, random);
    List<List<String>> table = new ArrayList<>();
    int rows = random.nextInt(20);
    for (int row = 0; row <= rows; row++) {
      List<String> cells = new ArrayList<>();
      for (int column = 0; column < columns; column++) {
        int place = places.get(column);
        if (row == 0) {
          cells.add(place == 0 ? "a" : place == 1 ? "b" : "x" + column + text(random));
        } else {
          cells.add(place < 2 ? number(random) : text(random));
        }
      }
      table.add(cells);
    }
    return table;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static String number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Integer.toString(random.nextInt(200) - 100);
      case 1 -> Double.toString(random.nextGaussian());
      case 2 ->
          Double.toString((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(600) - 300));
      default -> "+" + random.nextInt(1000) + ".e-0" + random.nextInt(9);
    };
  }

  private static String csv(List<List<String>> table, Random random) throws IOException {
    StringWriter text = new StringWriter();
    if (random.nextBoolean()) {
      text.write('\uFEFF');
    }
    CsvWriter.CsvWriterBuilder builder =
        CsvWriter.builder()
            .lineDelimiter(random.nextBoolean() ? LineDelimiter.LF : LineDelimiter.CRLF);
    if (random.nextBoolean()) {
      builder.quoteStrategy(QuoteStrategies.ALWAYS);
    }
    try (CsvWriter writer = builder.build(text)) {
      table.forEach(writer::writeRecord);
    }
    return text.toString();
  }

  private static List<List<String>> read(Path csv) throws IOException {
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(csv)) {
      return reader.stream().map(CsvRecord::getFields).toList();
    }
  }
}
