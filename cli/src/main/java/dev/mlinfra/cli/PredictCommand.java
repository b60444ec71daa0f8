package dev.mlinfra.cli;

import dev.mlinfra.handler.LocalPrediction;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mlinfra predict}. */
@Command(
    name = "predict",
    description = "Predict for every row of a CSV file, as the prediction function does.")
final class PredictCommand implements Callable<Integer> {
  @Option(names = "--model", required = true, paramLabel = "FILE", description = "ONNX model.")
  private Path model;

  @Option(
      names = "--scaler",
      paramLabel = "FILE",
      description =
          "JSON scaler that training wrote. Default: the model takes the columns as they are.")
  private Path scaler;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "CSV file with a header.")
  private Path data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "CSV file to write: the same rows with a last column 'prediction'.")
  private Path output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    long rows = LocalPrediction.run(model, Optional.ofNullable(scaler), data, output);
    spec.commandLine()
        .getOut()
        .println(
            String.format(
                Locale.ROOT,
                "%d rows predicted in %.1f s, written to %s",
                rows,
                (System.nanoTime() - start) / 1e9,
                output));
    return ExitCode.FINE;
  }
}
