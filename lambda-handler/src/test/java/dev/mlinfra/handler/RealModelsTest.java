package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that scikit-learn trained and skl2onnx exported, against scikit-learn's predictions. */
class RealModelsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "diabetes-linear,   diabetes-scaler, 1e-12",
    "diabetes-unscaled, ,                1e-12",
    "diabetes-forest,   diabetes-scaler, 1e-5",
  })
  void predictsNumbersAsScikitLearnDoes(String model, String scaler, double tolerance)
      throws IOException {
    Path output = folder.resolve("out.csv");
    long rows =
        LocalPrediction.run(
            TestFiles.path(model + ".onnx"),
            Optional.ofNullable(scaler).map(name -> TestFiles.path(name + ".json")),
            TestFiles.path("diabetes.csv"),
            output);

    List<String> expected = Files.readAllLines(TestFiles.path(model + ".expected"));
    List<String> predicted = predictions(output);
    assertThat(rows).isEqualTo(442);
    assertThat(predicted).hasSameSizeAs(expected);
    double worst = TestFiles.largestRelativeDifference(predicted, expected);
    System.out.println(model + ": largest relative difference " + worst);
    assertThat(worst).isLessThan(tolerance);
  }

  @ParameterizedTest
  @CsvSource({"iris-names", "iris-numbers"})
  void predictsLabelsAsScikitLearnDoes(String model) throws IOException {
    Path output = folder.resolve("out.csv");
    LocalPrediction.run(
        TestFiles.path(model + ".onnx"),
        Optional.of(TestFiles.path("iris-scaler.json")),
        TestFiles.path("iris.csv"),
        output);

    assertThat(predictions(output))
        .isEqualTo(Files.readAllLines(TestFiles.path(model + ".expected")));
  }

  @Test
  void passesTheInputThroughUntouched() throws IOException {
    Path output = folder.resolve("out.csv");
    LocalPrediction.run(
        TestFiles.path("diabetes-linear.onnx"),
        Optional.of(TestFiles.path("diabetes-scaler.json")),
        TestFiles.path("diabetes.csv"),
        output);

    List<String> input = Files.readAllLines(TestFiles.path("diabetes.csv"));
    List<String> lines = Files.readAllLines(output);
    assertThat(lines).hasSameSizeAs(input);
    assertThat(lines.get(0)).isEqualTo(input.get(0) + ",prediction");
    for (int i = 0; i < input.size(); i++) {
      assertThat(lines.get(i)).startsWith(input.get(i) + ",");
    }
  }

  @Test
  void findsFeaturesByNameWhateverTheirOrder() throws IOException {
    List<String> shuffled = new ArrayList<>();
    for (CsvRecord row : rows(TestFiles.path("diabetes.csv"))) {
      List<String> cells = new ArrayList<>(row.getFields());
      Collections.reverse(cells);
      cells.add(4, shuffled.isEmpty() ? "patient" : "someone");
      shuffled.add(String.join(",", cells));
    }
    Path data = Files.write(folder.resolve("shuffled.csv"), shuffled);
    Path output = folder.resolve("out.csv");
    Path reference = folder.resolve("reference.csv");
    Path model = TestFiles.path("diabetes-forest.onnx");
    Optional<Path> scaler = Optional.of(TestFiles.path("diabetes-scaler.json"));
    LocalPrediction.run(model, scaler, data, output);
    LocalPrediction.run(model, scaler, TestFiles.path("diabetes.csv"), reference);

    assertThat(predictions(output)).isEqualTo(predictions(reference));
    assertThat(Files.readAllLines(output).get(1)).startsWith(shuffled.get(1) + ",");
  }

  private static List<String> predictions(Path output) throws IOException {
    List<CsvRecord> rows = rows(output);
    int column = rows.get(0).getFieldCount() - 1;
    assertThat(rows.get(0).getField(column)).isEqualTo("prediction");
    return rows.stream().skip(1).map(row -> row.getField(column)).toList();
  }

  private static List<CsvRecord> rows(Path csv) throws IOException {
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(csv)) {
      return reader.stream().toList();
    }
  }
}
