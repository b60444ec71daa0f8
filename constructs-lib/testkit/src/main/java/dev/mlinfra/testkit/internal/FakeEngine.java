package dev.mlinfra.testkit.internal;

import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import pulumirpc.EngineGrpc;
import pulumirpc.EngineOuterClass.GetRootResourceRequest;
import pulumirpc.EngineOuterClass.GetRootResourceResponse;
import pulumirpc.EngineOuterClass.LogRequest;
import pulumirpc.EngineOuterClass.LogSeverity;
import pulumirpc.EngineOuterClass.RequirePulumiVersionRequest;
import pulumirpc.EngineOuterClass.RequirePulumiVersionResponse;
import pulumirpc.EngineOuterClass.SetRootResourceRequest;
import pulumirpc.EngineOuterClass.SetRootResourceResponse;
import pulumirpc.Resource.ReadResourceRequest;
import pulumirpc.Resource.ReadResourceResponse;
import pulumirpc.Resource.RegisterPackageRequest;
import pulumirpc.Resource.RegisterPackageResponse;
import pulumirpc.Resource.RegisterResourceOutputsRequest;
import pulumirpc.Resource.RegisterResourceRequest;
import pulumirpc.Resource.RegisterResourceResponse;
import pulumirpc.Resource.ResourceInvokeRequest;
import pulumirpc.Resource.ResourceInvokeResponse;
import pulumirpc.Resource.SupportsFeatureRequest;
import pulumirpc.Resource.SupportsFeatureResponse;
import pulumirpc.ResourceMonitorGrpc;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The side of Pulumi's engine that a program talks to. It makes nothing: a resource gets its inputs
 * back, and what was asked for is kept as the CLI would write it. Serves 127.0.0.1 only.
 */
public final class FakeEngine implements AutoCloseable {
  private static final String STACK_TYPE = "pulumi:pulumi:Stack";

  /** What this engine does; the SDK asks before it uses it. */
  private static final Set<String> FEATURES =
      Set.of("secrets", "resourceReferences", "aliasSpecs", "deletedWith");

  /**
   * What the engine knows before the program starts.
   *
   * @param outputs by type of resource, what its provider would answer besides the inputs
   * @param functions by token, what a function gives
   */
  public record World(
      String project,
      String stack,
      boolean preview,
      Map<String, Map<String, Object>> outputs,
      Map<String, Map<String, Object>> functions) {}

  private final World world;
  private final Map<String, ObjectNode> states = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, String> packages = Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
  private final Server server;

  /** Starts it on a free port. */
  public FakeEngine(World world) {
    this.world = world;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Monitor())
            .addService(new Log())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where both the engine and the monitor are. */
  public String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** What the program reported as errors. */
  public List<String> errors() {
    synchronized (errors) {
      return List.copyOf(errors);
    }
  }

  /** What {@code pulumi preview --json} or {@code pulumi stack export} would write. */
  public String json() {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    synchronized (states) {
      if (world.preview()) {
        ArrayNode steps = root.putArray("steps");
        states.forEach(
            (urn, state) ->
                steps.addObject().put("op", "create").put("urn", urn).set("newState", state));
      } else {
        ArrayNode resources = root.put("version", 3).putObject("deployment").putArray("resources");
        states.values().forEach(resources::add);
      }
    }
    return root.toString();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String urn(String parent, String type, String name) {
    String parentType = parent.isEmpty() ? STACK_TYPE : parent.split("::", 4)[2];
    String qualified = parentType.equals(STACK_TYPE) ? type : parentType + "$" + type;
    return "urn:pulumi:%s::%s::%s::%s".formatted(world.stack(), world.project(), qualified, name);
  }

  private RegisterResourceResponse register(RegisterResourceRequest request) {
    if (request.getRemote()) {
      throw unsupported("the packaged component " + request.getType());
    }
    String urn = urn(request.getParent(), request.getType(), request.getName());
    Struct outputs = outputs(request);
    RegisterResourceResponse.Builder answer =
        RegisterResourceResponse.newBuilder().setUrn(urn).setObject(outputs);
    if (request.getCustom() && !world.preview()) {
      answer.setId(request.getName() + "-id");
    }
    ObjectNode state = state(request, urn, outputs, answer.getId());
    if (states.putIfAbsent(urn, state) != null) {
      throw Status.ALREADY_EXISTS
          .withDescription("two resources have the URN " + urn + ": name one of them differently")
          .asRuntimeException();
    }
    return answer.build();
  }

  /** What exists already is a part of the graph, but none that the program makes. */
  private ReadResourceResponse read(ReadResourceRequest request, Struct outputs) {
    String urn = urn(request.getParent(), request.getType(), request.getName());
    ObjectNode state = JsonMapper.shared().createObjectNode();
    state.put("urn", urn).put("custom", true).put("external", true).put("id", request.getId());
    state.put("type", request.getType());
    state.set("inputs", PulumiJson.of(request.getProperties()));
    state.set("outputs", PulumiJson.of(outputs));
    putText(state, "parent", request.getParent());
    putTexts(state, "dependencies", request.getDependenciesList());
    states.put(urn, state);
    return ReadResourceResponse.newBuilder().setUrn(urn).setProperties(outputs).build();
  }

  private Struct outputs(RegisterResourceRequest request) {
    Struct.Builder outputs = request.getObject().toBuilder();
    if (request.getCustom()) {
      world
          .outputs()
          .getOrDefault(request.getType(), Map.of())
          .forEach(
              (name, value) ->
                  outputs.putFields(
                      name, world.preview() ? PulumiJson.UNKNOWN : PulumiJson.value(value)));
    }
    for (String name : request.getAdditionalSecretOutputsList()) {
      if (outputs.containsFields(name)) {
        outputs.putFields(name, PulumiJson.secret(outputs.getFieldsOrThrow(name)));
      }
    }
    return outputs.build();
  }

  private ObjectNode state(RegisterResourceRequest request, String urn, Struct outputs, String id) {
    ObjectNode state = JsonMapper.shared().createObjectNode();
    state.put("urn", urn).put("custom", request.getCustom());
    putText(state, "id", id);
    state.put("type", request.getType());
    state.set("inputs", PulumiJson.of(request.getObject()));
    state.set("outputs", PulumiJson.of(outputs));
    putText(state, "parent", request.getParent());
    putTexts(state, "dependencies", request.getDependenciesList());
    request
        .getPropertyDependenciesMap()
        .forEach(
            (property, urns) -> {
              if (urns.getUrnsCount() > 0) {
                putTexts(
                    state.withObjectProperty("propertyDependencies"), property, urns.getUrnsList());
              }
            });
    putText(state, "provider", request.getProvider());
    putText(state, "version", packages.getOrDefault(request.getPackageRef(), request.getVersion()));
    putText(state, "pluginDownloadURL", request.getPluginDownloadURL());
    putTexts(state, "additionalSecretOutputs", request.getAdditionalSecretOutputsList());
    putTexts(state, "ignoreChanges", request.getIgnoreChangesList());
    putTexts(state, "replaceOnChanges", request.getReplaceOnChangesList());
    putText(state, "deletedWith", request.getDeletedWith());
    putText(state, "importID", request.getImportId());
    putTexts(state, "aliases", aliases(request));
    if (request.getProtect()) {
      state.put("protect", true);
    }
    if (request.getRetainOnDelete()) {
      state.put("retainOnDelete", true);
    }
    if (request.hasCustomTimeouts()) {
      ObjectNode timeouts = state.putObject("customTimeouts");
      putText(timeouts, "create", request.getCustomTimeouts().getCreate());
      putText(timeouts, "update", request.getCustomTimeouts().getUpdate());
      putText(timeouts, "delete", request.getCustomTimeouts().getDelete());
    }
    return state;
  }

  private static List<String> aliases(RegisterResourceRequest request) {
    List<String> aliases = new ArrayList<>(request.getAliasURNsList());
    request
        .getAliasesList()
        .forEach(
            alias ->
                aliases.add(
                    alias.hasSpec()
                        ? alias.getSpec().toString().strip().replace('\n', ' ')
                        : alias.getUrn()));
    return aliases;
  }

  private static void putText(ObjectNode node, String key, String text) {
    if (!text.isEmpty()) {
      node.put(key, text);
    }
  }

  private static void putTexts(ObjectNode node, String key, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode list = node.putArray(key);
      texts.forEach(list::add);
    }
  }

  private static RuntimeException unsupported(String what) {
    return Status.UNIMPLEMENTED
        .withDescription("PulumiGraph cannot answer for " + what)
        .asRuntimeException();
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
    T value;
    try {
      value = answer.get();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    } catch (RuntimeException e) {
      // Without a description the program would see a failure that says nothing.
      observer.onError(
          Status.INTERNAL.withDescription(e.toString()).withCause(e).asRuntimeException());
      return;
    }
    observer.onNext(value);
    observer.onCompleted();
  }

  private final class Monitor extends ResourceMonitorGrpc.ResourceMonitorImplBase {
    @Override
    public void supportsFeature(
        SupportsFeatureRequest request, StreamObserver<SupportsFeatureResponse> observer) {
      answer(
          observer,
          () ->
              SupportsFeatureResponse.newBuilder()
                  .setHasSupport(FEATURES.contains(request.getId()))
                  .build());
    }

    @Override
    public void registerResource(
        RegisterResourceRequest request, StreamObserver<RegisterResourceResponse> observer) {
      answer(observer, () -> register(request));
    }

    @Override
    public void registerResourceOutputs(
        RegisterResourceOutputsRequest request, StreamObserver<Empty> observer) {
      answer(
          observer,
          () -> {
            states.get(request.getUrn()).set("outputs", PulumiJson.of(request.getOutputs()));
            return Empty.getDefaultInstance();
          });
    }

    @Override
    public void registerPackage(
        RegisterPackageRequest request, StreamObserver<RegisterPackageResponse> observer) {
      answer(
          observer,
          () -> {
            String reference = request.getName() + "@" + request.getVersion();
            packages.put(reference, request.getVersion());
            return RegisterPackageResponse.newBuilder().setRef(reference).build();
          });
    }

    @Override
    public void readResource(
        ReadResourceRequest request, StreamObserver<ReadResourceResponse> observer) {
      answer(
          observer,
          () -> {
            Map<String, Object> known = world.outputs().get(request.getType());
            if (known == null) {
              throw unsupported(
                  "the existing "
                      + request.getType()
                      + " '"
                      + request.getId()
                      + "': say its outputs with output(\""
                      + request.getType()
                      + "\", name, value)");
            }
            Struct.Builder properties = request.getProperties().toBuilder();
            known.forEach((name, value) -> properties.putFields(name, PulumiJson.value(value)));
            return read(request, properties.build());
          });
    }

    @Override
    public void invoke(
        ResourceInvokeRequest request, StreamObserver<ResourceInvokeResponse> observer) {
      answer(
          observer,
          () -> {
            Map<String, Object> result = world.functions().get(request.getTok());
            if (result == null) {
              throw unsupported(
                  "the function "
                      + request.getTok()
                      + ": say what it gives with function(\""
                      + request.getTok()
                      + "\", result)");
            }
            Value value = PulumiJson.value(result);
            return ResourceInvokeResponse.newBuilder().setReturn(value.getStructValue()).build();
          });
    }

    @Override
    public void signalAndWaitForShutdown(Empty request, StreamObserver<Empty> observer) {
      answer(observer, Empty::getDefaultInstance);
    }
  }

  private final class Log extends EngineGrpc.EngineImplBase {
    private volatile String root = "";

    @Override
    public void log(LogRequest request, StreamObserver<Empty> observer) {
      answer(
          observer,
          () -> {
            if (request.getSeverity() == LogSeverity.ERROR) {
              errors.add(request.getMessage());
            }
            return Empty.getDefaultInstance();
          });
    }

    @Override
    public void getRootResource(
        GetRootResourceRequest request, StreamObserver<GetRootResourceResponse> observer) {
      answer(observer, () -> GetRootResourceResponse.newBuilder().setUrn(root).build());
    }

    @Override
    public void setRootResource(
        SetRootResourceRequest request, StreamObserver<SetRootResourceResponse> observer) {
      answer(
          observer,
          () -> {
            root = request.getUrn();
            return SetRootResourceResponse.getDefaultInstance();
          });
    }

    @Override
    public void requirePulumiVersion(
        RequirePulumiVersionRequest request,
        StreamObserver<RequirePulumiVersionResponse> observer) {
      answer(observer, RequirePulumiVersionResponse::getDefaultInstance);
    }
  }
}
