package dev.mlinfra.infra.runpod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mlinfra.local.runpod.RunPodEmulator;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack runpod-dev by the plain command line, in the project's root, against the emulator. */
class RunPodStackIT {
  private static final String STACK = "runpod-dev";

  @TempDir Path folder;
  private RunPodEmulator emulator;
  private PulumiProject project;

  @BeforeEach
  void start() throws IOException {
    emulator = RunPodEmulator.start();
    project = new PulumiProject(folder, emulator.baseUrl());
  }

  @AfterEach
  void stop() throws IOException {
    project.close();
    emulator.close();
  }

  private PulumiProject.Result preview(String... more) throws Exception {
    return project.pulumi(with("preview", more));
  }

  private static String[] with(String command, String... more) {
    return Stream.concat(Stream.of(command, "-s", STACK, "--non-interactive"), Stream.of(more))
        .toArray(String[]::new);
  }

  private void initialise() throws Exception {
    project.pulumi("stack", "init", STACK).succeeded();
  }

  @Test
  void isPreviewedDeployedRefreshedAndDestroyed() throws Exception {
    initialise();
    AtomicBoolean done = new AtomicBoolean();
    List<String> arguments = Collections.synchronizedList(new ArrayList<>());
    Thread watcher = new Thread(() -> watch(done, arguments));
    watcher.start();
    String logs = preview().succeeded().output();
    assertThat(logs)
        .contains(
            "ml-agent-dev-predictions-volume", "ml-agent-dev-predictions-endpoint", "4 to create");
    assertThat(emulator.stored("serverless")).isEmpty();

    logs +=
        project
            .pulumi(with("up", "--yes", "--skip-preview", "--logtostderr", "-v=9"))
            .succeeded()
            .output();
    assertThat(emulator.stored("network-volumes")).hasSize(1);
    assertThat(emulator.stored("serverless").values())
        .singleElement()
        .asString()
        .contains("AMPERE_16", "EU-RO-1", "TAG_PROJECT");
    assertThat(project.pulumi("stack", "output", "-s", STACK, "--json").succeeded().output())
        .contains("endpointId", "https://s3api-eu-ro-1.runpod.io/", "runSyncUrl");
    logs += preview("--expect-no-changes").succeeded().output();

    String endpoint = emulator.stored("serverless").keySet().iterator().next();
    emulator.changeOutside("serverless", endpoint, "{\"workers\": {\"max\": 1}}");
    assertThat(
            project
                .pulumi(with("refresh", "--yes", "--skip-preview", "--diff"))
                .succeeded()
                .output())
        .contains("max");
    logs += project.pulumi(with("up", "--yes", "--skip-preview")).succeeded().output();
    assertThat(emulator.stored("serverless").get(endpoint)).contains("\"max\":3");

    logs += project.pulumi(with("destroy", "--yes", "--skip-preview")).succeeded().output();
    assertThat(emulator.stored("serverless")).isEmpty();
    // Data outlives its stack; the next one finds it again.
    assertThat(emulator.stored("network-volumes")).hasSize(1);
    logs += project.pulumi(with("up", "--yes", "--skip-preview")).succeeded().output();
    assertThat(emulator.stored("network-volumes")).hasSize(1);

    done.set(true);
    watcher.join();
    assertThat(logs).doesNotContain(PulumiProject.KEY);
    assertThat(project.fileWith(PulumiProject.KEY)).isEmpty();
    assertThat(arguments).anyMatch(line -> line.contains("mlinfra-infra-pulumi.jar"));
    assertThat(arguments).noneMatch(line -> line.contains(PulumiProject.KEY));
    assertThat(emulator.brokenAnswers()).isEmpty();
  }

  @Test
  void bothKeysDeleteTheVolume() throws Exception {
    Path file = project.resolve("environments/dev.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("runpod:\n", "allowDataLoss: true\nrunpod:\n  onDelete: destroy\n"));
    initialise();
    project.pulumi(with("up", "--yes", "--skip-preview")).succeeded();
    assertThat(emulator.stored("network-volumes")).hasSize(1);

    project.pulumi(with("destroy", "--yes", "--skip-preview")).succeeded();

    assertThat(emulator.stored("network-volumes")).isEmpty();
  }

  @Test
  void aSecretSettingIsEncrypted() throws Exception {
    initialise();
    project.set("RUNPOD_API_KEY", "");
    project
        .pulumi(
            "config", "set", "--secret", "-s", STACK, "mlinfra-runpod:apiKey", "rpa_CONFIGUREDKEY")
        .succeeded();

    project.pulumi(with("up", "--yes", "--skip-preview")).succeeded();

    assertThat(project.resolve("environments/pulumi/Pulumi.runpod-dev.yaml"))
        .content()
        .contains("secure:");
    assertThat(project.fileWith("rpa_CONFIGUREDKEY")).isEmpty();
  }

  @Test
  void anUnknownTargetAndAWrongFileAreToldInOneLine() throws Exception {
    project.pulumi("stack", "init", "moon-dev").succeeded();
    assertThat(project.pulumi("preview", "-s", "moon-dev", "--non-interactive").failed().output())
        .contains("mlinfra: the stack 'moon-dev' has no target 'moon'; targets: runpod")
        .doesNotContain("Exception", "at dev.mlinfra");
    project.pulumi("stack", "init", "runpod-prod").succeeded();
    assertThat(
            project.pulumi("preview", "-s", "runpod-prod", "--non-interactive").failed().output())
        .contains("runpod: is missing; allowed: a section that says what is deployed on RunPod")
        .doesNotContain("at dev.mlinfra");
  }

  /** The common pool of a machine with two processors has one thread, for which the SDK waits. */
  @Test
  void anotherJdkWithTwoProcessorsDoesNotHang() throws Exception {
    Path jdks = Path.of(System.getProperty("java.home")).toRealPath().getParent();
    Optional<Path> java25 = jdk(jdks, "25");
    System.out.println("JDK 25 beside the build's JDK, in " + jdks + ": " + java25);
    assumeThat(java25).as("a JDK in %s whose release file says 25", jdks).isPresent();
    Path jdk = java25.orElseThrow();
    initialise();
    project.set("JAVA_HOME", jdk.toString());
    project.before(jdk.resolve("bin"));
    project.set("JAVA_TOOL_OPTIONS", "-XX:ActiveProcessorCount=2");

    assertThat(preview().succeeded().output()).contains("4 to create");
  }

  private static Optional<Path> jdk(Path folder, String version) throws IOException {
    try (DirectoryStream<Path> candidates = Files.newDirectoryStream(folder)) {
      for (Path candidate : candidates) {
        Path release = candidate.resolve("release");
        if (Files.isRegularFile(release)
            && Files.readString(release).contains("JAVA_VERSION=\"" + version)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /** Collects the arguments of this machine's processes. */
  private static void watch(AtomicBoolean done, List<String> arguments) {
    while (!done.get()) {
      try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
        for (ProcessHandle process : processes.toList()) {
          Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
          try {
            arguments.add(Files.readString(file).replace('\0', ' '));
          } catch (IOException ended) {
            // It is over.
          }
        }
        Thread.sleep(50);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
