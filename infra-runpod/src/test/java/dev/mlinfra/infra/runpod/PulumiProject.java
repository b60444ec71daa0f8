package dev.mlinfra.infra.runpod;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * This project, as the plain command line sees it: the root's Pulumi.yaml and environment files,
 * and what was built. In a folder of its own, because a stack writes into its settings.
 */
final class PulumiProject implements AutoCloseable {
  static final String KEY = "rpa_KEYOFTHEACCOUNT";

  private static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));
  private static final long SECONDS = 120;

  /** What Pulumi.yaml names, as it was built. */
  private static final List<String> BUILT =
      List.of("infra-aws", "infra-pulumi", "infra-runpod", "constructs-lib");

  private final Path folder;
  private final Map<String, String> variables = new LinkedHashMap<>();

  /** What a command did. */
  record Result(int exit, String output) {
    Result succeeded() {
      if (exit != 0) {
        throw new AssertionError("exit code " + exit + ":\n" + output);
      }
      return this;
    }

    Result failed() {
      if (exit == 0) {
        throw new AssertionError("should have failed:\n" + output);
      }
      return this;
    }
  }

  PulumiProject(Path folder, String baseUrl) throws IOException {
    this.folder = folder;
    Files.copy(ROOT.resolve("Pulumi.yaml"), folder.resolve("Pulumi.yaml"));
    copy(ROOT.resolve("environments"), folder.resolve("environments"));
    for (String built : BUILT) {
      Files.createSymbolicLink(folder.resolve(built), ROOT.resolve(built));
    }
    Path state = Files.createDirectories(folder.resolve("state"));
    Path tools = ROOT.resolve(".mlinfra/tools/pulumi");
    variables.put("PATH", tools + File.pathSeparator + System.getenv("PATH"));
    variables.put("HOME", folder.resolve("home").toString());
    variables.put("PULUMI_HOME", folder.resolve("home").toString());
    variables.put("PULUMI_BACKEND_URL", state.toUri().toString());
    variables.put("PULUMI_CONFIG_PASSPHRASE", "passphrase");
    variables.put("PULUMI_SKIP_UPDATE_CHECK", "1");
    variables.put("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "1");
    variables.put("RUNPOD_API_KEY", KEY);
    variables.put("RUNPOD_BASE_URL", baseUrl);
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** Takes the links away, so that nobody deletes what they lead to. */
  @Override
  public void close() throws IOException {
    for (String built : BUILT) {
      Files.delete(folder.resolve(built));
    }
  }

  void set(String variable, String value) {
    variables.put(variable, value);
  }

  /** Puts a folder before the others of the path. */
  void before(Path folder) {
    variables.merge("PATH", "", (path, none) -> folder + File.pathSeparator + path);
  }

  Path resolve(String file) {
    return folder.resolve(file);
  }

  /** The first file, but for what was built, that holds a text. */
  Optional<Path> fileWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  Result pulumi(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    // The shell finds it by the project's path, which is not that of this process.
    command.addAll(List.of("/bin/sh", "-c", "exec pulumi \"$@\"", "pulumi"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(command + " hangs:\n" + Files.readString(output));
    }
    if (process.exitValue() == 127) {
      throw new AssertionError("pulumi was not found; set it up with tools/install pulumi");
    }
    return new Result(process.exitValue(), Files.readString(output));
  }
}
