package dev.mlinfra.provider.runpod;

import com.google.gson.JsonObject;
import dev.mlinfra.local.runpod.Fault;
import dev.mlinfra.local.runpod.RecordedCall;
import dev.mlinfra.local.runpod.RunPodEmulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Every call of a resource's life goes wrong once, in every way.
 *
 * <p>A life is: made, changed in place, read, replaced, deleted. Its calls are recorded in a run in
 * which nothing goes wrong; then each call gets each fault, in a run of its own. After each step,
 * failed or not, the account holds nothing that the state does not know, and nothing twice; and the
 * step, done again, succeeds.
 */
final class FaultCampaign {
  private static final List<String> RESOURCES =
      List.of("pods", "serverless", "templates", "network-volumes", "registries", "secrets");

  /** How long a case waits for an answer that does not come. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final RunPodProvider.LifecycleMaker lifecycles;
  private final Map<String, Integer> cases = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private int failedSteps;

  /**
   * A campaign.
   *
   * @param lifecycles what does the work
   */
  FaultCampaign(RunPodProvider.LifecycleMaker lifecycles) {
    this.lifecycles = lifecycles;
  }

  /**
   * The life of one resource.
   *
   * @param resource as in the API
   * @param steps programs, one after the other; "refresh" reads
   */
  record Life(String resource, List<String> steps) {}

  static List<Life> lives() {
    String volume =
        """
        {"type": "NetworkVolume", "name": "v", "inputs": {"size": %s, "dataCenter": "%s"}}""";
    String template =
        """
        {"type": "Template", "name": "t", "inputs": {"image": "%s"%s}}""";
    String registry =
        """
        {"type": "RegistryCredential", "name": "r", "inputs": {"username": "u", "password": {"secret": "%s"}}}""";
    String secret =
        """
        {"type": "Secret", "name": "s", "inputs": {"value": {"secret": "%s"}%s}}""";
    String endpoint =
        """
        {"type": "Endpoint", "name": "e", "inputs": {"image": "i", "type": "%s", "workers": {"max": %s},
          "gpu": {"pools": ["ADA_24"]}, "scaling": {"type": "REQUEST_COUNT", "requestCount": 4}}}""";
    String pod =
        """
        {"type": "Pod", "name": "p", "inputs": {"image": "%s", "gpu": {"ids": ["NVIDIA L4", "NVIDIA A40"], "count": %s},
          "locked": true, "unlockOnDelete": true}}""";
    return List.of(
        life(
            "network-volumes",
            volume.formatted(10, "EU-RO-1"),
            volume.formatted(20, "EU-RO-1"),
            volume.formatted(20, "EU-CZ-1")),
        life(
            "templates",
            template.formatted(
                "i", ", \"mounts\": {\"persistent\": {\"size\": 10, \"path\": \"/w\"}}"),
            template.formatted(
                "j", ", \"mounts\": {\"persistent\": {\"size\": 10, \"path\": \"/w\"}}"),
            template.formatted("j", "")),
        life(
            "registries",
            registry.formatted("a"),
            registry.formatted("a"),
            registry.formatted("b")),
        life(
            "secrets",
            secret.formatted("a", ""),
            secret.formatted("b", ""),
            secret.formatted("b", ", \"name\": \"other\"")),
        life(
            "serverless",
            endpoint.formatted("QUEUE", 3),
            endpoint.formatted("QUEUE", 0),
            endpoint.formatted("LOAD_BALANCER", 0)),
        life("pods", pod.formatted("i", 1), pod.formatted("j", 1), pod.formatted("j", 2)));
  }

  private static Life life(String resource, String made, String changed, String replaced) {
    return new Life(
        resource,
        List.of(
            program(made),
            program(changed),
            "refresh",
            program(changed),
            program(replaced),
            program("")));
  }

  private static String program(String resource) {
    return "{\"resources\": [" + resource + "]}";
  }

  /** Runs the cases of a life with some faults. */
  void run(Life life, Predicate<Fault> wanted) {
    List<RecordedCall> calls = recorded(life);
    for (RecordedCall call : calls) {
      for (Fault.Kind kind : Fault.Kind.values()) {
        Fault fault = new Fault(call.resource(), call.operation(), call.call(), kind);
        if (!wanted.test(fault)) {
          continue;
        }
        cases.merge(life.resource(), 1, Integer::sum);
        String problem = problem(life, fault);
        if (!problem.isEmpty()) {
          failures.add(
              "(%s, %s, %d, %s): %s"
                  .formatted(call.resource(), call.operation(), call.call(), kind, problem));
        }
      }
    }
  }

  /** How many cases there were, by resource. */
  Map<String, Integer> cases() {
    return cases;
  }

  /** How many steps failed because of their fault; all others were mended on the spot. */
  int failedSteps() {
    return failedSteps;
  }

  List<String> failures() {
    return failures;
  }

  private List<RecordedCall> recorded(Life life) {
    try (RunPodEmulator emulator = emulator()) {
      SmallEngine engine = engine(emulator, Duration.ofSeconds(30));
      life.steps().forEach(step -> run(engine, step));
      return emulator.calls();
    }
  }

  /** What is wrong after a fault; empty when nothing is. */
  private String problem(Life life, Fault fault) {
    try (RunPodEmulator emulator = emulator()) {
      emulator.inject(fault);
      boolean silent = fault.kind() == Fault.Kind.SILENCE;
      SmallEngine engine = engine(emulator, silent ? PATIENCE : Duration.ofSeconds(30));
      for (String step : life.steps()) {
        try {
          run(engine, step);
        } catch (SmallEngine.StepException failed) {
          failedSteps++;
          if (failed.getMessage().isBlank()
              || failed.getMessage().contains("a fault of the provider")) {
            return "says '" + failed.getMessage() + "'";
          }
          Set<String> unknown = stored(emulator);
          unknown.removeAll(engine.ids());
          if (!unknown.isEmpty()) {
            return "the state does not know " + unknown + " after: " + failed.getMessage();
          }
          try {
            run(engine, step);
          } catch (SmallEngine.StepException again) {
            return "does not converge: " + again.getMessage();
          }
        }
        if (!step.equals("refresh") && !stored(emulator).equals(engine.ids())) {
          return "the account holds " + stored(emulator) + ", the state " + engine.ids();
        }
      }
      return stored(emulator).isEmpty() ? "" : "left " + stored(emulator);
    }
  }

  private static void run(SmallEngine engine, String step) {
    if (step.equals("refresh")) {
      engine.refresh();
    } else {
      engine.up(step);
    }
  }

  private SmallEngine engine(RunPodEmulator emulator, Duration patience) {
    RunPodProvider.LifecycleMaker hasty =
        (client, settings, cancellation, log, known) -> {
          Settings soon =
              new Settings(
                  settings.apiKey(),
                  settings.baseUrl(),
                  settings.owner(),
                  patience,
                  new RetryPolicy(3, Duration.ofSeconds(60), Duration.ofMillis(1)),
                  Duration.ofSeconds(60),
                  true);
          return lifecycles.make(
              new RunPodClient(soon, cancellation), soon, cancellation, log, known);
        };
    return new SmallEngine(emulator.baseUrl(), Map.of(), hasty);
  }

  private static RunPodEmulator emulator() {
    return RunPodEmulator.start(RunPodEmulator.Settings.defaults().withRetryAfter(Duration.ZERO));
  }

  private static Set<String> stored(RunPodEmulator emulator) {
    Set<String> ids = new LinkedHashSet<>();
    RESOURCES.forEach(resource -> ids.addAll(emulator.stored(resource).keySet()));
    return ids;
  }

  /** A provider that does not look for what a lost answer may have made. */
  static final class Forgetful extends Lifecycle {
    Forgetful(
        RunPodClient client,
        Settings settings,
        Cancellation cancellation,
        EngineLog log,
        KnownIds known) {
      super(client, settings, cancellation, log, known);
    }

    @Override
    List<JsonObject> unknown(Kind kind, String urn, Owner owner, Map<String, Object> inputs) {
      return List.of();
    }
  }
}
