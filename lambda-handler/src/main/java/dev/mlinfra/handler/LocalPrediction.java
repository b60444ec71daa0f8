package dev.mlinfra.handler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Predicts on local files, exactly as the Lambda function does on S3. */
public final class LocalPrediction {
  private LocalPrediction() {}

  /**
   * Writes {@code data} with a last column {@code prediction} to {@code output}. Fails on missing
   * values.
   *
   * @param model ONNX file, at most 512 MB
   * @param scaler {@code mlinfra/scaler/v1} JSON file, or empty to hand the data to the model as it
   *     is
   * @param data CSV file
   * @param output CSV file to write, whole or not at all; replaced if it exists
   * @return the number of predictions
   * @throws PredictionException if any of it is not possible; {@code output} is then as it was
   */
  public static long run(Path model, Optional<Path> scaler, Path data, Path output) {
    return run(model, scaler, data, output, MissingValues.FAIL);
  }

  /** As above, with a choice of what to do about missing values. */
  public static long run(
      Path model, Optional<Path> scaler, Path data, Path output, MissingValues missingValues) {
    PredictionRequest request =
        new PredictionRequest(
            FileObjectStore.ref(model),
            scaler.map(FileObjectStore::ref),
            Optional.empty(),
            FileObjectStore.ref(data),
            FileObjectStore.ref(output));
    Stream.concat(Stream.of(model, data), scaler.stream())
        .forEach(input -> requireApart(input, output));
    ObjectStore store = new FileObjectStore();
    try (PredictorCache models =
        new PredictorCache(store, HandlerSettings.DEFAULT_MAX_MODEL_BYTES, 1)) {
      return new PredictionJob(store, models, missingValues).run(request, Deadline.NONE).rows();
    }
  }

  /** Also knows the same file by another path, or by a link. */
  private static void requireApart(Path input, Path output) {
    try {
      if (Files.exists(output) && Files.exists(input) && Files.isSameFile(input, output)) {
        throw new PredictionException(
            PredictionError.OUTPUT_EQUALS_INPUT,
            "the output " + output + " is the input " + input + ". Choose another output");
      }
    } catch (IOException e) {
      throw new PredictionException(
          PredictionError.STORE_FAILED, "cannot compare " + input + " and " + output + ": " + e, e);
    }
  }
}
