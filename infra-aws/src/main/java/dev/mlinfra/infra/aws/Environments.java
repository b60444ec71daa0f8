package dev.mlinfra.infra.aws;

import dev.mlinfra.core.Account;
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
   * Adds a stage for each account and for each environment that deploys to AWS; or, when the
   * context names one environment, the stage of that one alone.
   *
   * @param app the app
   * @param folder the folder of the environment files
   * @throws dev.mlinfra.core.ValidationException when a file is wrong or not there, or environments
   *     of one account do not agree on what exists once in it
   */
  public static void addTo(App app, Path folder) {
    EnvironmentLoader loader = new EnvironmentLoader();
    Object only = app.getNode().tryGetContext(CONTEXT);
    if (only != null) {
      addTo(app, loader.load(loader.file(folder, only.toString())));
      return;
    }
    List<Environment> environments = loader.list(folder).stream().map(loader::load).toList();
    for (Account account : Account.of(environments)) {
      new AccountStage(app, account);
    }
    environments.forEach(environment -> addTo(app, environment));
  }

  private static void addTo(App app, Environment environment) {
    environment.aws().ifPresent(aws -> new EnvironmentStage(app, environment, aws));
  }
}
