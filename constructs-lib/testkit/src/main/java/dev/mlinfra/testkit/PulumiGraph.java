package dev.mlinfra.testkit;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.pulumi.Context;
import com.pulumi.deployment.internal.DeploymentInstanceHolder;
import com.pulumi.deployment.internal.InlineDeploymentSettings;
import com.pulumi.internal.PulumiInternal;
import com.pulumi.resources.StackOptions;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.testkit.internal.CommonPool;
import dev.mlinfra.testkit.internal.FakeEngine;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * Runs a Pulumi program without Pulumi's CLI, providers or a cloud, and gives the graph that it
 * describes, with parents, dependencies, versions of plugins, secrets and outputs. The SDK's own
 * mocks keep neither of these, and show secrets in clear.
 *
 * <p>The program talks to a small engine of this module over the real protocol. Every resource gets
 * its inputs back as outputs; say with {@link #output} what else a provider would answer. In a
 * {@link #preview} that, and every id, is unknown.
 *
 * <p>Needs {@code com.pulumi:pulumi} on the class path. Packaged components and calls of methods on
 * resources are refused with an error.
 */
public final class PulumiGraph {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /**
   * The SDK opens channels for each run and never closes them: its process is meant to end. gRPC
   * complains of each; only of these it is kept from doing so.
   */
  private static final Logger CHANNELS =
      Logger.getLogger("io.grpc.internal.ManagedChannelOrphanWrapper");

  static {
    CHANNELS.setFilter(
        complaint ->
            complaint.getThrown() == null
                || Arrays.stream(complaint.getThrown().getStackTrace())
                    .noneMatch(it -> it.getClassName().startsWith("com.pulumi.deployment.")));
  }

  private final Consumer<Context> program;
  private final Map<String, String> config = new LinkedHashMap<>();
  private final Set<String> secretKeys = new LinkedHashSet<>();
  private final Map<String, Map<String, Object>> outputs = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> functions = new LinkedHashMap<>();
  private String project = "project";
  private String stack = "test";
  private boolean preview;

  private PulumiGraph(Consumer<Context> program) {
    this.program = program;
  }

  /** The graph of a program: what would be given to {@code Pulumi.run}. */
  public static PulumiGraph of(Consumer<Context> program) {
    return new PulumiGraph(program);
  }

  /** Name of the project. Default: {@code project}. */
  public PulumiGraph project(String name) {
    this.project = name;
    return this;
  }

  /** Name of the stack. Default: {@code test}. */
  public PulumiGraph stack(String name) {
    this.stack = name;
    return this;
  }

  /**
   * A setting of the stack.
   *
   * @param key such as {@code gcp:region}; without a colon it is the project's own
   */
  public PulumiGraph config(String key, String value) {
    config.put(key, value);
    return this;
  }

  /** A secret setting of the stack; see {@link #config}. */
  public PulumiGraph secretConfig(String key, String value) {
    secretKeys.add(key);
    return config(key, value);
  }

  /**
   * An output that the provider of a type would fill in, or that an existing resource has which the
   * program reads; of a {@code StackReference} say {@code outputs}, a map.
   *
   * @param type such as {@code gcp:storage/bucket:Bucket}
   * @param name name of the output
   * @param value a text, number, boolean, list or map; the same for all resources of the type
   */
  public PulumiGraph output(String type, String name, Object value) {
    outputs.computeIfAbsent(type, it -> new LinkedHashMap<>()).put(name, value);
    return this;
  }

  /**
   * What a function of a provider gives.
   *
   * @param token such as {@code gcp:organizations/getProject:getProject}
   */
  public PulumiGraph function(String token, Map<String, Object> result) {
    functions.put(token, new LinkedHashMap<>(result));
    return this;
  }

  /** Runs the program as a preview does: what a provider would answer is unknown. */
  public PulumiGraph preview() {
    this.preview = true;
    return this;
  }

  /**
   * Runs the program and gives its graph.
   *
   * @throws AssertionError when the program fails, with what it reported; takes longer than a
   *     minute; or would wait for ever, as on JDK 25 with a common pool of one thread
   */
  public Model capture() {
    CommonPool.problem()
        .ifPresent(
            problem -> {
              throw new AssertionError(problem);
            });
    // A thread of its own: the SDK keeps the deployment that runs in the thread's state.
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (FakeEngine engine =
        new FakeEngine(new FakeEngine.World(project, stack, preview, outputs, functions))) {
      Future<Integer> run = thread.submit(() -> run(engine));
      int exitCode = run.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      List<String> errors = engine.errors();
      if (exitCode != 0 || !errors.isEmpty()) {
        throw new AssertionError(
            "the program failed: "
                + (errors.isEmpty() ? "exit code " + exitCode : String.join("\n", errors)));
      }
      return Models.parse(project + "/" + stack, engine.json());
    } catch (ExecutionException e) {
      throw new AssertionError("the program failed: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError(
          "the program did not end within " + LONGEST.toSeconds() + " seconds", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      thread.shutdownNow();
    }
  }

  /** Runs the program, and starts assertions about its graph. */
  public TemplateAssert assertThatGraph() {
    return TemplateAssertions.assertThatTemplate(capture());
  }

  private int run(FakeEngine engine) throws InterruptedException, ExecutionException {
    InlineDeploymentSettings settings =
        InlineDeploymentSettings.builder()
            .monitorAddr(engine.address())
            .engineAddr(engine.address())
            .project(project)
            .stack(stack)
            .organization("organization")
            .isDryRun(preview)
            .config(qualified())
            .configSecretKeys(
                secretKeys.stream().map(this::qualified).collect(ImmutableSet.toImmutableSet()))
            .build();
    try {
      return PulumiInternal.fromInline(settings, StackOptions.Empty).runAsync(program).get();
    } finally {
      DeploymentInstanceHolder.internalUnsafeDestroyInstance();
    }
  }

  private ImmutableMap<String, String> qualified() {
    ImmutableMap.Builder<String, String> all = ImmutableMap.builder();
    config.forEach((key, value) -> all.put(qualified(key), value));
    return all.buildKeepingLast();
  }

  private String qualified(String key) {
    return key.contains(":") ? key : project + ":" + key;
  }
}
