package dev.mlinfra.infra.aws;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awscdk.App;

/** Turns environment files into stages of an app. */
public final class Environments {
  /** Context that names the one environment to synthesise: {@code -c env=dev}. */
  public static final String CONTEXT = "env";

  private Environments() {}

  /**
   * Adds a stage for each environment that deploys to AWS, or for the one that the context names.
   *
   * @param app the app
   * @param folder the folder of the environment files
   * @throws dev.mlinfra.core.ValidationException when a file is wrong or not there
   */
  public static void addTo(App app, Path folder) {
    EnvironmentLoader loader = new EnvironmentLoader();
    Object only = app.getNode().tryGetContext(CONTEXT);
    List<Path> files =
        only == null ? loader.list(folder) : List.of(loader.file(folder, only.toString()));
    for (Path file : files) {
      Environment environment = loader.load(file);
      environment.aws().ifPresent(aws -> new EnvironmentStage(app, environment, aws));
    }
  }
}
