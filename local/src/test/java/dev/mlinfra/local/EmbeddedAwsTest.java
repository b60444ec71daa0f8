package dev.mlinfra.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no Python: files, stale pids, error texts, archives. */
class EmbeddedAwsTest {
  @TempDir Path folder;

  private EmbeddedAws aws() {
    return new EmbeddedAws(folder.resolve("state"), folder.resolve("python"), folder);
  }

  private ServerFiles files(String server) throws Exception {
    ServerFiles files = new ServerFiles(folder.resolve("state"));
    Files.createDirectories(files.folder());
    Files.writeString(files.server(), server);
    return files;
  }

  @Test
  void readsPidAndPort() throws Exception {
    assertThat(files("{\"pid\": 42, \"port\": 5000}").readServer())
        .isEqualTo(Optional.of(new ServerFiles.Server(42, 5000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "{\"pid\": 42}",
        "{\"pid\": 0, \"port\": 1}",
        "{\"pid\": 1, \"port\": 70000}"
      })
  void aBrokenFileIsNoServer(String content) throws Exception {
    assertThat(files(content).readServer()).isEmpty();
  }

  @Test
  void nothingRunsInANewFolder() {
    assertThat(aws().status().server()).isEmpty();
    assertThat(aws().stop()).isFalse();
    assertThat(folder.resolve("state")).doesNotExist();
  }

  @Test
  void aPidThatAnotherProcessGotIsNotOurServerAndIsNotStopped() throws Exception {
    Process other = new ProcessBuilder("sleep", "30").start();
    try {
      files("{\"pid\": %d, \"port\": 5000}".formatted(other.pid()));
      assertThat(aws().status().server()).isEmpty();
      assertThat(aws().stop()).isFalse();
      assertThat(other.isAlive()).isTrue();
      assertThat(folder.resolve("state")).doesNotExist();
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void withoutPythonTheErrorSaysWhatToRun() {
    assertThatThrownBy(aws()::start)
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("No Python for the embedded AWS at")
        .hasMessageContaining("run tools/install");
  }

  @Test
  void aServerThatEndsShowsItsExitCodeAndLog() throws Exception {
    Path python = folder.resolve("python");
    Files.writeString(python, "#!/bin/sh\necho broken installation\nexit 4\n");
    assertThat(python.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("server.py"), "");
    assertThatThrownBy(aws()::start)
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("ended with exit code 4")
        .hasMessageContaining("broken installation");
  }

  @Test
  void whatNeedsAServerSaysHowToStartOne() {
    assertThatThrownBy(aws()::notChecked).hasMessageContaining("Start it with `mlinfra local up`");
    assertThatThrownBy(() -> LambdaHost.open(aws(), "f"))
        .hasMessageContaining("Start it with `mlinfra local up`");
  }

  @Test
  void anArnOfSomethingElseIsRefused() {
    assertThatThrownBy(() -> LambdaHost.open(aws(), "arn:aws:s3:::bucket"))
        .hasMessageContaining("Given arn:aws:s3:::bucket, allowed a function's name");
  }

  @Test
  void credentialsDoNotShowTheirSecret() {
    assertThat(new Credentials("AKIA1", "secret", Optional.of("token")))
        .hasToString("Credentials[AKIA1]");
  }

  @Test
  void anArchiveStaysInItsFolderAndBelowTheLimit() throws Exception {
    Path target = folder.resolve("task");
    assertThat(LambdaHost.unzip(zip("lib/a.txt", 10), target, 10)).isEqualTo(10);
    assertThat(target.resolve("lib/a.txt")).hasSize(10);
    assertThatThrownBy(() -> LambdaHost.unzip(zip("../out.txt", 1), target, 10))
        .hasMessageContaining("outside of it: ../out.txt");
    assertThatThrownBy(() -> LambdaHost.unzip(zip("big", 11), target, 10))
        .hasMessageContaining("250 MiB");
  }

  private static byte[] zip(String name, int size) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(new byte[size]);
    }
    return bytes.toByteArray();
  }
}
