package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.NumberOutput;

/**
 * A linear or logistic regression as plain numbers. It needs no native library and computes in
 * double.
 *
 * <pre>{@code
 * {"format": "mlinfra/linear/v1", "coefficients": [[1.5, -2.0]], "intercepts": [0.5]}
 *
 * {"format": "mlinfra/linear/v1", "coefficients": [[...], [...], [...]], "intercepts": [...],
 *  "classes": ["a", "b", "c"]}
 * }</pre>
 *
 * <p>Without classes it predicts a number from one row of coefficients. With two classes it has one
 * row too, whose score is that of the second class; with more, a row for each. Its outputs have the
 * names that they have in exported ONNX models: {@code variable}, or {@code label} and {@code
 * probabilities}. Other fields are ignored.
 *
 * <p>A row with a missing value has the prediction {@code NaN}, also among labels.
 */
final class LinearModel implements Model {
  private static final String FORMAT = "mlinfra/linear/v1";
  private static final String VARIABLE = "variable";
  private static final String LABEL = "label";
  private static final int MAX_ROWS = 8192;

  private final double[][] coefficients;
  private final double[] intercepts;
  private final List<String> classes;

  private LinearModel(double[][] coefficients, double[] intercepts, List<String> classes) {
    this.coefficients = coefficients;
    this.intercepts = intercepts;
    this.classes = classes;
  }

  /**
   * Reads a model.
   *
   * @param json the file's content
   * @param name how messages name the file
   * @throws PredictionException {@code MODEL_INVALID} with all problems
   */
  static LinearModel parse(byte[] json, String name) {
    Fields fields = new Fields();
    fields.read(
        json,
        name,
        PredictionError.MODEL_INVALID,
        "Export the model again with images/training/export_model.py");
    return new LinearModel(
        fields.coefficients.stream().map(LinearModel::array).toArray(double[][]::new),
        array(fields.intercepts),
        List.copyOf(fields.classes));
  }

  @Override
  public Predictor predictor(List<String> outputs) {
    List<String> known = classes.isEmpty() ? List.of(VARIABLE) : List.of(LABEL, PROBABILITIES);
    Model.requireOutputs(outputs, known);
    return new Outputs(outputs.isEmpty() ? known.subList(0, 1) : outputs);
  }

  @Override
  public void close() {
    // holds numbers only
  }

  /** What is asked of the model. */
  private final class Outputs implements Predictor {
    private final List<String> outputs;
    private final List<String> columns;

    Outputs(List<String> outputs) {
      this.outputs = List.copyOf(outputs);
      this.columns =
          outputs.stream()
              .flatMap(
                  output ->
                      output.equals(PROBABILITIES)
                          ? classes.stream().map(PROBABILITY::concat)
                          : Stream.of(PREDICTION))
              .toList();
    }

    @Override
    public int width() {
      return coefficients[0].length;
    }

    @Override
    public int maxRows() {
      return MAX_ROWS;
    }

    @Override
    public List<String> columns() {
      return columns;
    }

    @Override
    public boolean accepts(double value) {
      return !Double.isInfinite(value);
    }

    @Override
    public String[] predict(double[] features, int rows) {
      String[] texts = new String[rows * columns.size()];
      double[] scores = new double[coefficients.length];
      int at = 0;
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < scores.length; i++) {
          scores[i] = score(i, features, row * width());
        }
        for (String output : outputs) {
          if (output.equals(PROBABILITIES)) {
            for (double probability : probabilities(scores)) {
              texts[at++] = NumberOutput.toString(probability, true);
            }
          } else if (output.equals(LABEL)) {
            texts[at++] = label(scores);
          } else {
            texts[at++] = NumberOutput.toString(scores[0], true);
          }
        }
      }
      return texts;
    }
  }

  private double score(int of, double[] features, int at) {
    double[] weights = coefficients[of];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * features[at + i];
    }
    return sum + intercepts[of];
  }

  private String label(double[] scores) {
    if (Arrays.stream(scores).anyMatch(Double::isNaN)) {
      return "NaN";
    }
    if (scores.length == 1) {
      return classes.get(scores[0] > 0 ? 1 : 0);
    }
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return classes.get(best);
  }

  private static double[] probabilities(double[] scores) {
    if (scores.length == 1) {
      double second = 1 / (1 + Math.exp(-scores[0]));
      return new double[] {1 - second, second};
    }
    // Less the largest score, so that no power overflows.
    double largest = Arrays.stream(scores).max().orElseThrow();
    double[] powers = Arrays.stream(scores).map(score -> Math.exp(score - largest)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum).toArray();
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The file's fields while they are read. */
  private static final class Fields extends ExportedFile {
    private final List<List<Double>> coefficients = new ArrayList<>();
    private List<Double> intercepts = List.of();
    private final List<String> classes = new ArrayList<>();

    Fields() {
      super(FORMAT);
    }

    @Override
    void readField(JsonParser parser, String field) {
      switch (field) {
        case "coefficients" -> {
          require(parser.currentToken(), JsonToken.START_ARRAY, field);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            coefficients.add(numbers(parser, "a row of " + field));
          }
        }
        case "intercepts" -> intercepts = numbers(parser, field);
        case "classes" -> {
          require(parser.currentToken(), JsonToken.START_ARRAY, field);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
              require(parser.currentToken(), JsonToken.VALUE_STRING, "a class");
            }
            classes.add(parser.getString());
          }
        }
        default -> parser.skipChildren();
      }
    }

    @Override
    void check(List<String> problems) {
      if (classes.size() == 1 || new HashSet<>(classes).size() < classes.size()) {
        problems.add("classes has " + classes.size() + " names, must have two or more, each once");
      }
      int wanted = classes.size() > 2 ? classes.size() : 1;
      if (coefficients.size() != wanted || intercepts.size() != wanted) {
        problems.add(
            "coefficients has %d rows and intercepts %d entries, must have %d each"
                .formatted(coefficients.size(), intercepts.size(), wanted));
      }
      if (coefficients.stream().map(List::size).distinct().count() > 1
          || coefficients.stream().anyMatch(List::isEmpty)) {
        problems.add("rows of coefficients must have one number for each feature");
      }
      if (Stream.concat(coefficients.stream().flatMap(List::stream), intercepts.stream())
          .anyMatch(value -> !Double.isFinite(value))) {
        problems.add("coefficients or intercepts has a value that is not finite");
      }
    }
  }
}
