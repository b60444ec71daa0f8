package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.local.runpod.RunPodEmulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class RunPodCommandTest {
  private static final Duration TWO_DAYS = Duration.ofDays(2);

  /** What a training job of the environments may cost. */
  private static final double CAP_USD = 10;

  /** A pod that somebody else made. */
  private static final String STRANGE =
      "{\"name\": \"s\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\"}, \"env\": {}}";

  private RunPodEmulator emulator;

  @BeforeEach
  void start() {
    emulator = RunPodEmulator.start();
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  private CommandRun run(RunPodCommand.OnAccount command, String... arguments) {
    command.environment =
        Map.of("RUNPOD_API_KEY", "rpa_KEYOFTHEACCOUNT", "RUNPOD_BASE_URL", emulator.baseUrl());
    command.clock = emulator.clock();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(command)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  private CommandRun reap(String... arguments) {
    return run(new RunPodCommand.Reap(), arguments);
  }

  /** A training pod whose inside has died: nothing there deletes it. */
  private String abandoned(String owner) {
    return emulator.createOutside(
        "pods",
        """
        {"name": "training", "image": "i", "gpu": {"id": "NVIDIA L4"},
          "env": {"MLINFRA_OWNER": "%s", "GUARD_MAX_SECONDS": "7200"}}
        """
            .formatted(owner));
  }

  @Test
  void twoDaysWithAnAbandonedPodStayWithinTheCap() {
    String pod = abandoned("ml-agent/runpod-dev");
    for (Duration passed = Duration.ZERO;
        passed.compareTo(TWO_DAYS) < 0;
        passed = passed.plusMinutes(30)) {
      emulator.clock().advance(Duration.ofMinutes(30));
      assertThat(reap("--yes").exitCode()).isZero();
    }

    assertThat(emulator.stored("pods")).doesNotContainKey(pod);
    double spent = emulator.spentOnPods().values().stream().mapToDouble(it -> it).sum();
    System.out.printf(
        "two days with an abandoned pod: %.2f USD, the cap is %.2f%n", spent, CAP_USD);
    assertThat(spent).isGreaterThan(0).isLessThan(CAP_USD);
  }

  /** What the reaper is for. */
  @Test
  void withoutTheReaperTwoDaysCostMoreThanTheCap() {
    abandoned("ml-agent/runpod-dev");

    emulator.clock().advance(TWO_DAYS);

    assertThat(emulator.spentOnPods().values().stream().mapToDouble(it -> it).sum())
        .isGreaterThan(CAP_USD);
  }

  @Test
  void onlyTellsUnlessAllowed() {
    String pod = abandoned("ml-agent/runpod-dev");
    assertThat(reap().out()).isEqualToIgnoringNewLines("no pod has outlived its lease");
    emulator.clock().advance(Duration.ofMinutes(131));

    CommandRun told = reap();

    assertThat(told.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(told.out())
        .isEqualToIgnoringNewLines(
            "pod "
                + pod
                + " training: it is 2 h 11 min old; allowed: 2 h 10 min: would be deleted (--yes)");
    assertThat(emulator.stored("pods")).containsKey(pod);
    assertThat(reap("--yes").out()).contains(": deleted");
    assertThat(emulator.stored("pods")).doesNotContainKey(pod);
  }

  @Test
  void neverTouchesWhatIsNotItsOwn() {
    String stranger =
        emulator.createOutside(
            "pods",
            "{\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\"}, \"env\":"
                + " {\"GUARD_MAX_SECONDS\": \"60\"}}");
    String other = abandoned("ml-agent/runpod-prod");
    emulator.clock().advance(TWO_DAYS);

    CommandRun run = reap("--yes", "--max-age", "PT1H", "--stack", "ml-agent/runpod-dev");

    assertThat(run.exitCode()).isZero();
    assertThat(emulator.stored("pods")).containsKeys(stranger, other);
    assertThat(reap("--yes").exitCode()).isZero();
    assertThat(emulator.stored("pods")).containsOnlyKeys(stranger);
  }

  @Test
  void aPodWithoutALeaseLivesAsLongAsItIsAllowed() {
    String pod =
        emulator.createOutside(
            "pods",
            "{\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\"}, \"env\":"
                + " {\"MLINFRA_OWNER\": \"a/b\"}}");
    emulator.clock().advance(TWO_DAYS);

    assertThat(reap("--yes").exitCode()).isZero();
    assertThat(emulator.stored("pods")).containsKey(pod);
    assertThat(reap("--yes", "--max-age", "PT24H").out()).contains("allowed: 24 h 0 min: deleted");
    assertThat(emulator.stored("pods")).isEmpty();
  }

  @Test
  void aFinishedPodGoes() {
    RunPodPod pod =
        new RunPodPod(
            "p",
            "training",
            "EXITED",
            0,
            Instant.EPOCH,
            false,
            Optional.of("a/b"),
            Optional.of(Duration.ofHours(1)),
            OptionalInt.empty());

    assertThat(
            new RunPodReaper(Optional.empty(), Optional.empty(), Set.of())
                .doomed(List.of(pod), Instant.EPOCH))
        .singleElement()
        .extracting(RunPodReaper.Doomed::reason)
        .isEqualTo("it has finished and is not deleted");
  }

  @Test
  void anIdlePodGoesOnceItIdledTheWholeTime() {
    String idle = abandoned("a/b");
    String loading = abandoned("a/b");
    String silent = abandoned("a/b");
    String strange = emulator.createOutside("pods", STRANGE);
    emulator.clock().advance(Duration.ofMinutes(30));
    for (String pod : List.of(idle, loading, strange)) {
      emulator.utilization(pod, 0, 1);
    }
    RunPodCommand.Reap command = new RunPodCommand.Reap();
    command.pause =
        time -> {
          emulator.clock().advance(time);
          // Data is read before the GPU has work.
          emulator.utilization(loading, 0, 60);
        };

    CommandRun run = run(command, "--yes", "--idle", "PT5M");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("pod " + idle + " training: its GPU and its processor do nothing: deleted");
    assertThat(emulator.stored("pods")).containsOnlyKeys(loading, silent, strange);
  }

  @Test
  void aPodThatJustBeganIsNotIdle() {
    String young = abandoned("a/b");
    emulator.utilization(young, 0, 0);
    RunPodCommand.Reap command = new RunPodCommand.Reap();
    command.pause = emulator.clock()::advance;

    assertThat(run(command, "--idle", "PT1M").out()).contains("no pod has outlived its lease");
  }

  @Test
  void aLockedPodStays() {
    String pod = abandoned("a/b");
    emulator.changeOutside("pods", pod, "{\"locked\": true}");
    emulator.clock().advance(TWO_DAYS);

    CommandRun run = reap("--yes");

    assertThat(run.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out()).contains("is locked; unlock it in RunPod's console");
    assertThat(emulator.stored("pods")).containsKey(pod);
  }

  @Test
  void tellsInJson() {
    abandoned("a/b");
    emulator.clock().advance(TWO_DAYS);

    assertThat(JsonMapper.shared().readTree(reap("--output", "json").out()).get(0).get("result"))
        .hasToString("\"would be deleted (--yes)\"");
  }

  @Test
  void saysWhatTheAccountHolds() {
    assertThat(run(new RunPodCommand.Status()).out())
        .isEqualToIgnoringNewLines(
            "the account holds no pods, endpoints and network volumesspent this month: 0.00 USD");
    String pod = abandoned("ml-agent/runpod-dev");
    emulator.createOutside(
        "network-volumes", "{\"name\": \"v\", \"size\": 100, \"dataCenter\": \"EU-RO-1\"}");
    emulator.createOutside(
        "serverless",
        "{\"name\": \"e\", \"image\": \"i\", \"type\": \"QUEUE\", \"gpu\": {\"pools\": [\"ADA_24\"]},"
            + " \"env\": {\"HIDDEN\": \"value\"}, \"scaling\": {\"type\": \"QUEUE_DELAY\","
            + " \"queueDelay\": 4}}");
    emulator.clock().advance(Duration.ofHours(10));

    CommandRun text = run(new RunPodCommand.Status());
    CommandRun json = run(new RunPodCommand.Status(), "--output", "json");

    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .contains(
            "pod       " + pod + " training RUNNING, 10 h 0 min old, about ",
            " USD a day, of ml-agent/runpod-dev",
            "endpoint  ",
            " e, 0 to 3 workers",
            "volume    ",
            " v, 100 GB in EU-RO-1");
    assertThat(
            JsonMapper.shared().readTree(json.out()).get("pods").get(0).get("ageSeconds").asInt())
        .isEqualTo(36_000);
    assertThat(json.out()).doesNotContain("HIDDEN");
  }

  private CommandRun smoke(RunPodEmulator.Settings settings, String... arguments) {
    emulator.close();
    emulator = RunPodEmulator.start(settings);
    RunPodCommand.Smoke command = new RunPodCommand.Smoke();
    command.pause = emulator.clock()::advance;
    return run(command, arguments);
  }

  @Test
  void aSmokeTestStartsOnePodAndDeletesIt() {
    RunPodEmulator.Settings slow =
        RunPodEmulator.Settings.defaults().withProvisioning(Duration.ofSeconds(20));

    assertThat(smoke(slow).out()).contains("say --yes to do it");
    assertThat(emulator.calls()).isEmpty();
    CommandRun run = smoke(slow, "--yes");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains(" ran after 40 s at 0.0").contains("and is deleted");
    assertThat(emulator.stored("pods")).isEmpty();
    assertThat(emulator.spentOnPods()).hasSize(1);
  }

  @Test
  void aSmokeTestDeletesAPodThatDoesNotRunOrIsTooDear() {
    RunPodEmulator.Settings never =
        RunPodEmulator.Settings.defaults().withProvisioning(Duration.ofDays(1));
    assertThatThrownBy(
            () ->
                new RunPodSmoke(
                        new RunPodApi(neverRunning(never), "k"),
                        emulator.clock(),
                        emulator.clock()::advance,
                        0.001)
                    .run())
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("which is what 0.00 USD allow at 0.0")
        .hasMessageContaining("it is deleted");
    assertThat(emulator.stored("pods")).isEmpty();
    assertThat(emulator.spentOnPods().values().iterator().next()).isLessThan(0.002);

    emulator.breakImage("alpine:3.22");
    assertThatThrownBy(
            () ->
                new RunPodSmoke(
                        new RunPodApi(emulator.baseUrl(), "k"),
                        emulator.clock(),
                        emulator.clock()::advance,
                        10)
                    .run())
        .hasMessageContaining("the pod did not run");
    assertThat(emulator.stored("pods")).isEmpty();

    assertThatThrownBy(
            () ->
                new RunPodSmoke(
                        new RunPodApi(emulator.baseUrl(), "read-only"),
                        emulator.clock(),
                        emulator.clock()::advance,
                        10)
                    .run())
        .hasMessage("RunPod answered 403 to POST /pods: access denied");
  }

  private String neverRunning(RunPodEmulator.Settings settings) {
    emulator.close();
    emulator = RunPodEmulator.start(settings);
    return emulator.baseUrl();
  }

  @Test
  void comparesThePublishedApi(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("openapi.json"), "{}");
    CommandLine command = Mlinfra.commandLine();
    StringWriter err = new StringWriter();

    int exitCode =
        command
            .setErr(new PrintWriter(err, true))
            .execute("runpod", "check-api", "--from", file.toString());

    assertThat(exitCode).isEqualTo(ExitCode.NOT_USABLE);
    assertThat(err.toString()).contains("openapi.json: it has no paths and schemas of OpenAPI");
    Files.writeString(file, "{\"paths\": {}, \"components\": {\"schemas\": {}}}");
    StringWriter out = new StringWriter();
    assertThat(
            Mlinfra.commandLine()
                .setOut(new PrintWriter(out, true))
                .execute("runpod", "check-api", "--from", file.toString()))
        .isEqualTo(ExitCode.FINDINGS);
    assertThat(out.toString())
        .contains("GET /v2/pods: gone from the description")
        .contains("differences from the one of 20");
    assertThatThrownBy(() -> RunPodApi.description(folder.resolve("none").toString()))
        .hasMessageContaining("none cannot be read");
  }

  @Test
  void saysWhatIsLeftOfTheBudget() {
    abandoned("ml-agent/runpod-dev");
    emulator.clock().advance(Duration.ofHours(100));

    CommandRun fine = run(new RunPodCommand.Status(), "--env", "dev");
    assertThat(fine.exitCode()).isZero();
    assertThat(fine.out())
        .containsPattern(
            "spent this month: [1-9][0-9]\\.[0-9]{2} USD; 7[0-9]{2}\\.[0-9]{2} USD left of")
        .contains("the 800.00 USD of dev");

    emulator.clock().advance(Duration.ofDays(100));
    CommandRun over = run(new RunPodCommand.Status(), "--env", "dev");
    assertThat(over.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(over.out()).contains(" USD over the 800.00 USD of dev");
    assertThat(
            JsonMapper.shared()
                .readTree(run(new RunPodCommand.Status(), "--env", "dev", "--output", "json").out())
                .get("spentThisMonthUsd")
                .asDouble())
        .isGreaterThan(800);
  }

  @Test
  void showsWhatAPodWrites() {
    String pod = abandoned("ml-agent/runpod-dev");
    emulator.writeLog(pod, "epoch 1: loss 0.5");
    emulator.writeLog(pod, "epoch 2: loss 0.4");

    CommandRun logs = run(new RunPodCommand.Status(), "--logs", pod);

    assertThat(logs.exitCode()).isZero();
    assertThat(logs.out().lines())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("2")
        .endsWith(" epoch 2: loss 0.4");
    assertThatThrownBy(
            () ->
                new RunPodApi(emulator.baseUrl(), "k")
                    .logs("aaaaaaaaaaaaaa", line -> assertThat(line).isNull()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("there is no pod aaaaaaaaaaaaaa");
  }

  @Test
  void tellsAgainAndAgain() {
    RunPodCommand.Status status = new RunPodCommand.Status();
    status.rounds = 2;

    assertThat(run(status, "--watch", "5").out().split("spent this month", -1)).hasSize(3);
    CommandRun hasty = run(new RunPodCommand.Status(), "--watch", "1");
    assertThat(hasty.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(hasty.err()).contains("--watch: given 1, allowed 5 or more");
  }

  @Test
  void saysWhatIsWrongWithTheAccount() {
    assertThatThrownBy(() -> RunPodApi.of(Map.of()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("RUNPOD_API_KEY is not set");
    assertThatThrownBy(
            () ->
                RunPodApi.of(
                    Map.of("RUNPOD_API_KEY", "k", "RUNPOD_BASE_URL", "http://api.example.org/v2")))
        .hasMessageContaining("must begin with https://");
    assertThatThrownBy(() -> new RunPodApi("http://127.0.0.1:1", "k").pods())
        .hasMessageContaining("RunPod cannot be reached at http://127.0.0.1:1");
    assertThat(reap("--max-age", "tomorrow").err()).contains("PT24H");
  }
}
