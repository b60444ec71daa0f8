package dev.mlinfra.handler;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one prediction reads and writes.
 *
 * @param model ONNX file
 * @param scaler {@code mlinfra/scaler/v1} JSON file; empty if the model takes the CSV's values
 * @param data CSV to predict for
 * @param output CSV to write
 */
public record PredictionRequest(
    ObjectRef model, Optional<ObjectRef> scaler, ObjectRef data, ObjectRef output) {

  /**
   * Makes sure that no input is overwritten.
   *
   * @throws PredictionException {@code OUTPUT_EQUALS_INPUT}
   */
  void requireOutputApart() {
    if (Stream.concat(Stream.of(model, data), scaler.stream()).anyMatch(output::equals)) {
      throw new PredictionException(
          PredictionError.OUTPUT_EQUALS_INPUT,
          "the output " + output + " is one of the inputs. Choose another place for the output");
    }
  }
}
