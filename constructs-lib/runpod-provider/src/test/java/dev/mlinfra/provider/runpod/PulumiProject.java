package dev.mlinfra.provider.runpod;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Pulumi project with a stack in files, run by the real command line. */
final class PulumiProject {
  static final String KEY = "rpa_KEYOFTHEACCOUNT";

  private static final long SECONDS = 120;

  private final Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();

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

  /**
   * A project.
   *
   * @param folder an empty one
   * @param baseUrl of the API
   */
  PulumiProject(Path folder, String baseUrl) throws IOException {
    this.folder = folder;
    Path tools = Path.of(System.getProperty("mlinfra.root"), ".mlinfra/tools/pulumi");
    environment.put("PATH", tools + File.pathSeparator + System.getenv("PATH"));
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("PULUMI_HOME", folder.resolve("home").toString());
    environment.put(
        "PULUMI_BACKEND_URL", Files.createDirectories(folder.resolve("state")).toUri().toString());
    environment.put("PULUMI_CONFIG_PASSPHRASE", "passphrase");
    environment.put("PULUMI_SKIP_UPDATE_CHECK", "1");
    environment.put("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "1");
    environment.put("RUNPOD_API_KEY", KEY);
    environment.put("RUNPOD_BASE_URL", baseUrl);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
    if (System.getenv("JAVA_TOOL_OPTIONS") != null) {
      environment.put("JAVA_TOOL_OPTIONS", System.getenv("JAVA_TOOL_OPTIONS"));
    }
    writeProgramJar();
    Files.writeString(
        folder.resolve("Pulumi.yaml"),
        """
        name: trained
        runtime:
          name: java
          options:
            binary: program.jar
        plugins:
          providers:
            - name: mlinfra-runpod
              path: %s
        """
            .formatted(System.getProperty("mlinfra.plugin")));
    pulumi("stack", "init", "dev").succeeded();
  }

  void set(String variable, String value) {
    environment.put(variable, value);
  }

  /** What the program registers. */
  void program(String json) throws IOException {
    Files.writeString(folder.resolve("program.json"), json);
  }

  Result preview(String... more) {
    return pulumi(with(List.of("preview", "--non-interactive", "--diff"), more));
  }

  Result up(String... more) {
    return pulumi(
        with(List.of("up", "--yes", "--skip-preview", "--non-interactive", "--diff"), more));
  }

  Result refresh(String... more) {
    return pulumi(
        with(List.of("refresh", "--yes", "--skip-preview", "--non-interactive", "--diff"), more));
  }

  Result destroy(String... more) {
    return pulumi(with(List.of("destroy", "--yes", "--skip-preview", "--non-interactive"), more));
  }

  /** The steps of a preview: what would be done, by the resource's name. */
  Map<String, String> steps(String... more) {
    Result preview =
        pulumi(with(List.of("preview", "--non-interactive", "--json"), more)).succeeded();
    Map<String, String> steps = new LinkedHashMap<>();
    JsonObject json =
        JsonParser.parseString(preview.output().substring(preview.output().indexOf('{')))
            .getAsJsonObject();
    for (JsonElement step : json.getAsJsonArray("steps")) {
      String urn = step.getAsJsonObject().get("urn").getAsString();
      if (urn.contains(PackageSchema.NAME + ":index:")) {
        steps.merge(
            urn.substring(urn.lastIndexOf(':') + 1),
            step.getAsJsonObject().get("op").getAsString(),
            (first, second) -> first + "," + second);
      }
    }
    return steps;
  }

  /** The resources of this package in the state, by name. */
  Map<String, JsonObject> state() {
    JsonObject export =
        JsonParser.parseString(pulumi("stack", "export").succeeded().output()).getAsJsonObject();
    Map<String, JsonObject> found = new LinkedHashMap<>();
    JsonElement resources = export.getAsJsonObject("deployment").get("resources");
    if (resources != null) {
      for (JsonElement resource : resources.getAsJsonArray()) {
        String urn = resource.getAsJsonObject().get("urn").getAsString();
        if (urn.contains(PackageSchema.NAME + ":index:")) {
          found.put(urn.substring(urn.lastIndexOf(':') + 1), resource.getAsJsonObject());
        }
      }
    }
    return found;
  }

  String id(String name) {
    return state().get(name).get("id").getAsString();
  }

  /** Whether a text stands anywhere in the project's folder, the state's files among them. */
  Optional<Path> fileWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        boolean own = file.getFileName().toString().equals("program.json");
        if (!own && new String(Files.readAllBytes(file), UTF_8).contains(text)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  Result pulumi(String... arguments) {
    List<String> command = new ArrayList<>(List.of("pulumi"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      command.set(0, program());
      Process process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " hangs:\n" + Files.readString(output));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } catch (IOException problem) {
      throw new UncheckedIOException(
          "pulumi could not be started; set it up with tools/install pulumi", problem);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** The executable by the path of the project: the process's own path does not count. */
  private String program() {
    for (String place : environment.get("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(place, "pulumi"))) {
        return Path.of(place, "pulumi").toString();
      }
    }
    throw new AssertionError("pulumi was not found; set it up with tools/install pulumi");
  }

  private static String[] with(List<String> first, String... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
  }

  /** A jar that only names the class path of this test: the language host starts jars. */
  private void writeProgramJar() throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Program.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .map(entry -> Path.of(entry).toAbsolutePath().toUri().toString())
            .collect(Collectors.joining(" ")));
    try (OutputStream file = Files.newOutputStream(folder.resolve("program.jar"));
        JarOutputStream jar = new JarOutputStream(file, manifest)) {
      jar.finish();
    }
  }
}
