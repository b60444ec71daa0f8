package dev.mlinfra.cli;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.handler.PredictionError;
import dev.mlinfra.handler.PredictionException;
import dev.mlinfra.local.LocalException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code mlinfra} command. */
@Command(
    name = "mlinfra",
    description = "Infrastructure as code for machine-learning teams.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:fine",
      "1:findings, or over budget",
      "2:wrong input",
      "3:environment not usable"
    },
    subcommands = {
      QuickstartCommand.class,
      ValidateCommand.class,
      PlanCommand.class,
      CheckCommand.class,
      CostCommand.class,
      CatalogCommand.class,
      CompareCommand.class,
      ReportCommand.class,
      PredictCommand.class,
      ImageTagCommand.class,
      LocalCommand.class,
      RunPodCommand.class,
      DoctorCommand.class,
      VersionCommand.class,
      CompletionCommand.class
    })
public final class Mlinfra {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // All messages are English, so their numbers are too, whatever the machine's language is.
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    Mlinfra root = new Mlinfra();
    CommandLine commandLine = new CommandLine(root);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> root.tell(exception, command));
    return commandLine;
  }

  /** Says what went wrong, once, and chooses the exit code. */
  private int tell(Exception exception, CommandLine command) {
    if (debug) {
      exception.printStackTrace(command.getErr());
    }
    if (exception instanceof ValidationException) {
      return tell(exception.getMessage(), ExitCode.WRONG_INPUT, command);
    }
    if (exception instanceof CommandFailure failure) {
      return tell(failure.getMessage(), failure.exitCode(), command);
    }
    if (exception instanceof PredictionException failure) {
      boolean notUsable =
          failure.code().status() >= 500 || failure.code() == PredictionError.ACCESS_DENIED;
      return tell(
          failure.getMessage(), notUsable ? ExitCode.NOT_USABLE : ExitCode.WRONG_INPUT, command);
    }
    if (exception instanceof LocalException) {
      return tell(exception.getMessage(), ExitCode.NOT_USABLE, command);
    }
    return tell(
        "unexpected: " + exception + (debug ? "" : " (--debug shows where)"),
        ExitCode.NOT_USABLE,
        command);
  }

  private static int tell(String message, int exitCode, CommandLine command) {
    command.getErr().println(command.getColorScheme().errorText("mlinfra: " + message));
    command.getErr().flush();
    return exitCode;
  }
}
