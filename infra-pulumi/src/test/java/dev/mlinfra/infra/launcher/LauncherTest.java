package dev.mlinfra.infra.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the launcher as Pulumi does, with a program that does what the name of its stack says. */
class LauncherTest {
  @TempDir Path root;

  private Path launcher;
  private Path built;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void project() throws IOException {
    launcher = root.resolve("launcher.jar");
    jar(
        launcher,
        Launcher.class,
        "Launcher",
        "Supervised",
        "ClassArchive",
        "Program",
        "WrongStackException");
    built = Files.createDirectories(root.resolve("infra-sample/target"));
    Files.createDirectories(built.resolve("lib"));
    jar(built.resolve("mlinfra-infra-sample.jar"), dev.mlinfra.infra.sample.Main.class, "Main");
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private static void jar(Path jar, Class<?> near, String... names) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name : names) {
        out.putNextEntry(
            new ZipEntry(near.getPackageName().replace('.', '/') + "/" + name + ".class"));
        try (InputStream in = near.getResourceAsStream(name + ".class")) {
          in.transferTo(out);
        }
      }
    }
  }

  private Process launch(String does) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                launcher.toString(),
                Launcher.class.getName())
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("output").toFile());
    builder.environment().put("PULUMI_STACK", "sample-" + does);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private int run(String does) throws IOException, InterruptedException {
    Process process = launch(does);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(built)) {
      return files.filter(file -> file.toString().contains(".jsa")).toList();
    }
  }

  @Test
  void passesOnWhatTheProgramSaysAndHowItEnds() throws IOException, InterruptedException {
    assertThat(run("exit3")).isEqualTo(3);
    assertThat(root.resolve("output")).content().isEqualTo("the common pool has 2\n");
  }

  @Test
  void archivesTheClassesOfABuild() throws IOException, InterruptedException {
    assertThat(run("end")).isZero();
    List<Path> first = archives();
    assertThat(first).hasSize(1);
    long written = Files.getLastModifiedTime(first.get(0)).toMillis();

    assertThat(run("end")).isZero();
    assertThat(archives()).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(first.get(0)).toMillis()).isEqualTo(written);
    assertThat(root.resolve("output")).content().isEqualTo("the common pool has 2\n");

    jar(built.resolve("lib/more.jar"), Launcher.class, "Launcher");
    assertThat(run("end")).isZero();
    assertThat(archives()).hasSize(1).isNotEqualTo(first);
  }

  @Test
  void runsBesideAnArchiveThatIsDamaged() throws IOException, InterruptedException {
    assertThat(run("end")).isZero();
    Path archive = archives().get(0);
    Files.delete(archive);
    Files.writeString(archive, "damaged");

    assertThat(run("end")).isZero();
    assertThat(root.resolve("output")).content().isEqualTo("the common pool has 2\n");
  }

  @Test
  void leavesNoProgramBehind() throws Exception {
    for (boolean killed : new boolean[] {true, false}) {
      Process process = launch("wait");
      ProcessHandle program = child(process);
      // Not before it has started for good: its last words tell.
      awaitOutput();

      if (killed) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }

      program.onExit().get(20, TimeUnit.SECONDS);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static ProcessHandle child(Process process) throws InterruptedException {
    for (int time = 0; time < 600; time++) {
      var children = process.children().toList();
      if (!children.isEmpty()) {
        return children.get(0);
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no program was started");
  }

  private void awaitOutput() throws IOException, InterruptedException {
    for (int time = 0; time < 600 && Files.size(root.resolve("output")) == 0; time++) {
      Thread.sleep(50);
    }
    assertThat(root.resolve("output")).content().contains("the common pool has 2");
  }

  @Test
  void saysWhatIsWrongInOneLine() throws IOException, InterruptedException {
    Files.delete(built.resolve("mlinfra-infra-sample.jar"));

    assertThat(run("end")).isEqualTo(2);
    assertThat(root.resolve("output"))
        .content()
        .startsWith("mlinfra: infra-sample is not built")
        .endsWith("\n")
        .doesNotContain("\n\tat ");
  }
}
