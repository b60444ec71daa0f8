package dev.mlinfra.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Makes templates of a project with the real CDK CLI, and finds those that are there. */
final class Synthesis {
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private Synthesis() {}

  /** What {@code cdk synth} left in the project that the command is part of. */
  static Path ofProject(CommandSpec spec) {
    Path folder = Workspace.current().root().resolve("cdk.out");
    if (!Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(), "no PATH given, and no " + folder + "; fix: npx cdk synth");
    }
    return Workspace.shown(folder);
  }

  /**
   * Synthesises; needs no AWS at all.
   *
   * @param assembly takes the templates; what is there goes
   * @param environment the only one to synthesise, without what its account has once; empty for all
   * @param log takes what the CDK CLI prints
   */
  static void into(Path assembly, Optional<String> environment, Workspace workspace, Path log) {
    if (!Files.isExecutable(workspace.cdk())) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE, "the CDK CLI is not installed; fix: sh tools/install cdk");
    }
    Folders.delete(assembly);
    List<String> command = new ArrayList<>();
    command.add(workspace.cdk().toString());
    command.addAll(List.of("synth", "--quiet", "--output", assembly.toString()));
    environment.ifPresent(name -> command.addAll(List.of("-c", "env=" + name)));
    new Program("cdk synth", command, workspace.root(), log)
        .mustSucceed(Map.of("CDK_VALIDATION", "false", "CI", "true"), LIMIT);
  }
}
