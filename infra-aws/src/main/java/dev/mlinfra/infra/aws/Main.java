package dev.mlinfra.infra.aws;

import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.prediction.PredictionAssets;
import java.nio.file.Path;
import software.amazon.awscdk.App;

/** Starts the CDK app; the CDK CLI runs it from the project's root. */
public final class Main {
  private static final int WRONG_INPUT = 2;

  private Main() {}

  public static void main(String[] arguments) {
    Path folder = Path.of("environments");
    try {
      readAhead(folder);
      App app = new App();
      Environments.addTo(app, folder);
      app.synth();
    } catch (ValidationException e) {
      // The user's mistake, told in full: a stack trace would only hide it.
      System.err.println(e.getMessage());
      System.exit(WRONG_INPUT);
    }
  }

  /**
   * Reads what is needed next while the first App waits for Node to start. What goes wrong here
   * goes wrong again where it matters, and is told there.
   */
  private static void readAhead(Path folder) {
    Thread thread =
        new Thread(
            () -> {
              try {
                EnvironmentLoader loader = new EnvironmentLoader();
                loader.list(folder).forEach(loader::load);
                PredictionAssets.load();
              } catch (RuntimeException | ExceptionInInitializerError toldLater) {
                // See above.
              }
            },
            "read-ahead");
    thread.setDaemon(true);
    thread.start();
  }
}
