package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.local.runpod.PublishedApi;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code mlinfra runpod}: what an account of RunPod holds, and what should go. */
@Command(
    name = "runpod",
    description = "What a RunPod account holds and costs, and what should go.",
    subcommands = {
      RunPodCommand.Status.class,
      RunPodCommand.Reap.class,
      RunPodCommand.Preview.class,
      RunPodCommand.Smoke.class,
      RunPodCommand.CheckApi.class,
      RunPodCommand.InstallPlugin.class
    })
final class RunPodCommand {
  /** The vendor admits 60 calls a minute of a kind. */
  private static final int SHORTEST_WATCH = 5;

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(20);

  private RunPodCommand() {}

  /** Where the account is; tests have another one. */
  abstract static class OnAccount implements Callable<Integer> {
    @Spec CommandSpec spec;

    Map<String, String> environment = System.getenv();
    Clock clock = Clock.systemUTC();

    @Option(
        names = "--output",
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "${COMPLETION-CANDIDATES}. Default: text.")
    TextOrJson format;

    RunPodApi api() {
      return RunPodApi.of(environment);
    }

    PrintWriter out() {
      return spec.commandLine().getOut();
    }
  }

  /** {@code mlinfra runpod status}. */
  @Command(
      name = "status",
      description = {
        "Pods, endpoints and network volumes of the account, how old pods are, what",
        "they cost so far and per day, and what the account spent this month. The key",
        "is taken from RUNPOD_API_KEY. Exit code 1 when that is over the budget."
      })
  static final class Status extends OnAccount {
    @Option(
        names = "--env",
        paramLabel = "NAME",
        description = "Also tell what is left of this environment's monthly budget.")
    private String name;

    @Option(
        names = "--logs",
        paramLabel = "POD",
        description = "Show what a pod writes, until it ends or Ctrl-C, instead.")
    private String pod;

    @Option(
        names = "--watch",
        paramLabel = "SECONDS",
        description = "Tell again and again, so many seconds apart, until Ctrl-C.")
    private Integer watch;

    /** How often it is told with --watch; tests end it sooner. */
    int rounds = Integer.MAX_VALUE;

    @Override
    public Integer call() throws InterruptedException {
      RunPodApi api = api();
      if (pod != null) {
        api.logs(
            pod,
            line -> {
              out().println(line);
              out().flush();
            });
        return ExitCode.FINE;
      }
      if (watch != null && watch < SHORTEST_WATCH) {
        throw new ParameterException(
            spec.commandLine(),
            "--watch: given %d, allowed %d or more: RunPod limits the calls of a minute"
                .formatted(watch, SHORTEST_WATCH));
      }
      OptionalDouble budget = budget();
      int exitCode = tell(api, budget);
      for (int round = 1; watch != null && round < rounds; round++) {
        Thread.sleep(Duration.ofSeconds(watch).toMillis());
        out().println();
        exitCode = tell(api, budget);
      }
      return exitCode;
    }

    private OptionalDouble budget() {
      return name == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(Workspace.current().environment(name).budget().monthlyUsd());
    }

    private int tell(RunPodApi api, OptionalDouble budget) {
      Instant now = clock.instant();
      List<RunPodPod> pods = api.pods();
      List<JsonNode> endpoints = api.list("/serverless", "endpoints");
      List<JsonNode> volumes = api.list("/network-volumes", "networkVolumes");
      OptionalDouble spent = api.spentThisMonth(now);
      if (format == TextOrJson.JSON) {
        ObjectNode all = json(pods, endpoints, volumes, now);
        spent.ifPresent(usd -> all.put("spentThisMonthUsd", usd));
        budget.ifPresent(usd -> all.put("monthlyBudgetUsd", usd));
        out().println(all.toPrettyString());
      } else {
        print(pods, endpoints, volumes, now);
        out().println(money(spent, budget));
      }
      out().flush();
      boolean over =
          spent.isPresent() && budget.isPresent() && spent.getAsDouble() > budget.getAsDouble();
      return over ? ExitCode.FINDINGS : ExitCode.FINE;
    }

    private String money(OptionalDouble spent, OptionalDouble budget) {
      if (spent.isEmpty()) {
        return "spent this month: not known, the key may not read bills";
      }
      String told = String.format(Locale.ROOT, "spent this month: %.2f USD", spent.getAsDouble());
      if (budget.isEmpty()) {
        return told;
      }
      double left = budget.getAsDouble() - spent.getAsDouble();
      return told
          + String.format(
              Locale.ROOT,
              left < 0
                  ? "; %.2f USD over the %.2f USD of %s"
                  : "; %.2f USD left of the %.2f USD of %s",
              Math.abs(left),
              budget.getAsDouble(),
              name);
    }

    private void print(
        List<RunPodPod> pods, List<JsonNode> endpoints, List<JsonNode> volumes, Instant now) {
      for (RunPodPod pod : pods) {
        out()
            .printf(
                Locale.ROOT,
                "pod       %s %s %s, %s old, about %.2f USD so far, %.2f USD a day%s%n",
                pod.id(),
                pod.name(),
                pod.status(),
                RunPodReaper.words(pod.age(now)),
                pod.spentUsd(now),
                pod.hourlyUsd() * 24,
                pod.owner().map(owner -> ", of " + owner).orElse(", not made by mlinfra"));
      }
      for (JsonNode endpoint : endpoints) {
        out()
            .printf(
                Locale.ROOT,
                "endpoint  %s %s, %d to %d workers%n",
                endpoint.path("id").asString(""),
                endpoint.path("name").asString(""),
                endpoint.path("workers").path("min").asInt(0),
                endpoint.path("workers").path("max").asInt(0));
      }
      for (JsonNode volume : volumes) {
        out()
            .printf(
                Locale.ROOT,
                "volume    %s %s, %d GB in %s%n",
                volume.path("id").asString(""),
                volume.path("name").asString(""),
                volume.path("size").asInt(0),
                volume.path("dataCenter").asString(""));
      }
      if (pods.isEmpty() && endpoints.isEmpty() && volumes.isEmpty()) {
        out().println("the account holds no pods, endpoints and network volumes");
      }
    }

    private static ObjectNode json(
        List<RunPodPod> pods, List<JsonNode> endpoints, List<JsonNode> volumes, Instant now) {
      ObjectNode all = JsonMapper.shared().createObjectNode();
      ArrayNode listed = all.putArray("pods");
      for (RunPodPod pod : pods) {
        listed
            .addObject()
            .put("id", pod.id())
            .put("name", pod.name())
            .put("status", pod.status())
            .put("owner", pod.owner().orElse(null))
            .put("ageSeconds", pod.age(now).toSeconds())
            .put("spentUsd", pod.spentUsd(now))
            .put("usdPerDay", pod.hourlyUsd() * 24);
      }
      // Without the environment: it may hold what is not for logs.
      ArrayNode named = all.putArray("endpoints");
      for (JsonNode endpoint : endpoints) {
        ObjectNode one = named.addObject();
        List.of("id", "name", "workers").forEach(key -> one.set(key, endpoint.path(key)));
      }
      all.putArray("volumes").addAll(volumes);
      return all;
    }
  }

  /** {@code mlinfra runpod reap}. */
  @Command(
      name = "reap",
      description = {
        "Tell which pods of mlinfra's stacks have outlived their lease, have finished",
        "or idle; with --yes, delete them. Others are never touched.",
        "Exit code 1 when there are such pods and they stay."
      })
  static final class Reap extends OnAccount {
    @Option(names = "--yes", description = "Delete them. Default: only tell.")
    private boolean yes;

    @Option(
        names = "--stack",
        paramLabel = "PROJECT/STACK",
        description = "Only pods of this stack, such as ml-agent/runpod-dev. Default: of all.")
    private String stack;

    @Option(
        names = "--max-age",
        paramLabel = "DURATION",
        converter = IsoDuration.class,
        description = "How old a pod without a lease may get, such as PT24H. Default: no limit.")
    private Duration maxAge;

    @Option(
        names = "--idle",
        paramLabel = "DURATION",
        converter = IsoDuration.class,
        description = {
          "Also training pods whose GPU and processor do nothing for so long, such as PT5M:",
          "they are looked at every 20 seconds meanwhile. Default: not looked at."
        })
    private Duration idle;

    /** How it waits between two looks; tests do not. */
    Consumer<Duration> pause = RunPodCommand::sleep;

    @Override
    public Integer call() {
      RunPodApi api = api();
      Set<String> idlePods = idle == null ? Set.of() : idlePods(api);
      RunPodReaper reaper =
          new RunPodReaper(Optional.ofNullable(stack), Optional.ofNullable(maxAge), idlePods);
      List<RunPodReaper.Doomed> doomed = reaper.doomed(api.pods(), clock.instant());
      ArrayNode report = JsonMapper.shared().createArrayNode();
      int left = 0;
      for (RunPodReaper.Doomed one : doomed) {
        String done = yes ? delete(api, one.pod()) : "would be deleted (--yes)";
        left += done.equals("deleted") ? 0 : 1;
        report
            .addObject()
            .put("id", one.pod().id())
            .put("name", one.pod().name())
            .put("reason", one.reason())
            .put("result", done);
        if (format == TextOrJson.TEXT) {
          out().printf("pod %s %s: %s: %s%n", one.pod().id(), one.pod().name(), one.reason(), done);
        }
      }
      if (format == TextOrJson.JSON) {
        out().println(report.toPrettyString());
      } else if (doomed.isEmpty()) {
        out().println("no pod has outlived its lease");
      }
      return left == 0 ? ExitCode.FINE : ExitCode.FINDINGS;
    }

    /** Those that were idle at every look. */
    private Set<String> idlePods(RunPodApi api) {
      Instant end = clock.instant().plus(idle);
      Set<String> found = idleNow(api);
      while (!found.isEmpty() && clock.instant().isBefore(end)) {
        pause.accept(BETWEEN_LOOKS);
        found.retainAll(idleNow(api));
      }
      return found;
    }

    private Set<String> idleNow(RunPodApi api) {
      Instant now = clock.instant();
      return api.pods().stream()
          .filter(pod -> RunPodReaper.isIdle(pod, now))
          .map(RunPodPod::id)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String delete(RunPodApi api, RunPodPod pod) {
      if (pod.locked()) {
        return "is locked; unlock it in RunPod's console";
      }
      api.deletePod(pod.id());
      return "deleted";
    }
  }

  /** {@code mlinfra runpod preview}. */
  @Command(
      name = "preview",
      description = {
        "Preview the stacks of RunPod as they would be in an empty account, with the real",
        "Pulumi CLI and without a key: FOLDER/runpod-ENVIRONMENT.json, which mlinfra check,",
        "cost, compare and report read. What changes between two commits is the difference",
        "between their previews."
      })
  static final class Preview implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--env",
        paramLabel = "NAME",
        description = "Environment. Default: all that have a section runpod.")
    private String name;

    @Option(
        names = "--into",
        paramLabel = "FOLDER",
        required = true,
        description = "Where the previews are written; made when it is not there.")
    private Path into;

    @Override
    public Integer call() {
      Workspace workspace = Workspace.current();
      List<String> names = names(workspace);
      Path folder = Folders.create(into.toAbsolutePath());
      PrintWriter out = spec.commandLine().getOut();
      if (names.isEmpty()) {
        out.println("no environment has a section runpod, so there is nothing to preview");
        return ExitCode.FINE;
      }
      Tools.install(workspace, "pulumi");
      LocalPulumi.build(workspace);
      for (String environment : names) {
        Path file = folder.resolve("runpod-" + environment + ".json");
        out.println(
            LocalRunPod.preview(workspace, environment, file) + ": " + Workspace.shown(file));
        out.flush();
      }
      return ExitCode.FINE;
    }

    private List<String> names(Workspace workspace) {
      if (name == null) {
        return Environments.of(workspace.environments()).values().stream()
            .filter(environment -> environment.runpod().isPresent())
            .map(Environment::name)
            .toList();
      }
      if (workspace.environment(name).runpod().isEmpty()) {
        throw new CommandFailure(
            ExitCode.WRONG_INPUT,
            "environment " + name + " has no section runpod, so there is nothing to preview");
      }
      return List.of(name);
    }
  }

  /** {@code mlinfra runpod smoke}. */
  @Command(
      name = "smoke",
      description = {
        "Start one cheap pod in your account, see it run and delete it, to prove that the key",
        "and the account work. It costs a fraction of a cent and never more than --max-usd;",
        "whatever happens, the pod is deleted, and reap would find it. Asks for --yes."
      })
  static final class Smoke extends OnAccount {
    @Option(names = "--yes", description = "Do it. Default: only tell what would be done.")
    private boolean yes;

    @Option(
        names = "--max-usd",
        paramLabel = "USD",
        defaultValue = "0.05",
        description = "What the pod may cost at most. Default: ${DEFAULT-VALUE}.")
    private double maxUsd;

    /** How it waits between two looks; tests do not. */
    Consumer<Duration> pause = RunPodCommand::sleep;

    @Override
    public Integer call() {
      RunPodApi api = api();
      if (!yes) {
        out().println(RunPodSmoke.PLAN.formatted(maxUsd));
        return ExitCode.FINE;
      }
      String told = new RunPodSmoke(api, clock, pause, maxUsd).run();
      out().println(told);
      return ExitCode.FINE;
    }
  }

  /** {@code mlinfra runpod check-api}. */
  @Command(
      name = "check-api",
      description = {
        "Compare RunPod's published description of its API with the one that this version was",
        "built against, as far as it is used here. Needs no key. Exit code 1 when it differs."
      })
  static final class CheckApi implements Callable<Integer> {
    private static final int MOST_LINES = 100;

    @Spec private CommandSpec spec;

    @Option(
        names = "--from",
        paramLabel = "FILE|URL",
        defaultValue = "https://api.runpod.io/v2/openapi.json",
        description = "The description. Default: ${DEFAULT-VALUE}.")
    private String source;

    @Override
    public Integer call() {
      List<String> differences;
      try {
        differences = PublishedApi.differences(RunPodApi.description(source));
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.NOT_USABLE, source + ": " + e.getMessage());
      }
      PrintWriter out = spec.commandLine().getOut();
      differences.stream().limit(MOST_LINES).forEach(out::println);
      out.printf(
          "%s from the one of %s, against which this version was built%n",
          differences.isEmpty()
              ? "does not differ"
              : differences.size() + (differences.size() == 1 ? " difference" : " differences"),
          PublishedApi.builtAgainst());
      out.flush();
      return differences.isEmpty() ? ExitCode.FINE : ExitCode.FINDINGS;
    }
  }

  /** {@code mlinfra runpod install-plugin}. */
  @Command(
      name = "install-plugin",
      description = {
        "Install the provider mlinfra-runpod into Pulumi's own folder, for programs outside of",
        "this project. Within it Pulumi.yaml names the provider, so nothing is to be installed."
      })
  static final class InstallPlugin implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Workspace workspace = Workspace.current();
      Tools.install(workspace, "pulumi");
      LocalPulumi.build(workspace);
      String version = LocalPulumi.installProvider(workspace);
      spec.commandLine().getOut().println("mlinfra-runpod " + version + " is installed");
      return ExitCode.FINE;
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.NOT_USABLE, "interrupted");
    }
  }

  /** {@code PT24H}. */
  static final class IsoDuration implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException("'" + text + "' is no ISO 8601 duration such as PT24H");
      }
    }
  }
}
