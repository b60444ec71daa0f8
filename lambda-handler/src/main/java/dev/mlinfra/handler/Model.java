package dev.mlinfra.handler;

import java.util.Collection;
import java.util.List;

/** A loaded model. Several threads may use it at a time. */
interface Model extends AutoCloseable {
  /** The column of the model's first output. */
  String PREDICTION = "prediction";

  /**
   * The first part of the columns of {@link #PROBABILITIES}; the second is the class.
   *
   * @see Predictor#columns
   */
  String PROBABILITY = "probability_";

  /** The output with a value for each class, as exporters name it. */
  String PROBABILITIES = "probabilities";

  /**
   * Loads a model. Its content says what it is: JSON begins with a brace, ONNX never does.
   *
   * @param name how messages name the model
   * @throws PredictionException {@code MODEL_INVALID}, {@code MODEL_EXTERNAL_DATA} or {@code
   *     MODEL_INPUT_MISMATCH}
   */
  static Model load(byte[] content, String name) {
    int start = 0;
    while (start < content.length && Character.isWhitespace(content[start])) {
      start++;
    }
    return start < content.length && content[start] == '{'
        ? LinearModel.parse(content, name)
        : OnnxModel.load(content, name);
  }

  /**
   * Returns what predicts these outputs.
   *
   * @param outputs names of outputs, each once; none for the first output, which then must be one
   *     value for each row
   * @throws PredictionException {@code MODEL_OUTPUT_UNSUPPORTED} or {@code MODEL_INVALID}
   */
  Predictor predictor(List<String> outputs);

  /**
   * Refuses names of outputs that a model does not have.
   *
   * @throws PredictionException {@code MODEL_OUTPUT_UNSUPPORTED} with all of them
   */
  static void requireOutputs(List<String> outputs, Collection<String> known) {
    List<String> unknown = outputs.stream().filter(output -> !known.contains(output)).toList();
    if (!unknown.isEmpty()) {
      throw new PredictionException(
          PredictionError.MODEL_OUTPUT_UNSUPPORTED,
          "the model has no output "
              + String.join(", ", unknown)
              + "; it has "
              + String.join(", ", known));
    }
  }

  /** Waits until nothing is being predicted; predicting fails from then on. */
  @Override
  void close();
}
