package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a script of the workflows in a folder of its own, with stand-ins for the commands of
 * vendors, and nothing of the machine's own settings.
 */
final class CiScript {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path PYTHON =
      Synthesis.ROOT.resolve(".mlinfra/tools/python-workflows/bin/python");

  private final Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, Object> answers = new LinkedHashMap<>();

  /**
   * @param folder an empty folder: where the scripts run
   */
  CiScript(Path folder) {
    this.folder = folder;
    assertThat(PYTHON).as("missing: run tools/install workflows").isExecutable();
    environment.put("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
    environment.put("GITHUB_OUTPUT", folder.resolve("outputs").toString());
    environment.put("FAKE_ANSWERS", folder.resolve("answers.json").toString());
    environment.put("FAKE_CALLS", folder.resolve("calls.jsonl").toString());
    environment.put("POLL_SECONDS", "0.01");
  }

  /** What a script gave. */
  record Result(int exitCode, String output, String summary, String outputs, List<JsonNode> calls) {
    /** The calls of vendors' commands, such as {@code POST repos/…}. */
    List<String> called() {
      return calls.stream().map(call -> call.path("call").asString()).toList();
    }

    /** The JSON that was handed over by the one call that starts with a text. */
    JsonNode body(String start) {
      List<JsonNode> found =
          calls.stream().filter(call -> call.path("call").asString().startsWith(start)).toList();
      assertThat(found).as(start).hasSize(1);
      return found.get(0).path("body");
    }
  }

  CiScript with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** An answer of GitHub's command to {@code METHOD path}. */
  CiScript github(String call, Object body) {
    return answer(call, Map.of("body", body));
  }

  /** Answers of other commands to what starts with some words, one for each call. */
  CiScript answers(String words, Object... each) {
    return answer(words, List.of(each));
  }

  CiScript answer(String call, Object answer) {
    answers.put(call, answer);
    return this;
  }

  /** Puts a stand-in for a command first in the path. */
  CiScript fake(String command, String program) {
    write(
        "bin/" + command,
        "#!/bin/sh\nFAKE_NAME=%s exec '%s' -B '%s' \"$@\"\n"
            .formatted(
                command, PYTHON, Synthesis.ROOT.resolve("tests/src/test/python").resolve(program)));
    assertThat(folder.resolve("bin/" + command).toFile().setExecutable(true)).isTrue();
    return this;
  }

  Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a script of tools/ci.
   *
   * @param name one that ends in .py is run by Python, others by themselves
   */
  Result run(String name, String... arguments) throws IOException, InterruptedException {
    write("answers.json", JSON.writeValueAsString(answers));
    String script = Synthesis.ROOT.resolve("tools/ci").resolve(name).toString();
    List<String> command = new ArrayList<>();
    if (name.endsWith(".py")) {
      command.addAll(List.of(PYTHON.toString(), "-B"));
    }
    command.add(script);
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder
        .environment()
        .put(
            "PATH",
            String.join(
                File.pathSeparator,
                folder.resolve("bin").toString(),
                PYTHON.getParent().toString(),
                "/usr/bin",
                "/bin"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Result(
        process.exitValue(),
        Files.readString(output),
        text("summary.md"),
        text("outputs"),
        text("calls.jsonl").lines().map(JSON::readTree).toList());
  }

  private String text(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
