package dev.mlinfra.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no Python: files, stale pids, error texts, archives. */
class EmbeddedAwsTest {
  static final Map<String, String> HOSTILE =
      Map.ofEntries(
          Map.entry("AWS_PROFILE", "of-the-user"),
          Map.entry("AWS_SESSION_TOKEN", "of-the-user"),
          Map.entry("AWS_CONFIG_FILE", "/of-the-user"),
          Map.entry("AWS_ENDPOINT_URL_S3", "http://of-the-user"),
          Map.entry("CDK_CONTEXT_JSON", "of-the-user"),
          Map.entry("MOTO_ACCOUNT_ID", "of-the-user"),
          Map.entry("BOTO_CONFIG", "of-the-user"),
          Map.entry("HTTP_PROXY", "http://of-the-user:1"),
          Map.entry("https_proxy", "http://of-the-user:1"),
          Map.entry("All_Proxy", "http://of-the-user:1"),
          Map.entry("NO_PROXY", "of-the-user"));

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
        .isEqualTo(Optional.of(new ServerFiles.Server(42, 5000, "", "")));
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
  void anAccountHasTwelveDigits() {
    assertThat(aws().account()).isEqualTo("123456789012");
    assertThatThrownBy(() -> new EmbeddedAws(folder, folder, folder, "us-east-1", "12345678901x"))
        .hasMessageContaining("given '12345678901x', allowed 12 digits");
  }

  @Test
  void aCleanEnvironmentHasNothingOfTheUsersAwsSetUp() throws Exception {
    ProcessBuilder child = new ProcessBuilder("env");
    child.environment().putAll(HOSTILE);
    child.environment().put("KEPT", "value");
    EmbeddedAws.clean(child.environment());
    Process process = child.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(lines)
        .contains(
            "KEPT=value",
            "AWS_CONFIG_FILE=/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
            "AWS_EC2_METADATA_DISABLED=true",
            "NO_PROXY=localhost,127.0.0.1",
            "no_proxy=localhost,127.0.0.1",
            "CDK_DISABLE_CLI_TELEMETRY=true",
            "CDK_DISABLE_VERSION_CHECK=1",
            "CDK_NOTICES=false")
        .noneMatch(line -> line.contains("of-the-user"));
    assertThat(EmbeddedAws.cleanEnvironment())
        .containsEntry("PATH", System.getenv("PATH"))
        .containsEntry("AWS_CONFIG_FILE", "/dev/null");
  }

  @Test
  void stopKeepsTheLogOnDemandOnly() throws Exception {
    ServerFiles files = files("{\"pid\": 4194999, \"port\": 5000}");
    Files.writeString(files.log(), "why it failed");
    aws().stop(true);
    assertThat(files.folder()).isDirectoryContaining(file -> file.equals(files.log()));
    assertThat(files.server()).doesNotExist();
    assertThat(files.lock()).doesNotExist();
    aws().stop();
    assertThat(files.folder()).doesNotExist();
  }

  @Test
  void theFingerprintIsThatOfThePythonFiles() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("sources/inner"));
    Files.writeString(sources.resolve("a.py"), "1");
    String first = SourceFingerprint.of(sources.getParent());
    Files.writeString(sources.resolve("a.pyc"), "cache");
    assertThat(SourceFingerprint.of(sources.getParent())).isEqualTo(first).hasSize(64);
    Files.writeString(sources.resolve("a.py"), "2");
    String second = SourceFingerprint.of(sources.getParent());
    assertThat(second).isNotEqualTo(first);
    Files.move(sources.resolve("a.py"), sources.resolve("b.py"));
    assertThat(SourceFingerprint.of(sources.getParent())).isNotIn(first, second);
  }

  @Test
  void aThreadThatIsInterruptedWhileStartingLeavesNoServer() throws Exception {
    slowPython();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread starter =
        new Thread(
            () -> {
              try {
                aws().start();
              } catch (LocalException expected) {
                failure.complete(expected);
              }
            });
    starter.start();
    ProcessHandle server = slowServer();
    starter.interrupt();
    assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessageContaining("Interrupted");
    server.onExit().get(5, TimeUnit.SECONDS);
    assertThat(server.isAlive()).isFalse();
  }

  @Test
  void aProgramThatIsEndedWhileStartingLeavesNoServer() throws Exception {
    slowPython();
    Process program =
        StartMain.child(folder.resolve("state"), folder.resolve("python"), folder)
            .redirectOutput(folder.resolve("child.log").toFile())
            .start();
    try {
      ProcessHandle server = slowServer();
      program.destroy();
      assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
      boolean gone = !server.isAlive();
      server.destroyForcibly();
      assertThat(gone).as(Files.readString(folder.resolve("child.log"))).isTrue();
    } finally {
      program.destroyForcibly().waitFor();
    }
  }

  /** A Python that never gets ready and, like the server, is in no terminal's process group. */
  private void slowPython() throws Exception {
    Path python = folder.resolve("python");
    Files.writeString(python, "#!/bin/sh\necho $$ > %s/pid\nexec sleep 60\n".formatted(folder));
    assertThat(python.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("server.py"), "");
  }

  private ProcessHandle slowServer() throws Exception {
    Path pid = folder.resolve("pid");
    for (int i = 0; i < 400 && (!Files.exists(pid) || Files.size(pid) == 0); i++) {
      Thread.sleep(50);
    }
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
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
