package dev.mlinfra.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mlinfra completion}. */
@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh: source <(mlinfra completion)")
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(AutoComplete.bash("mlinfra", spec.root().commandLine()));
    return ExitCode.FINE;
  }
}
