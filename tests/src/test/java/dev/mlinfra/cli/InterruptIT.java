package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of a quickstart. */
class InterruptIT {
  @TempDir Path folder;

  @Test
  void leavesNoProcess() throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("mlinfra.root"));
    Path log = folder.resolve("out.log");
    Process quickstart =
        new ProcessBuilder(
                // A shell starts what it runs in the background with this signal ignored, and a
                // program that starts so can not catch it: the build may run there.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmlinfra.root=" + root,
                "-Dmlinfra.state=" + folder.resolve("state"),
                "-jar",
                root.resolve("cli/target/mlinfra-cli.jar").toString(),
                "quickstart")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Set<ProcessHandle> seen = new HashSet<>();
    try {
      waitFor("Deploy what the account has once", log, quickstart);
      quickstart.descendants().forEach(seen::add);
      // It has left the family of the program that started it, so it is asked for by its id.
      seen.add(emulator(root, folder.resolve("state")));
      // The signal that a terminal sends on Ctrl-C.
      assertThat(
              new ProcessBuilder("kill", "-INT", Long.toString(quickstart.pid())).start().waitFor())
          .isZero();
      assertThat(quickstart.waitFor(30, TimeUnit.SECONDS)).isTrue();

      assertThat(quickstart.exitValue()).isEqualTo(130);
      assertThat(seen).as("the emulator and the CDK CLI ran").hasSizeGreaterThanOrEqualTo(2);
      assertThat(stillAlive(seen)).isEmpty();
    } finally {
      quickstart.destroyForcibly();
      seen.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static ProcessHandle emulator(Path root, Path state) {
    long pid = new Workspace(root, state).embeddedAws().status().server().orElseThrow().pid();
    return ProcessHandle.of(pid).orElseThrow();
  }

  private static List<ProcessHandle> stillAlive(Set<ProcessHandle> processes)
      throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(10));
    List<ProcessHandle> alive = processes.stream().filter(ProcessHandle::isAlive).toList();
    while (!alive.isEmpty() && Instant.now().isBefore(end)) {
      Thread.sleep(100);
      alive = processes.stream().filter(ProcessHandle::isAlive).toList();
    }
    return alive;
  }

  private static void waitFor(String text, Path log, Process process)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(5));
    while (!Files.readString(log).contains(text)) {
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(Instant.now()).as(Files.readString(log)).isBefore(end);
      Thread.sleep(100);
    }
    while (process.descendants().count() < 2) {
      assertThat(Instant.now()).as("the emulator and the CDK CLI run").isBefore(end);
      Thread.sleep(50);
    }
  }
}
