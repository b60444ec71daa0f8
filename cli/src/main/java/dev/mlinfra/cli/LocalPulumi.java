package dev.mlinfra.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The project's stacks, deployed by the real Pulumi CLI with their state in a folder of their own:
 * the CLI writes into a stack's settings, which are the user's.
 */
final class LocalPulumi implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Workspace workspace;
  private final Path folder;
  private final Path logs;
  private final Map<String, String> variables = new LinkedHashMap<>();

  /**
   * A project with no stacks yet.
   *
   * @param folder for the project and its state; what it held is lost
   * @param logs folder for what the CLI says
   * @param settings variables of the provider
   */
  LocalPulumi(Workspace workspace, Path folder, Path logs, Map<String, String> settings) {
    this.workspace = workspace;
    this.folder = folder;
    this.logs = logs;
    Folders.delete(folder);
    prepare();
    Path home = Folders.create(folder.resolve("home"));
    variables.put(
        "PATH", workspace.root().resolve(".mlinfra/tools/pulumi") + ":" + System.getenv("PATH"));
    variables.put("HOME", home.toString());
    variables.put("PULUMI_HOME", home.toString());
    variables.put("PULUMI_BACKEND_URL", Folders.create(folder.resolve("state")).toUri().toString());
    // It guards values of an emulator, for as long as the folder stands.
    variables.put("PULUMI_CONFIG_PASSPHRASE", "local");
    variables.put("PULUMI_SKIP_UPDATE_CHECK", "1");
    variables.put("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "1");
    variables.put("TMPDIR", Folders.create(folder.resolve("tmp")).toString());
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.putAll(settings);
  }

  /** The programs of the stacks and the provider, unless they stand. */
  static void build(Workspace workspace) {
    Program.installer(
            "tools/build-if-stale infra-runpod",
            List.of("sh", "tools/build-if-stale", "infra-runpod"),
            workspace.root(),
            workspace.made("logs").resolve("build-infra-runpod-command.log"))
        .mustSucceed(Map.of(), Duration.ofMinutes(15));
  }

  /**
   * Installs the provider where the user's Pulumi looks for plugins.
   *
   * @return its version
   */
  static String installProvider(Workspace workspace) {
    Path provider = workspace.root().resolve("constructs-lib/runpod-provider");
    String version;
    try {
      version =
          JsonMapper.shared()
              .readTree(
                  Files.readString(
                      provider.resolve(
                          "src/main/resources/dev/mlinfra/provider/runpod/schema.json")))
              .path("version")
              .asString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command =
        List.of(
            "/bin/sh",
            "-c",
            "exec pulumi \"$@\"",
            "pulumi",
            "plugin",
            "install",
            "resource",
            "mlinfra-runpod",
            version,
            "--reinstall",
            "--file",
            provider.resolve("target/plugin").toString());
    Map<String, String> path =
        Map.of(
            "PATH",
            workspace.root().resolve(".mlinfra/tools/pulumi") + ":" + System.getenv("PATH"),
            "PULUMI_SKIP_UPDATE_CHECK",
            "1");
    new Program(
            "pulumi plugin install",
            command,
            workspace.root(),
            workspace.made("logs").resolve("pulumi-plugin-install.log"))
        .mustSucceed(path, LIMIT);
    return version;
  }

  private void prepare() {
    Path root = workspace.root();
    try {
      Folders.create(folder.resolve("environments/pulumi"));
      Files.copy(root.resolve("Pulumi.yaml"), folder.resolve("Pulumi.yaml"));
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(workspace.environments(), "*.yaml")) {
        for (Path file : files) {
          Files.copy(file, folder.resolve("environments").resolve(file.getFileName()));
        }
      }
      // What Pulumi.yaml names, as it was built.
      Files.createSymbolicLink(folder.resolve("constructs-lib"), root.resolve("constructs-lib"));
      try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, "infra-*")) {
        for (Path module : modules) {
          Files.createSymbolicLink(folder.resolve(module.getFileName()), module);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs the CLI and insists on success.
   *
   * @param step for messages and the log's name
   * @return what it wrote to standard output; the log has the rest
   */
  String run(String step, String... arguments) {
    // The shell finds it by the path above, which is not that of this process.
    List<String> command =
        new ArrayList<>(
            List.of("/bin/sh", "-c", "exec pulumi \"$@\" >\"$PULUMI_RESULT\"", "pulumi"));
    command.addAll(List.of(arguments));
    Path result = folder.resolve("result");
    variables.put("PULUMI_RESULT", result.toString());
    Program program =
        new Program("pulumi " + step, command, folder, logs.resolve("pulumi-" + step + ".log"));
    int exitCode = program.run(variables, LIMIT);
    String output = read(result);
    if (exitCode != 0) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE,
          "pulumi %s failed with exit code %d%n%s%n%s"
              .formatted(step, exitCode, output, program.tail()));
    }
    return output;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the project and its state, logs not. */
  @Override
  public void close() {
    Folders.delete(folder);
  }
}
