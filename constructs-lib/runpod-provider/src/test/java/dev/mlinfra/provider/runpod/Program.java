package dev.mlinfra.provider.runpod;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Struct;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import pulumirpc.EngineGrpc;
import pulumirpc.EngineOuterClass.SetRootResourceRequest;
import pulumirpc.Resource.RegisterResourceOutputsRequest;
import pulumirpc.Resource.RegisterResourceRequest;
import pulumirpc.Resource.RegisterResourceResponse;
import pulumirpc.Resource.ResourceInvokeRequest;
import pulumirpc.ResourceMonitorGrpc;

/**
 * A Pulumi program for tests: registers the resources of program.json, over the engine's protocol;
 * inputs are written as in {@link References}.
 */
public final class Program {
  private final ResourceMonitorGrpc.ResourceMonitorBlockingStub monitor;
  private final String stack;
  private final Map<String, RegisterResourceResponse> made = new LinkedHashMap<>();

  private Program(ResourceMonitorGrpc.ResourceMonitorBlockingStub monitor, String stack) {
    this.monitor = monitor;
    this.stack = stack;
  }

  /** Runs the program of the folder that it is started in. */
  public static void main(String[] args) throws IOException, InterruptedException {
    ManagedChannel monitors = channel("PULUMI_MONITOR");
    ManagedChannel engines = channel("PULUMI_ENGINE");
    try {
      var monitor = ResourceMonitorGrpc.newBlockingStub(monitors);
      String stack =
          monitor
              .registerResource(
                  RegisterResourceRequest.newBuilder()
                      .setType("pulumi:pulumi:Stack")
                      .setName(
                          System.getenv("PULUMI_PROJECT") + "-" + System.getenv("PULUMI_STACK"))
                      .build())
              .getUrn();
      var unused =
          EngineGrpc.newBlockingStub(engines)
              .setRootResource(SetRootResourceRequest.newBuilder().setUrn(stack).build());
      new Program(monitor, stack)
          .run(JsonParser.parseString(Files.readString(Path.of("program.json"))).getAsJsonObject());
    } finally {
      monitors.shutdown().awaitTermination(5, TimeUnit.SECONDS);
      engines.shutdown().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private static ManagedChannel channel(String variable) {
    return NettyChannelBuilder.forTarget(System.getenv(variable)).usePlaintext().build();
  }

  private void run(JsonObject program) {
    for (JsonElement resource : program.getAsJsonArray("resources")) {
      register(resource.getAsJsonObject());
    }
    Map<String, Object> outputs = new LinkedHashMap<>();
    if (program.has("invoke")) {
      for (JsonElement call : program.getAsJsonArray("invoke")) {
        JsonObject one = call.getAsJsonObject();
        var answer =
            monitor.invoke(
                ResourceInvokeRequest.newBuilder()
                    .setTok(PackageSchema.token(one.get("function").getAsString()))
                    .setArgs(struct(one.getAsJsonObject("args")))
                    .setVersion(PackageSchema.get().version())
                    .build());
        outputs.put(one.get("function").getAsString(), Values.read(answer.getReturn()));
      }
    }
    var unused =
        monitor.registerResourceOutputs(
            RegisterResourceOutputsRequest.newBuilder()
                .setUrn(stack)
                .setOutputs(Values.write(outputs))
                .build());
  }

  private void register(JsonObject resource) {
    List<String> dependencies = new ArrayList<>();
    Matcher references = References.REFERENCE.matcher(resource.get("inputs").toString());
    while (references.find()) {
      dependencies.add(made.get(references.group(1)).getUrn());
    }
    RegisterResourceRequest.Builder request =
        RegisterResourceRequest.newBuilder()
            .setType(PackageSchema.token(resource.get("type").getAsString()))
            .setName(resource.get("name").getAsString())
            .setParent(stack)
            .setCustom(true)
            .setObject(struct(resource.getAsJsonObject("inputs")))
            .addAllDependencies(dependencies)
            .setVersion(PackageSchema.get().version())
            .setAcceptSecrets(true);
    if (resource.has("ignoreChanges")) {
      resource
          .getAsJsonArray("ignoreChanges")
          .forEach(path -> request.addIgnoreChanges(path.getAsString()));
    }
    if (resource.has("import")) {
      request.setImportId(resource.get("import").getAsString());
    }
    made.put(resource.get("name").getAsString(), monitor.registerResource(request.build()));
  }

  private Struct struct(JsonObject inputs) {
    return Values.write(Values.map(References.resolve(Values.fromJson(inputs), this::output)));
  }

  private Object output(String name, String output) {
    RegisterResourceResponse resource = made.get(name);
    if (output.equals("id")) {
      return resource.getId().isEmpty() ? Values.Unknown.UNKNOWN : resource.getId();
    }
    Object found = Values.read(resource.getObject()).get(output);
    return found == null ? Values.Unknown.UNKNOWN : found;
  }
}
