package dev.mlinfra.handler;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one prediction reads and writes.
 *
 * @param model ONNX file
 * @param scaler {@code mlinfra/scaler/v1} JSON file; empty if the model takes the CSV's values
 * @param baseline {@code mlinfra/baseline/v1} JSON file, to tell how far the data have moved from
 *     those that the model was trained on; empty for no such figure
 * @param data CSV to predict for
 * @param output CSV to write
 */
public record PredictionRequest(
    ObjectRef model,
    Optional<ObjectRef> scaler,
    Optional<ObjectRef> baseline,
    ObjectRef data,
    ObjectRef output) {

  /** Everything that is read. */
  Stream<ObjectRef> inputs() {
    return Stream.of(Stream.of(model, data), scaler.stream(), baseline.stream())
        .flatMap(inputs -> inputs);
  }

  /**
   * Makes sure that no input is overwritten.
   *
   * @throws PredictionException {@code OUTPUT_EQUALS_INPUT}
   */
  void requireOutputApart() {
    if (inputs().anyMatch(output::equals)) {
      throw new PredictionException(
          PredictionError.OUTPUT_EQUALS_INPUT,
          "the output " + output + " is one of the inputs. Choose another place for the output");
    }
  }
}
