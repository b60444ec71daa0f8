package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Models that images/training exported, against the predictions of the libraries that trained them.
 */
class ExportedModelsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "diabetes/linear,                 float64, 1e-9",
    "diabetes/network,                float64, 1e-9",
    "diabetes/random-forest,          float32, 1e-5",
    "diabetes/gradient-boosting,      float32, 1e-5",
    "diabetes/hist-gradient-boosting, float32, 1e-5",
    "diabetes/xgboost,                float32, 1e-5",
    "diabetes/lightgbm,               float32, 1e-5",
  })
  void predictsNumbersAsTheOriginalDoes(String model, String type, double tolerance)
      throws IOException {
    List<String> predicted = predict(model);

    List<String> expected = expected(model);
    assertThat(predicted).hasSameSizeAs(expected);
    double worst =
        IntStream.range(0, expected.size())
            .mapToDouble(
                i -> {
                  double wanted = Double.parseDouble(expected.get(i));
                  return Math.abs(Double.parseDouble(predicted.get(i)) - wanted) / Math.abs(wanted);
                })
            .max()
            .orElseThrow();
    System.out.println(model + ": largest relative difference " + worst);
    assertThat(worst).isLessThanOrEqualTo(tolerance);
    assertThat(card(model)).contains("\"type\": \"" + type + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "iris/logistic",
    "iris/random-forest",
    "iris/lightgbm",
    "breast-cancer/logistic",
    "breast-cancer/gradient-boosting",
    "breast-cancer/xgboost",
    "breast-cancer/lightgbm",
    "wine/logistic",
    "wine/random-forest",
    "wine/xgboost",
  })
  void predictsClassesAsTheOriginalDoes(String model) throws IOException {
    List<String> predicted = predict(model);

    assertThat(predicted).isEqualTo(expected(model));
    System.out.println(model + ": " + predicted.size() + " classes equal");
  }

  @Test
  void modelIsTheOneThatItsCardDescribes() throws IOException {
    Matcher checksum =
        Pattern.compile("\"model_sha256\": \"(\\w+)\"").matcher(card("diabetes/linear"));

    assertThat(checksum.find()).isTrue();
    assertThat(file("diabetes/linear/model.onnx"))
        .hasDigest("SHA-256", HexFormat.of().parseHex(checksum.group(1)));
  }

  /**
   * Predicts the data set and returns the last column, having checked that all else is the input.
   */
  private List<String> predict(String model) throws IOException {
    Path data = file(model.substring(0, model.indexOf('/')) + "/data.csv");
    Path output = folder.resolve("out.csv");
    long rows =
        LocalPrediction.run(
            file(model + "/model.onnx"), Optional.of(file(model + "/scaler.json")), data, output);

    List<String> lines = Files.readAllLines(output);
    List<String> columns = lines.stream().map(line -> line.substring(0, comma(line))).toList();
    assertThat(columns).isEqualTo(Files.readAllLines(data));
    assertThat(rows).isEqualTo(lines.size() - 1);
    assertThat(lines.get(0)).endsWith(",prediction");
    return lines.stream().skip(1).map(line -> line.substring(comma(line) + 1)).toList();
  }

  private static int comma(String line) {
    return line.lastIndexOf(',');
  }

  private static List<String> expected(String model) throws IOException {
    return Files.readAllLines(file(model + ".expected"));
  }

  private static String card(String model) throws IOException {
    return Files.readString(file(model + "/model-card.json"));
  }

  private static Path file(String name) {
    return TestFiles.path(".").resolveSibling("exported").resolve(name);
  }
}
