package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.ValidationException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mlinfra validate}. */
@Command(
    name = "validate",
    description = "Check environment files and tell every problem with its place and its fix.")
final class ValidateCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Environment files. Default: all in environments/.")
  private List<Path> files = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    EnvironmentLoader loader = new EnvironmentLoader();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int exitCode = ExitCode.FINE;
    for (Path file : files.isEmpty() ? all(loader) : files) {
      try {
        Environment environment = loader.load(file);
        out.println(
            file
                + ": fine ("
                + environment.name()
                + ", pattern "
                + environment.pattern().word()
                + ")");
      } catch (ValidationException e) {
        err.println(e.getMessage());
        exitCode = ExitCode.WRONG_INPUT;
      }
    }
    return exitCode;
  }

  private static List<Path> all(EnvironmentLoader loader) {
    return loader.list(Workspace.current().environments()).stream().map(Workspace::shown).toList();
  }
}
