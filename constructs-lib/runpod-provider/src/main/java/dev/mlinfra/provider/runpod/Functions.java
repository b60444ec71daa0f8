package dev.mlinfra.provider.runpod;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The functions of the package: what the catalogue lists. */
final class Functions {
  private final RunPodClient client;

  Functions(RunPodClient client) {
    this.client = client;
  }

  /** What is wrong with the arguments of a function. */
  static List<Failure> check(String function, Map<String, Object> arguments) {
    TypeCheck types = new TypeCheck(Map.of());
    Rules rules = new Rules(types.check(PackageSchema.get().arguments(function), arguments));
    rules.oneOf(
        "product",
        function.equals("getGpuTypes")
            ? List.of("POD", "SERVERLESS", "CLUSTER")
            : List.of("POD", "SERVERLESS"));
    List<Failure> failures = new ArrayList<>(types.failures());
    failures.addAll(rules.failures());
    return failures;
  }

  /** The result of a function. */
  Map<String, Object> call(String function, Map<String, Object> arguments) {
    return switch (function) {
      case "getGpuTypes" ->
          list("gpuTypes", "/catalog/gpus" + product(arguments), "gpus", Functions::gpu);
      case "getCpuTypes" ->
          list("cpuTypes", "/catalog/cpus" + product(arguments), "cpus", Functions::cpu);
      case "getDataCenters" ->
          list(
              "dataCenters",
              Boolean.TRUE.equals(arguments.get("gpuAvailability"))
                  ? "/catalog/datacenters?include=GPU_AVAILABILITY"
                  : "/catalog/datacenters",
              "dataCenters",
              Functions::dataCenter);
      default ->
          throw new ProviderException(
              "there is no function '"
                  + function
                  + "'; there are: "
                  + PackageSchema.get().functions());
    };
  }

  private Map<String, Object> list(
      String name, String path, String member, Function<JsonObject, Map<String, Object>> entry) {
    return Map.of(name, client.list(path, member).stream().map(entry).toList());
  }

  private static String product(Map<String, Object> arguments) {
    return arguments.get("product") == null
        ? ""
        : "?include=AVAILABILITY&product=" + arguments.get("product");
  }

  private static Map<String, Object> gpu(JsonObject gpu) {
    Map<String, Object> made =
        Kind.sameForm(
            gpu,
            List.of(
                "id",
                "name",
                "pool",
                "manufacturer",
                "memory",
                "secure",
                "community",
                "availability"));
    put(made, "securePrice", gpu, "price", "secure");
    put(made, "communityPrice", gpu, "price", "community");
    put(made, "serverlessPrice", gpu, "price", "serverless");
    return made;
  }

  private static Map<String, Object> cpu(JsonObject cpu) {
    Map<String, Object> made =
        Kind.sameForm(cpu, List.of("id", "name", "ramGbPerVcpu", "availability"));
    put(made, "minVcpus", cpu, "vcpu", "min");
    put(made, "maxVcpus", cpu, "vcpu", "max");
    put(made, "securePricePerVcpu", cpu, "price", "securePerVcpu");
    put(made, "serverlessPricePerVcpu", cpu, "price", "serverlessPerVcpu");
    return made;
  }

  private static Map<String, Object> dataCenter(JsonObject place) {
    Map<String, Object> made =
        new LinkedHashMap<>(
            Kind.sameForm(
                place,
                List.of(
                    "id", "name", "region", "globalNetwork", "networkVolumeTypes", "compliance")));
    if (place.has("gpuAvailability")) {
      List<Object> free = new ArrayList<>();
      for (JsonElement gpu : place.getAsJsonArray("gpuAvailability")) {
        if (!Kind.text(gpu.getAsJsonObject(), "availability").equals("NONE")) {
          free.add(Kind.text(gpu.getAsJsonObject(), "id"));
        }
      }
      made.put("availableGpus", free);
    }
    return made;
  }

  private static void put(
      Map<String, Object> made, String name, JsonObject from, String group, String member) {
    Object value =
        from.has(group) ? Values.fromJson(from.getAsJsonObject(group).get(member)) : null;
    if (value != null) {
      made.put(name, value);
    }
  }
}
