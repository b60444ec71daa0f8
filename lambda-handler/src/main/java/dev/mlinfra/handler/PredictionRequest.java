package dev.mlinfra.handler;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one prediction reads and writes.
 *
 * @param model ONNX file, or {@code mlinfra/linear/v1} JSON file
 * @param scaler {@code mlinfra/scaler/v1} JSON file; empty if the model takes the CSV's values
 * @param baseline {@code mlinfra/baseline/v1} JSON file, to tell how far the data have moved from
 *     those that the model was trained on; empty for no such figure
 * @param data CSV to predict for
 * @param output CSV to write
 * @param outputs names of the model's outputs to write, each once; empty for the first one
 * @param modelSha256 checksum that the model must have, in lower-case hexadecimal; empty for any
 */
public record PredictionRequest(
    ObjectRef model,
    Optional<ObjectRef> scaler,
    Optional<ObjectRef> baseline,
    ObjectRef data,
    ObjectRef output,
    List<String> outputs,
    Optional<String> modelSha256) {

  public PredictionRequest {
    outputs = List.copyOf(outputs);
  }

  /** The first output of any model. */
  public PredictionRequest(
      ObjectRef model,
      Optional<ObjectRef> scaler,
      Optional<ObjectRef> baseline,
      ObjectRef data,
      ObjectRef output) {
    this(model, scaler, baseline, data, output, List.of(), Optional.empty());
  }

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
