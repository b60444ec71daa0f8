package dev.mlinfra.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mlinfra version}. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(Provider.version());
    return ExitCode.FINE;
  }

  /** Reads the version that the build wrote into the jar. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {version()};
    }

    static String version() {
      String version = Mlinfra.class.getPackage().getImplementationVersion();
      return "mlinfra " + (version == null ? "(from classes)" : version);
    }
  }
}
