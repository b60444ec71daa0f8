package dev.mlinfra.cli;

import dev.mlinfra.local.EmbeddedAws;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mlinfra local}: the embedded AWS. */
@Command(name = "local", description = "The embedded AWS on this machine.")
final class LocalCommand {
  @Spec private CommandSpec spec;

  @Command(name = "up", description = "Start it, or find the one that runs.")
  int up() {
    Workspace workspace = Workspace.current();
    EmbeddedAws aws = workspace.embeddedAws();
    // Found as it is, whatever account it plays.
    EmbeddedAws.Handle server =
        aws.status()
            .server()
            .orElseGet(
                () -> {
                  Tools.install(workspace, "local");
                  return aws.start();
                });
    out()
        .println(
            (server.startedNow() ? "started" : "runs already")
                + " at "
                + server.endpoint()
                + ", process "
                + server.pid());
    return ExitCode.FINE;
  }

  @Command(name = "down", description = "Stop it and remove everything that was deployed to it.")
  int down() {
    Workspace workspace = Workspace.current();
    boolean stopped = workspace.embeddedAws().stop();
    Folders.delete(workspace.made("local"));
    Folders.delete(workspace.made("quickstart"));
    out().println(stopped ? "stopped and removed" : "did not run");
    return ExitCode.FINE;
  }

  @Command(name = "status", description = "Tell whether it runs; exit code 3 when it does not.")
  int status() {
    EmbeddedAws.Status status = Workspace.current().embeddedAws().status();
    if (status.server().isEmpty()) {
      out().println("does not run; start it with ./mlinfra local up");
      return ExitCode.NOT_USABLE;
    }
    EmbeddedAws.Handle server = status.server().get();
    out().println("runs at " + server.endpoint() + ", process " + server.pid());
    out().println("IAM: " + (status.iamEnforced() ? "enforced" : "not enforced"));
    out().println("log: " + status.log());
    return ExitCode.FINE;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
