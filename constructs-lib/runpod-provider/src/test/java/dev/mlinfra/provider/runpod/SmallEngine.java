package dev.mlinfra.provider.runpod;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import pulumirpc.Provider.CheckRequest;
import pulumirpc.Provider.CheckResponse;
import pulumirpc.Provider.ConfigureRequest;
import pulumirpc.Provider.CreateRequest;
import pulumirpc.Provider.DeleteRequest;
import pulumirpc.Provider.DiffRequest;
import pulumirpc.Provider.DiffResponse;
import pulumirpc.Provider.ErrorResourceInitFailed;
import pulumirpc.Provider.ReadRequest;
import pulumirpc.Provider.ReadResponse;
import pulumirpc.Provider.UpdateRequest;

/**
 * The steps of the engine in this JVM: hundreds of runs in the time of one of the real engine.
 *
 * <p>As there, each operation has a provider of its own, a failing step ends the operation, and the
 * state keeps what a step reported before it failed.
 */
final class SmallEngine {
  private final Map<String, String> environment;
  private final Map<String, Object> settings;
  private final RunPodProvider.LifecycleMaker lifecycles;
  private final Map<String, Entry> state = new LinkedHashMap<>();
  private final List<Old> pending = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private RunPodProvider provider;

  /** What the state has of a resource. */
  record Entry(String id, Struct inputs, Struct outputs, boolean failed) {}

  /** What was replaced and is still to be deleted. */
  private record Old(String urn, Entry entry) {}

  /** A step failed; the message is what the user sees. */
  static final class StepException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Optional<Entry> made;

    StepException(String message, Optional<Entry> made) {
      super(message);
      this.made = made;
    }
  }

  SmallEngine(
      String baseUrl, Map<String, Object> settings, RunPodProvider.LifecycleMaker lifecycles) {
    environment = Map.of("RUNPOD_API_KEY", PulumiProject.KEY, "RUNPOD_BASE_URL", baseUrl);
    this.settings = settings;
    this.lifecycles = lifecycles;
  }

  SmallEngine(String baseUrl) {
    this(baseUrl, Map.of(), Lifecycle::new);
  }

  /** The ids that the state has, those that are still to be deleted among them. */
  Set<String> ids() {
    Set<String> ids = new LinkedHashSet<>();
    state.values().forEach(entry -> ids.add(entry.id()));
    pending.forEach(old -> ids.add(old.entry().id()));
    return ids;
  }

  Entry entry(String name) {
    return state.entrySet().stream()
        .filter(one -> one.getKey().endsWith("::" + name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in the state"));
  }

  Map<String, Object> outputs(String name) {
    return Values.plain(Values.read(entry(name).outputs()));
  }

  /** What the provider told the user. */
  List<String> log() {
    return List.copyOf(log);
  }

  /** What an update would do, by name: same, update, replace, create. */
  Map<String, String> preview(String program) {
    start();
    Map<String, String> steps = new LinkedHashMap<>();
    for (JsonElement one : resources(program)) {
      JsonObject resource = one.getAsJsonObject();
      String urn = urn(resource);
      Struct inputs = check(urn, resource);
      Entry old = state.get(urn);
      String step = "create";
      if (old != null) {
        DiffResponse diff = diff(urn, old, inputs, resource);
        step =
            diff.getReplacesCount() > 0
                ? (diff.getDeleteBeforeReplace() ? "delete-replace" : "replace")
                : diff.getChanges() == DiffResponse.DiffChanges.DIFF_SOME ? "update" : "same";
      }
      steps.put(resource.get("name").getAsString(), step);
    }
    return steps;
  }

  /** The paths that differ, with the kind of each difference. */
  Map<String, String> differences(String program, String name) {
    start();
    for (JsonElement one : resources(program)) {
      JsonObject resource = one.getAsJsonObject();
      if (resource.get("name").getAsString().equals(name)) {
        String urn = urn(resource);
        Map<String, String> found = new LinkedHashMap<>();
        diff(urn, state.get(urn), check(urn, resource), resource)
            .getDetailedDiffMap()
            .forEach((path, kind) -> found.put(path, kind.getKind().name()));
        return found;
      }
    }
    throw new AssertionError("no " + name + " in the program");
  }

  void up(String program) {
    start();
    Set<String> wanted = new LinkedHashSet<>();
    for (JsonElement one : resources(program)) {
      JsonObject resource = one.getAsJsonObject();
      String urn = urn(resource);
      wanted.add(urn);
      step(urn, resource, check(urn, resource));
    }
    deletePending();
    List<String> urns = new ArrayList<>(state.keySet());
    Collections.reverse(urns);
    for (String urn : urns) {
      if (!wanted.contains(urn)) {
        delete(urn, state.get(urn));
        state.remove(urn);
      }
    }
  }

  /** Replaces a resource because the user says so: the engine does not ask for differences then. */
  void replace(String program, String name) {
    start();
    for (JsonElement one : resources(program)) {
      JsonObject resource = one.getAsJsonObject();
      if (resource.get("name").getAsString().equals(name)) {
        String urn = urn(resource);
        Entry old = state.remove(urn);
        Struct inputs = check(urn, resource);
        state.put(urn, create(urn, inputs));
        pending.add(new Old(urn, old));
      }
    }
    deletePending();
  }

  void refresh() {
    start();
    for (String urn : List.copyOf(state.keySet())) {
      Entry old = state.get(urn);
      ReadResponse read =
          call(
              provider::read,
              ReadRequest.newBuilder()
                  .setId(old.id())
                  .setUrn(urn)
                  .setInputs(old.inputs())
                  .setProperties(old.outputs())
                  .build());
      if (read.getId().isEmpty()) {
        state.remove(urn);
      } else {
        state.put(urn, new Entry(read.getId(), read.getInputs(), read.getProperties(), false));
      }
    }
  }

  /** Takes a resource into the state that was made outside. */
  Entry importOne(String type, String name, String id) {
    start();
    String urn = urn(type, name);
    ReadResponse read =
        call(provider::read, ReadRequest.newBuilder().setId(id).setUrn(urn).build());
    Entry entry = new Entry(read.getId(), read.getInputs(), read.getProperties(), false);
    state.put(urn, entry);
    return entry;
  }

  void destroy() {
    up("{\"resources\": []}");
  }

  /** Forgets a resource, as when the state was lost. */
  void forget(String name) {
    state.keySet().removeIf(urn -> urn.endsWith("::" + name));
  }

  private void step(String urn, JsonObject resource, Struct inputs) {
    Entry old = state.get(urn);
    if (old == null) {
      state.put(urn, create(urn, inputs));
      return;
    }
    DiffResponse diff = diff(urn, old, inputs, resource);
    if (diff.getReplacesCount() > 0) {
      if (diff.getDeleteBeforeReplace()) {
        delete(urn, old);
        state.remove(urn);
        state.put(urn, create(urn, inputs));
      } else {
        try {
          state.put(urn, create(urn, inputs));
          pending.add(new Old(urn, old));
        } catch (StepException failed) {
          failed.made.ifPresent(made -> pending.add(new Old(urn, old)));
          throw failed;
        }
      }
    } else if (diff.getChanges() == DiffResponse.DiffChanges.DIFF_SOME || old.failed()) {
      var request =
          UpdateRequest.newBuilder()
              .setId(old.id())
              .setUrn(urn)
              .setOlds(old.outputs())
              .setOldInputs(old.inputs())
              .setNews(inputs)
              .addAllIgnoreChanges(ignored(resource))
              .build();
      try {
        Struct outputs = call(provider::update, request).getProperties();
        state.put(urn, new Entry(old.id(), inputs, outputs, false));
      } catch (StepException failed) {
        failed.made.ifPresent(made -> state.put(urn, made));
        throw failed;
      }
    } else {
      state.put(urn, new Entry(old.id(), inputs, old.outputs(), false));
    }
  }

  private Entry create(String urn, Struct inputs) {
    try {
      var made =
          call(
              provider::create,
              CreateRequest.newBuilder().setUrn(urn).setProperties(inputs).build());
      if (made.getId().isEmpty()) {
        throw new AssertionError("made " + urn + " without an id");
      }
      return new Entry(made.getId(), inputs, made.getProperties(), false);
    } catch (StepException failed) {
      failed.made.ifPresent(entry -> state.put(urn, entry));
      throw failed;
    }
  }

  private void delete(String urn, Entry entry) {
    var unused =
        call(
            provider::delete,
            DeleteRequest.newBuilder()
                .setId(entry.id())
                .setUrn(urn)
                .setProperties(entry.outputs())
                .build());
  }

  private void deletePending() {
    for (Old old : List.copyOf(pending)) {
      delete(old.urn(), old.entry());
      pending.remove(old);
    }
  }

  private Struct check(String urn, JsonObject resource) {
    Map<String, Object> inputs =
        Values.map(References.resolve(Values.fromJson(resource.get("inputs")), this::output));
    CheckRequest.Builder request =
        CheckRequest.newBuilder().setUrn(urn).setNews(Values.write(inputs));
    if (state.containsKey(urn)) {
      request.setOlds(state.get(urn).inputs());
    }
    CheckResponse checked = call(provider::check, request.build());
    if (checked.getFailuresCount() > 0) {
      throw new StepException(checked.getFailuresList().toString(), Optional.empty());
    }
    return checked.getInputs();
  }

  private DiffResponse diff(String urn, Entry old, Struct inputs, JsonObject resource) {
    return call(
        provider::diff,
        DiffRequest.newBuilder()
            .setId(old.id())
            .setUrn(urn)
            .setOlds(old.outputs())
            .setOldInputs(old.inputs())
            .setNews(inputs)
            .addAllIgnoreChanges(ignored(resource))
            .build());
  }

  private static List<String> ignored(JsonObject resource) {
    List<String> paths = new ArrayList<>();
    if (resource.has("ignoreChanges")) {
      resource.getAsJsonArray("ignoreChanges").forEach(path -> paths.add(path.getAsString()));
    }
    return paths;
  }

  private Object output(String name, String output) {
    return output.equals("id") ? entry(name).id() : outputs(name).get(output);
  }

  private void start() {
    provider =
        new RunPodProvider(Optional.of("engine"), address -> new Told(), environment, lifecycles);
    var unused =
        call(
            provider::configure,
            ConfigureRequest.newBuilder().setArgs(Values.write(settings)).build());
  }

  void cancel() {
    var unused = call(provider::cancel, Empty.getDefaultInstance());
  }

  private static Iterable<JsonElement> resources(String program) {
    return JsonParser.parseString(program).getAsJsonObject().getAsJsonArray("resources");
  }

  private static String urn(JsonObject resource) {
    return urn(resource.get("type").getAsString(), resource.get("name").getAsString());
  }

  static String urn(String type, String name) {
    return "urn:pulumi:dev::trained::" + PackageSchema.token(type) + "::" + name;
  }

  /** What a method of the provider answers; an error becomes an exception. */
  static <Q, A> A call(BiConsumer<Q, StreamObserver<A>> method, Q request) {
    List<A> answers = new ArrayList<>();
    List<Throwable> errors = new ArrayList<>();
    method.accept(
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(A answer) {
            answers.add(answer);
          }

          @Override
          public void onError(Throwable error) {
            errors.add(error);
          }

          @Override
          public void onCompleted() {}
        });
    if (!errors.isEmpty()) {
      throw step(StatusProto.fromThrowable(errors.get(0)));
    }
    return answers.get(0);
  }

  private static StepException step(Status status) {
    try {
      Optional<Entry> made = Optional.empty();
      if (status.getDetailsCount() > 0) {
        var partial = status.getDetails(0).unpack(ErrorResourceInitFailed.class);
        made =
            Optional.of(
                new Entry(partial.getId(), partial.getInputs(), partial.getProperties(), true));
      }
      return new StepException(status.getMessage(), made);
    } catch (InvalidProtocolBufferException problem) {
      throw new AssertionError(problem);
    }
  }

  private final class Told implements EngineLog {
    @Override
    public void info(String urn, String message) {
      log.add("info: " + message);
    }

    @Override
    public void warn(String urn, String message) {
      log.add("warning: " + message);
    }
  }
}
