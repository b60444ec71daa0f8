package dev.mlinfra.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** Starts a pod, sees it run and deletes it, within a limit of money. */
final class RunPodSmoke {
  /** What is told without {@code --yes}. */
  static final String PLAN =
      "would start a pod with two processors and no GPU, wait until it runs, and delete it, for at"
          + " most %.2f USD; say --yes to do it";

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final double SECONDS_AN_HOUR = 3600;
  private static final String OWNER = "mlinfra/smoke";

  private final RunPodApi api;
  private final Clock clock;
  private final Consumer<Duration> pause;
  private final double maxUsd;

  RunPodSmoke(RunPodApi api, Clock clock, Consumer<Duration> pause, double maxUsd) {
    this.api = api;
    this.clock = clock;
    this.pause = pause;
    this.maxUsd = maxUsd;
  }

  /**
   * Does it.
   *
   * @return what happened, in a sentence
   * @throws CommandFailure when the pod does not run, or would cost too much; it is deleted then
   *     too
   */
  String run() {
    String name = "mlinfra-smoke-" + UUID.randomUUID().toString().substring(0, 8);
    Instant start = clock.instant();
    // Whoever interrupts the command leaves no pod, and whoever kills it leaves one with a lease.
    Thread cleanUp = new Thread(() -> delete(name), "delete-" + name);
    Runtime.getRuntime().addShutdownHook(cleanUp);
    try {
      RunPodPod pod = create(name);
      double seconds = awaitRunning(pod, start).toMillis() / 1000.0;
      double usd = pod.hourlyUsd() * seconds / SECONDS_AN_HOUR;
      delete(name);
      if (find(name).isPresent()) {
        throw new CommandFailure(
            ExitCode.NOT_USABLE,
            "the pod " + pod.id() + " ran, but is not deleted: delete it in RunPod's console");
      }
      return String.format(
          Locale.ROOT,
          "pod %s ran after %.0f s at %.3f USD an hour, about %.4f USD, and is deleted",
          pod.id(),
          seconds,
          pod.hourlyUsd(),
          usd);
    } finally {
      delete(name);
      forget(cleanUp);
    }
  }

  private RunPodPod create(String name) {
    Map<String, Object> body = new TreeMap<>();
    body.put("name", name);
    body.put("image", "alpine:3.22");
    body.put("args", "sleep 600");
    body.put("disk", 5);
    body.put("cpu", Map.of("id", "cpu3c", "vcpuCount", 2));
    body.put(
        "env",
        Map.of("MLINFRA_OWNER", OWNER, "GUARD_MAX_SECONDS", Long.toString(PATIENCE.toSeconds())));
    return api.createPod(JsonMapper.shared().writeValueAsString(body));
  }

  private Duration awaitRunning(RunPodPod pod, Instant start) {
    double patience = PATIENCE.toSeconds();
    double longest =
        pod.hourlyUsd() > 0
            ? Math.min(patience, maxUsd / pod.hourlyUsd() * SECONDS_AN_HOUR)
            : patience;
    while (true) {
      Duration passed = Duration.between(start, clock.instant());
      String status = find(pod.name()).map(RunPodPod::status).orElse("gone");
      if (status.equals("RUNNING")) {
        return passed;
      }
      if (List.of("ERROR", "EXITED", "gone").contains(status)) {
        throw new CommandFailure(
            ExitCode.NOT_USABLE,
            "the pod did not run: its status is " + status + "; it is deleted");
      }
      if (passed.toSeconds() >= longest) {
        throw new CommandFailure(
            ExitCode.NOT_USABLE,
            String.format(
                Locale.ROOT,
                "the pod did not run within %.0f s, which is what %.2f USD allow at %.3f USD an hour;"
                    + " it is deleted",
                longest,
                maxUsd,
                pod.hourlyUsd()));
      }
      pause.accept(BETWEEN_LOOKS);
    }
  }

  private Optional<RunPodPod> find(String name) {
    return api.pods().stream().filter(pod -> pod.name().equals(name)).findFirst();
  }

  /** By name: the answer that told the id may have been lost. */
  private void delete(String name) {
    api.pods().stream()
        .filter(pod -> pod.name().equals(name))
        .forEach(pod -> api.deletePod(pod.id()));
  }

  private static void forget(Thread cleanUp) {
    try {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException shuttingDown) {
      // It does the same once more.
      return;
    }
  }
}
