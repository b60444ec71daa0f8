package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    double worst = TestFiles.largestRelativeDifference(predicted, expected);
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

  @ParameterizedTest
  @CsvSource({
    "iris/logistic,                   model.onnx, 1e-9",
    "iris/logistic,                   model.json, 1e-9",
    "iris/random-forest,              model.onnx, 1e-5",
    "iris/lightgbm,                   model.onnx, 1e-5",
    "breast-cancer/logistic,          model.onnx, 1e-9",
    "breast-cancer/logistic,          model.json, 1e-9",
    "breast-cancer/gradient-boosting, model.onnx, 1e-5",
    "breast-cancer/xgboost,           model.onnx, 1e-5",
    "breast-cancer/lightgbm,          model.onnx, 1e-5",
    "wine/logistic,                   model.onnx, 1e-9",
    "wine/logistic,                   model.json, 1e-9",
    "wine/random-forest,              model.onnx, 1e-5",
    "wine/xgboost,                    model.onnx, 1e-5",
  })
  void predictsProbabilitiesAsTheOriginalDoes(String model, String file, double tolerance)
      throws IOException {
    List<String> classes = expected(model);
    List<String> wanted = Files.readAllLines(file(model + ".probabilities"));

    List<String> lines = predict(model, file, List.of("label", "probabilities"));

    assertThat(lines).hasSameSizeAs(wanted);
    assertThat(lines.get(0))
        .isEqualTo("prediction,probability_" + wanted.get(0).replace(",", ",probability_"));
    double worst = 0;
    for (int row = 1; row < lines.size(); row++) {
      String[] cells = lines.get(row).split(",", -1);
      String[] probabilities = wanted.get(row).split(",", -1);
      assertThat(cells[0]).isEqualTo(classes.get(row - 1));
      for (int i = 0; i < probabilities.length; i++) {
        double probability = Double.parseDouble(probabilities[i]);
        double difference = Math.abs(Double.parseDouble(cells[i + 1]) - probability);
        // What is almost impossible is the small rest of a sum near one, which is rounded.
        worst = Math.max(worst, difference / Math.max(probability, 0.1));
      }
    }
    System.out.println(model + "/" + file + ": largest difference of probabilities " + worst);
    assertThat(worst).isLessThanOrEqualTo(tolerance);
  }

  @Test
  void predictsNumbersFromPlainJsonAsTheOriginalDoes() throws IOException {
    List<String> expected = expected("diabetes/linear");

    List<String> lines = predict("diabetes/linear", "model.json", List.of());

    double worst =
        IntStream.range(0, expected.size())
            .mapToDouble(
                i -> {
                  double wanted = Double.parseDouble(expected.get(i));
                  double given = Double.parseDouble(lines.get(i + 1));
                  return Math.abs(given - wanted) / Math.abs(wanted);
                })
            .max()
            .orElseThrow();
    System.out.println("diabetes/linear/model.json: largest relative difference " + worst);
    assertThat(worst).isLessThanOrEqualTo(1e-9);
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
    List<String> lines = predict(model, "model.onnx", List.of());
    assertThat(lines.get(0)).isEqualTo("prediction");
    return lines.subList(1, lines.size());
  }

  /** Returns what stands behind the lines of the data set, having checked those byte by byte. */
  private List<String> predict(String model, String file, List<String> outputs) throws IOException {
    Path data = file(model.substring(0, model.indexOf('/')) + "/data.csv");
    Path output = folder.resolve("out.csv");
    FileObjectStore store = new FileObjectStore();
    long rows;
    try (PredictorCache models = new PredictorCache(store, 1 << 20, 1)) {
      rows =
          new PredictionJob(store, models, MissingValues.FAIL)
              .run(
                  new PredictionRequest(
                      FileObjectStore.ref(file(model + "/" + file)),
                      Optional.of(FileObjectStore.ref(file(model + "/scaler.json"))),
                      Optional.of(FileObjectStore.ref(file(model + "/baseline.json"))),
                      FileObjectStore.ref(data),
                      FileObjectStore.ref(output),
                      outputs,
                      Optional.empty()),
                  Deadline.NONE)
              .rows();
    }
    String[] given = lines(data);
    String[] lines = lines(output);
    assertThat(lines).hasSameSizeAs(given);
    assertThat(rows).isEqualTo(lines.length - 1);
    return IntStream.range(0, lines.length)
        .mapToObj(
            i -> {
              assertThat(lines[i]).startsWith(given[i] + ",");
              return lines[i].substring(given[i].length() + 1);
            })
        .toList();
  }

  /** The lines with all of their bytes, but for the line feed. */
  private static String[] lines(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(text).endsWith("\n");
    return text.substring(0, text.length() - 1).split("\n", -1);
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
