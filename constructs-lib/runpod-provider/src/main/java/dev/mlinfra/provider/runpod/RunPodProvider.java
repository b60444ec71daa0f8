package dev.mlinfra.provider.runpod;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import pulumirpc.Plugin.PluginAttach;
import pulumirpc.Plugin.PluginInfo;
import pulumirpc.Provider.CheckFailure;
import pulumirpc.Provider.CheckRequest;
import pulumirpc.Provider.CheckResponse;
import pulumirpc.Provider.ConfigureRequest;
import pulumirpc.Provider.ConfigureResponse;
import pulumirpc.Provider.CreateRequest;
import pulumirpc.Provider.CreateResponse;
import pulumirpc.Provider.DeleteRequest;
import pulumirpc.Provider.DiffRequest;
import pulumirpc.Provider.DiffResponse;
import pulumirpc.Provider.ErrorResourceInitFailed;
import pulumirpc.Provider.GetSchemaRequest;
import pulumirpc.Provider.GetSchemaResponse;
import pulumirpc.Provider.InvokeRequest;
import pulumirpc.Provider.InvokeResponse;
import pulumirpc.Provider.PropertyDiff;
import pulumirpc.Provider.ProviderHandshakeRequest;
import pulumirpc.Provider.ProviderHandshakeResponse;
import pulumirpc.Provider.ReadRequest;
import pulumirpc.Provider.ReadResponse;
import pulumirpc.Provider.UpdateRequest;
import pulumirpc.Provider.UpdateResponse;
import pulumirpc.ResourceProviderGrpc.ResourceProviderImplBase;

/**
 * The protocol of the engine: messages in, decisions of {@link Kind} and {@link Lifecycle},
 * messages out.
 */
final class RunPodProvider extends ResourceProviderImplBase {
  private static final int LONG_SECRET = 8;

  private final Cancellation cancellation = new Cancellation();
  private final KnownIds known = new KnownIds();
  private final Function<String, EngineLog> logs;
  private final Map<String, String> environment;
  private final LifecycleMaker lifecycles;

  private volatile EngineLog log = EngineLog.silent();
  private volatile Settings settings;
  private volatile Lifecycle lifecycle;
  private volatile Functions functions;

  /** Makes what does the work; tests make it worse. */
  interface LifecycleMaker {
    Lifecycle make(
        RunPodClient client,
        Settings settings,
        Cancellation cancellation,
        EngineLog log,
        KnownIds known);
  }

  /**
   * A provider.
   *
   * @param engine the address of the engine; empty when it comes later
   * @param logs makes the log of an address
   * @param environment the environment variables
   */
  RunPodProvider(
      Optional<String> engine, Function<String, EngineLog> logs, Map<String, String> environment) {
    this(engine, logs, environment, Lifecycle::new);
  }

  RunPodProvider(
      Optional<String> engine,
      Function<String, EngineLog> logs,
      Map<String, String> environment,
      LifecycleMaker lifecycles) {
    this.logs = logs;
    this.environment = environment;
    this.lifecycles = lifecycles;
    engine.ifPresent(address -> log = logs.apply(address));
    settings = Settings.of(Map.of(), environment);
  }

  @Override
  public void handshake(
      ProviderHandshakeRequest request, StreamObserver<ProviderHandshakeResponse> answer) {
    reply(
        answer,
        Set.of(),
        () ->
            ProviderHandshakeResponse.newBuilder()
                .setAcceptSecrets(true)
                .setAcceptResources(false)
                .setAcceptOutputs(false)
                .build());
  }

  @Override
  public void attach(PluginAttach request, StreamObserver<Empty> answer) {
    reply(
        answer,
        Set.of(),
        () -> {
          log = logs.apply(request.getAddress());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void getPluginInfo(Empty request, StreamObserver<PluginInfo> answer) {
    reply(
        answer,
        Set.of(),
        () -> PluginInfo.newBuilder().setVersion(PackageSchema.get().version()).build());
  }

  @Override
  public void getSchema(GetSchemaRequest request, StreamObserver<GetSchemaResponse> answer) {
    reply(
        answer,
        Set.of(),
        () -> GetSchemaResponse.newBuilder().setSchema(PackageSchema.get().text()).build());
  }

  @Override
  public void cancel(Empty request, StreamObserver<Empty> answer) {
    reply(
        answer,
        Set.of(),
        () -> {
          cancellation.cancel();
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void checkConfig(CheckRequest request, StreamObserver<CheckResponse> answer) {
    Map<String, Object> news = Values.read(request.getNews());
    reply(
        answer,
        Values.secretTexts(news),
        () -> {
          Map<String, Object> given = withoutEngineKeys(news);
          TypeCheck types = new TypeCheck(Map.of());
          Map<String, Object> checked = types.check(PackageSchema.get().settings(), given);
          List<Failure> failures = new ArrayList<>(types.failures());
          failures.addAll(Settings.check(checked));
          // Strings stay as they were given: the engine keeps configuration as text.
          return CheckResponse.newBuilder()
              .setInputs(request.getNews())
              .addAllFailures(messages(failures, Values.secretTexts(news)))
              .build();
        });
  }

  @Override
  public void diffConfig(DiffRequest request, StreamObserver<DiffResponse> answer) {
    reply(
        answer,
        Set.of(),
        () ->
            DiffResponse.newBuilder()
                .setChanges(
                    request.getNews().equals(request.getOldInputs())
                        ? DiffResponse.DiffChanges.DIFF_NONE
                        : DiffResponse.DiffChanges.DIFF_SOME)
                .build());
  }

  @Override
  public void configure(ConfigureRequest request, StreamObserver<ConfigureResponse> answer) {
    Map<String, Object> args = Values.read(request.getArgs());
    reply(
        answer,
        Values.secretTexts(args),
        () -> {
          TypeCheck types = new TypeCheck(Map.of());
          Map<String, Object> checked =
              types.check(PackageSchema.get().settings(), withoutEngineKeys(args));
          settings = Settings.of(checked, environment);
          if (!Settings.usable(settings.baseUrl())) {
            throw new ProviderException(
                "the base URL \""
                    + settings.baseUrl()
                    + "\" must begin with https://, or with http:// on this machine; mend RUNPOD_BASE_URL");
          }
          RunPodClient client = new RunPodClient(settings, cancellation);
          lifecycle = lifecycles.make(client, settings, cancellation, log, known);
          functions = new Functions(client);
          return ConfigureResponse.newBuilder()
              .setAcceptSecrets(true)
              .setSupportsPreview(true)
              .setAcceptResources(false)
              .setAcceptOutputs(false)
              .build();
        });
  }

  @Override
  public void invoke(InvokeRequest request, StreamObserver<InvokeResponse> answer) {
    reply(
        answer,
        Set.of(),
        () -> {
          String function = request.getTok().substring(request.getTok().lastIndexOf(':') + 1);
          if (!PackageSchema.get().functions().contains(function)) {
            throw new ProviderException(
                "there is no function '"
                    + function
                    + "'; there are: "
                    + String.join(", ", PackageSchema.get().functions()));
          }
          Map<String, Object> arguments = Values.plain(Values.read(request.getArgs()));
          List<Failure> failures = Functions.check(function, arguments);
          if (!failures.isEmpty()) {
            return InvokeResponse.newBuilder().addAllFailures(messages(failures, Set.of())).build();
          }
          return InvokeResponse.newBuilder()
              .setReturn(Values.write(functions.call(function, arguments)))
              .build();
        });
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> answer) {
    Map<String, Object> news = Values.read(request.getNews());
    reply(
        answer,
        Values.secretTexts(news),
        () -> {
          Kind kind = Kinds.of(request.getUrn());
          TypeCheck types = new TypeCheck(kind.gone());
          Map<String, Object> checked =
              kind.complete(types.check(PackageSchema.get().inputs(kind.name()), news));
          if (checked.get("name") == null) {
            Object before =
                request.hasOlds() ? Values.plain(Values.read(request.getOlds())).get("name") : null;
            checked.put(
                "name",
                before == null ? Owner.of(settings.owner(), request.getUrn()).autoName() : before);
          }
          List<Failure> failures = new ArrayList<>(types.failures());
          if (failures.isEmpty()) {
            Rules rules = new Rules(checked);
            kind.check(rules);
            failures.addAll(rules.failures());
          }
          return CheckResponse.newBuilder()
              .setInputs(Values.write(Lifecycle.marked(kind, checked)))
              .addAllFailures(messages(failures, Values.secretTexts(news)))
              .build();
        });
  }

  @Override
  public void diff(DiffRequest request, StreamObserver<DiffResponse> answer) {
    Map<String, Object> news = Values.read(request.getNews());
    reply(
        answer,
        Values.secretTexts(news),
        () -> {
          Kind kind = Kinds.of(request.getUrn());
          known.add(request.getUrn(), request.getId());
          Map<String, Object> state = Values.plain(Values.read(request.getOlds()));
          Map<String, Object> wanted = Values.plain(news);
          List<Change> changes =
              Change.between(
                  wanted,
                  state,
                  Values.plain(Values.read(request.getOldInputs())),
                  request.getIgnoreChangesList());
          return difference(kind, request.getId(), changes, wanted, state);
        });
  }

  private static DiffResponse difference(
      Kind kind,
      String id,
      List<Change> changes,
      Map<String, Object> wanted,
      Map<String, Object> state) {
    DiffResponse.Builder response = DiffResponse.newBuilder().setHasDetailedDiff(true);
    Set<String> properties = new TreeSet<>();
    Set<String> replaces = new TreeSet<>();
    for (Change change : changes) {
      boolean replace = Replacement.needed(kind, change, state);
      properties.add(change.property());
      if (replace) {
        replaces.add(change.property());
      }
      response.putDetailedDiff(
          change.path(), PropertyDiff.newBuilder().setKind(diffKind(change, replace)).build());
    }
    if (replaces.isEmpty()) {
      Optional<String> refusal = kind.refusal(id, changes);
      if (refusal.isPresent()) {
        throw new ProviderException(refusal.get());
      }
    }
    return response
        .setChanges(
            changes.isEmpty()
                ? DiffResponse.DiffChanges.DIFF_NONE
                : DiffResponse.DiffChanges.DIFF_SOME)
        .addAllDiffs(properties)
        .addAllReplaces(replaces)
        .setDeleteBeforeReplace(!replaces.isEmpty() && kind.deleteBeforeReplace(wanted, state))
        .build();
  }

  private static PropertyDiff.Kind diffKind(Change change, boolean replace) {
    if (change.before() == null) {
      return replace ? PropertyDiff.Kind.ADD_REPLACE : PropertyDiff.Kind.ADD;
    }
    if (change.after() == null) {
      return replace ? PropertyDiff.Kind.DELETE_REPLACE : PropertyDiff.Kind.DELETE;
    }
    return replace ? PropertyDiff.Kind.UPDATE_REPLACE : PropertyDiff.Kind.UPDATE;
  }

  @Override
  public void create(CreateRequest request, StreamObserver<CreateResponse> answer) {
    Map<String, Object> inputs = Values.read(request.getProperties());
    reply(
        answer,
        Values.secretTexts(inputs),
        inputs,
        () -> {
          Kind kind = Kinds.of(request.getUrn());
          if (request.getPreview()) {
            return CreateResponse.newBuilder()
                .setProperties(Values.write(foreseen(kind, inputs, Map.of())))
                .build();
          }
          Lifecycle.Made made =
              lifecycle.create(kind, request.getUrn(), inputs, timeout(request.getTimeout()));
          return CreateResponse.newBuilder()
              .setId(made.id())
              .setProperties(Values.write(made.outputs()))
              .build();
        });
  }

  /** What is known before something is done: inputs, and what stays of the state. */
  private static Map<String, Object> foreseen(
      Kind kind, Map<String, Object> inputs, Map<String, Object> state) {
    Map<String, Object> outputs = new LinkedHashMap<>(inputs);
    Set<String> inputNames = PackageSchema.get().inputs(kind.name()).properties().keySet();
    for (String output : PackageSchema.get().outputs(kind.name()).properties().keySet()) {
      if (!inputNames.contains(output)) {
        outputs.put(output, state.getOrDefault(output, Values.Unknown.UNKNOWN));
      }
    }
    outputs.putAll(kind.foreseen(Values.plain(inputs)));
    return Lifecycle.marked(kind, outputs);
  }

  @Override
  public void read(ReadRequest request, StreamObserver<ReadResponse> answer) {
    Map<String, Object> inputs = Values.read(request.getInputs());
    Map<String, Object> state = Values.read(request.getProperties());
    Set<String> secrets = new TreeSet<>(Values.secretTexts(inputs));
    secrets.addAll(Values.secretTexts(state));
    reply(
        answer,
        secrets,
        () -> {
          Kind kind = Kinds.of(request.getUrn());
          known.add(request.getUrn(), request.getId());
          var live = lifecycle.read(kind, request.getId());
          if (live.isEmpty()) {
            return ReadResponse.getDefaultInstance();
          }
          Map<String, Object> known = new LinkedHashMap<>(Values.plain(state));
          known.putAll(Values.plain(inputs));
          Map<String, Object> form = kind.inputForm(live.get(), known);
          Map<String, Object> now;
          if (inputs.isEmpty()) {
            // An import: environment variables may hold secrets, and nobody said which.
            now = new LinkedHashMap<>(form);
            now.computeIfPresent("env", (name, env) -> new Values.Secret(env));
          } else {
            now = Values.markLike(Change.restrict(form, Values.plain(inputs)), inputs);
            kind.remark(live.get(), Values.plain(inputs))
                .ifPresent(remark -> log.warn(request.getUrn(), remark));
          }
          return ReadResponse.newBuilder()
              .setId(request.getId())
              .setInputs(Values.write(Lifecycle.marked(kind, now)))
              .setProperties(Values.write(lifecycle.outputs(kind, live.get(), now)))
              .build();
        });
  }

  @Override
  public void update(UpdateRequest request, StreamObserver<UpdateResponse> answer) {
    Map<String, Object> news = Values.read(request.getNews());
    Map<String, Object> olds = Values.read(request.getOlds());
    Set<String> secrets = new TreeSet<>(Values.secretTexts(news));
    secrets.addAll(Values.secretTexts(olds));
    reply(
        answer,
        secrets,
        news,
        () -> {
          Kind kind = Kinds.of(request.getUrn());
          if (request.getPreview()) {
            return UpdateResponse.newBuilder()
                .setProperties(Values.write(foreseen(kind, news, olds)))
                .build();
          }
          List<Change> changes =
              Change.between(
                  Values.plain(news),
                  Values.plain(olds),
                  Values.plain(Values.read(request.getOldInputs())),
                  request.getIgnoreChangesList());
          Lifecycle.Made made =
              lifecycle.update(
                  kind,
                  request.getUrn(),
                  request.getId(),
                  changes,
                  news,
                  timeout(request.getTimeout()));
          return UpdateResponse.newBuilder().setProperties(Values.write(made.outputs())).build();
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<Empty> answer) {
    Map<String, Object> state = Values.read(request.getProperties());
    reply(
        answer,
        Values.secretTexts(state),
        () -> {
          Kind kind = Kinds.of(request.getUrn());
          known.add(request.getUrn(), request.getId());
          try {
            lifecycle.delete(kind, request.getId(), Values.plain(state));
          } catch (Lifecycle.NotReplacedException stays) {
            // The state has it as the new one; an error would make it try again and again.
            log.warn(request.getUrn(), stays.getMessage());
          }
          return Empty.getDefaultInstance();
        });
  }

  private static Optional<Duration> timeout(double seconds) {
    return seconds > 0 ? Optional.of(Duration.ofMillis((long) (seconds * 1000))) : Optional.empty();
  }

  private static Map<String, Object> withoutEngineKeys(Map<String, Object> settings) {
    Map<String, Object> own = new LinkedHashMap<>(settings);
    own.keySet().removeIf(name -> name.equals("version") || name.equals("pluginDownloadURL"));
    own.keySet().removeIf(name -> name.startsWith("__"));
    return own;
  }

  private List<CheckFailure> messages(List<Failure> failures, Set<String> secrets) {
    return failures.stream()
        .map(
            failure ->
                CheckFailure.newBuilder()
                    .setProperty(failure.property())
                    .setReason(redacted(failure.reason(), secrets))
                    .build())
        .toList();
  }

  private <T> void reply(StreamObserver<T> answer, Set<String> secrets, Supplier<T> work) {
    reply(answer, secrets, Map.of(), work);
  }

  /** An exception that got out would show as an error without a word. */
  private <T> void reply(
      StreamObserver<T> answer, Set<String> secrets, Map<String, Object> inputs, Supplier<T> work) {
    T result;
    try {
      result = work.get();
    } catch (Lifecycle.PartialException partial) {
      String message = redacted(partial.getMessage(), secrets);
      answer.onError(
          StatusProto.toStatusRuntimeException(
              status(message)
                  .addDetails(
                      Any.pack(
                          ErrorResourceInitFailed.newBuilder()
                              .setId(partial.made().id())
                              .setProperties(Values.write(partial.made().outputs()))
                              .setInputs(Values.write(inputs))
                              .addReasons(message)
                              .build()))
                  .build()));
      return;
    } catch (ProviderException problem) {
      fail(answer, redacted(problem.getMessage(), secrets));
      return;
    } catch (RuntimeException bug) {
      fail(
          answer,
          redacted(
              "a fault of the provider: " + bug + " at " + place(bug) + "; please report it",
              secrets));
      return;
    }
    answer.onNext(result);
    answer.onCompleted();
  }

  private static <T> void fail(StreamObserver<T> answer, String message) {
    answer.onError(StatusProto.toStatusRuntimeException(status(message).build()));
  }

  private static com.google.rpc.Status.Builder status(String message) {
    return com.google.rpc.Status.newBuilder()
        .setCode(Status.Code.UNKNOWN.value())
        .setMessage(message);
  }

  private static String place(RuntimeException bug) {
    return bug.getStackTrace().length > 0 ? bug.getStackTrace()[0].toString() : "an unknown place";
  }

  /** A short secret is hidden where it stands alone, so that messages stay readable. */
  private String redacted(String message, Set<String> secrets) {
    String shown = message;
    Set<String> hidden = new TreeSet<>(secrets);
    hidden.add(settings.apiKey());
    for (String secret : hidden) {
      if (secret.length() >= LONG_SECRET) {
        shown = shown.replace(secret, "[secret]");
      } else if (!secret.isEmpty()) {
        shown =
            shown.replaceAll(
                "(?<![A-Za-z0-9])" + Pattern.quote(secret) + "(?![A-Za-z0-9])", "[secret]");
      }
    }
    return shown;
  }
}
