package dev.mlinfra.cli;

import dev.mlinfra.handler.LocalPrediction;
import dev.mlinfra.handler.MissingValues;
import dev.mlinfra.handler.ObjectStore;
import dev.mlinfra.handler.PredictionProgress;
import dev.mlinfra.handler.PredictionRequest;
import dev.mlinfra.handler.PredictionResult;
import dev.mlinfra.handler.S3ObjectStore;
import dev.mlinfra.local.EmbeddedAws;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mlinfra predict}. */
@Command(
    name = "predict",
    description = {
      "Predict for every row of a CSV file, as the prediction function does.",
      "A PLACE is a file or s3://bucket/key. S3 is reached as the AWS CLI does: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL."
    })
final class PredictCommand implements Callable<Integer> {
  @Option(names = "--model", required = true, paramLabel = "PLACE", description = "ONNX model.")
  private String model;

  @Option(
      names = "--scaler",
      paramLabel = "PLACE",
      description =
          "JSON scaler that training wrote. Default: the model takes the columns as they are.")
  private String scaler;

  @Option(
      names = "--baseline",
      paramLabel = "PLACE",
      description =
          "JSON baseline that training wrote: tells how far the data have moved. Default: none.")
  private String baseline;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "PLACE",
      description = "CSV file with a header.")
  private String data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "PLACE",
      description = "CSV file to write: the same rows with a last column 'prediction'.")
  private String output;

  @Option(
      names = "--missing-values",
      defaultValue = "fail",
      paramLabel = "POLICY",
      description = "What to do about empty feature cells: fail or nan. Default: ${DEFAULT-VALUE}.")
  private MissingValues missingValues;

  @Option(
      names = "--format",
      defaultValue = "text",
      paramLabel = "FORMAT",
      description = "What to say at the end: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private TextOrJson format;

  @Option(names = "--local", description = "s3:// means the embedded AWS, as its administrator.")
  private boolean local;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    PredictionRequest request =
        new PredictionRequest(
            LocalPrediction.ref(model),
            Optional.ofNullable(scaler).map(LocalPrediction::ref),
            Optional.ofNullable(baseline).map(LocalPrediction::ref),
            LocalPrediction.ref(data),
            LocalPrediction.ref(output));
    PredictionResult result;
    try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), Terminal.isThere())) {
      PredictionProgress progress = bar::show;
      result = LocalPrediction.run(request, missingValues, this::s3, progress);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        switch (format) {
          case TEXT -> PredictReport.text(result, output, seconds);
          case JSON -> PredictReport.json(result, output, seconds);
        });
    return ExitCode.FINE;
  }

  private ObjectStore s3() {
    if (!local) {
      return S3ObjectStore.connect(System.getenv());
    }
    EmbeddedAws aws = Workspace.current().embeddedAws();
    if (aws.status().server().isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE, "the embedded AWS does not run; start it with ./mlinfra local up");
    }
    return new S3ObjectStore(LocalS3.client(aws));
  }
}
