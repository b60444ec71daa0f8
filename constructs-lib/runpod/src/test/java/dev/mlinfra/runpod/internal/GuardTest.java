package dev.mlinfra.runpod.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.local.runpod.Fault;
import dev.mlinfra.local.runpod.RunPodEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard, by a real Python, deletes the pod that it runs in. */
class GuardTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path folder;
  private RunPodEmulator emulator;
  private String pod;

  @BeforeEach
  void startEmulator() {
    emulator = RunPodEmulator.start();
    pod =
        emulator.createOutside(
            "pods", "{\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\"}}");
  }

  @AfterEach
  void stopEmulator() {
    emulator.close();
  }

  private String run(String command, Map<String, String> more) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "exec " + Guard.ARGS)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("GUARD_PROGRAM", Guard.program());
    environment.put("GUARD_COMMAND", command);
    environment.put("GUARD_MAX_SECONDS", "60");
    environment.put("GUARD_IDLE_SECONDS", "60");
    environment.put("GUARD_BASE_URL", emulator.baseUrl());
    environment.put("RUNPOD_POD_ID", pod);
    environment.put("RUNPOD_API_KEY", "rpa_ofthepod");
    environment.putAll(more);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as(() -> "the guard hangs: " + read(output))
          .isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return read(output);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whenTheTrainingHasEnded() throws Exception {
    String output = run("echo trained > " + folder.resolve("model"), Map.of());

    assertThat(output)
        .contains("the training ended with exit code 0; deleting the pod", "the pod is deleted");
    assertThat(folder.resolve("model")).hasContent("trained");
    assertThat(emulator.stored("pods")).isEmpty();
  }

  @Test
  void whenTheTrainingFails() throws Exception {
    assertThat(run("exit 3", Map.of())).contains("exit code 3; deleting the pod");
    assertThat(emulator.stored("pods")).isEmpty();
  }

  @Test
  void whenTheTimeIsOver() throws Exception {
    String output = run("sleep 1000", Map.of("GUARD_MAX_SECONDS", "1"));

    assertThat(output).contains("1 s are over; deleting the pod");
    assertThat(emulator.stored("pods")).isEmpty();
  }

  @Test
  void whenTheGpuDoesNothing() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("bin"));
    Path tool = Files.writeString(tools.resolve("nvidia-smi"), "#!/bin/sh\necho 0\necho 0\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();

    String output =
        run(
            "sleep 1000",
            Map.of("GUARD_IDLE_SECONDS", "1", "PATH", tools + ":" + System.getenv("PATH")));

    assertThat(output).contains("the GPU did nothing for 1 s; deleting the pod");
    assertThat(emulator.stored("pods")).isEmpty();
  }

  @Test
  void neverGivesUp() throws Exception {
    emulator.inject(new Fault("pods", "delete", 1, Fault.Kind.SERVER_ERROR));
    String output = run("true", Map.of());

    assertThat(output).contains("the pod could not be deleted: HTTP 5", "trying again");
    assertThat(emulator.stored("pods")).isEmpty();
  }

  @Test
  void aPodThatIsGoneIsFine() throws Exception {
    emulator.removeOutside("pods", pod);

    assertThat(run("true", Map.of())).contains("the pod is gone");
  }

  @Test
  void theTrainingDoesNotSeeTheKey() throws Exception {
    String output =
        run("env", Map.of("GUARD_API_KEY", "rpa_thatdeletes", "MODELS_PREFIX", "models"));

    assertThat(output).contains("MODELS_PREFIX=models").doesNotContain("rpa_", "GUARD_");
  }
}
