package dev.mlinfra.infra.aws;

import dev.mlinfra.core.ValidationException;
import java.nio.file.Path;
import software.amazon.awscdk.App;

/** Starts the CDK app; the CDK CLI runs it from the project's root. */
public final class Main {
  private static final int WRONG_INPUT = 2;

  private Main() {}

  public static void main(String[] arguments) {
    try {
      App app = new App();
      Environments.addTo(app, Path.of("environments"));
      app.synth();
    } catch (ValidationException e) {
      // The user's mistake, told in full: a stack trace would only hide it.
      System.err.println(e.getMessage());
      System.exit(WRONG_INPUT);
    }
  }
}
