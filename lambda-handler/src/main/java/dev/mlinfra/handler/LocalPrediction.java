package dev.mlinfra.handler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Predicts from here on local files and on objects of S3, exactly as the Lambda function does. */
public final class LocalPrediction {
  private static final String S3 = "s3://";

  private LocalPrediction() {}

  /**
   * Returns the place that a user names.
   *
   * @param location {@code s3://bucket/key}, or the path of a file
   * @throws PredictionException {@code EVENT_INVALID} for {@code s3://} without bucket or key
   */
  public static ObjectRef ref(String location) {
    if (!location.startsWith(S3)) {
      return FileObjectStore.ref(Path.of(location));
    }
    String[] parts = location.substring(S3.length()).split("/", 2);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new PredictionException(
          PredictionError.EVENT_INVALID,
          "'" + location + "' names no object; allowed: s3://bucket/key, or the path of a file");
    }
    return new ObjectRef(parts[0], parts[1]);
  }

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
    Supplier<ObjectStore> noS3 =
        () -> {
          throw new IllegalStateException("all places are files");
        };
    return run(request, missingValues, noS3, PredictionProgress.NONE).rows();
  }

  /**
   * As above, with files and objects of S3 in any mixture: {@link #ref}.
   *
   * @param s3 connects to S3; not asked when there are files only
   * @param progress hears how far it has come
   */
  public static PredictionResult run(
      PredictionRequest request,
      MissingValues missingValues,
      Supplier<? extends ObjectStore> s3,
      PredictionProgress progress) {
    request.requireOutputApart();
    request.inputs().forEach(input -> requireApart(input, request.output()));
    if (request.model().key().endsWith(".onnx")) {
      OnnxModel.loadRuntimeEarly();
    }
    ObjectStore store = new FilesOrS3(s3);
    try (PredictorCache models =
        new PredictorCache(store, HandlerSettings.DEFAULT_MAX_MODEL_BYTES, 1)) {
      return new PredictionJob(store, models, missingValues).run(request, Deadline.NONE, progress);
    }
  }

  /** Also knows the same file by another path, or by a link. */
  private static void requireApart(ObjectRef input, ObjectRef output) {
    if (!input.isFile() || !output.isFile()) {
      return;
    }
    Path from = Path.of(input.key());
    Path to = Path.of(output.key());
    try {
      if (Files.exists(to) && Files.exists(from) && Files.isSameFile(from, to)) {
        throw new PredictionException(
            PredictionError.OUTPUT_EQUALS_INPUT,
            "the output " + to + " is the input " + from + ". Choose another output");
      }
    } catch (IOException e) {
      throw new PredictionException(
          PredictionError.STORE_FAILED, "cannot compare " + from + " and " + to + ": " + e, e);
    }
  }
}
