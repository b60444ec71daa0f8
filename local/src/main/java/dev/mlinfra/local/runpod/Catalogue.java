package dev.mlinfra.local.runpod;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The machines and places that are listed, from catalogue.json. */
final class Catalogue {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_GPUS = 8;

  private final Map<String, JsonNode> gpus;
  private final Map<String, JsonNode> cpus;
  private final Map<String, JsonNode> dataCenters;

  Catalogue() {
    try (InputStream file = Catalogue.class.getResourceAsStream("catalogue.json")) {
      JsonNode table = JSON.readTree(file);
      gpus = byId(table.get("gpus"));
      cpus = byId(table.get("cpus"));
      dataCenters = byId(table.get("dataCenters"));
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  boolean hasGpu(String id) {
    return gpus.containsKey(id);
  }

  boolean hasCpu(String id) {
    return cpus.containsKey(id);
  }

  boolean hasDataCenter(String id) {
    return dataCenters.containsKey(id);
  }

  Set<String> dataCenters() {
    return dataCenters.keySet();
  }

  /** The ids of the data centers that have network volumes. */
  Set<String> withStorage() {
    return dataCenters.keySet().stream().filter(this::hasStorage).collect(Collectors.toSet());
  }

  boolean hasStorage(String dataCenter) {
    return dataCenters.get(dataCenter).get("storage").booleanValue();
  }

  boolean hasPool(String pool) {
    return gpus.values().stream().anyMatch(gpu -> gpu.path("pool").asString("").equals(pool));
  }

  /** GB of memory of a CPU machine. */
  int memory(String cpu, int vcpus) {
    return cpus.get(cpu).get("ramGbPerVcpu").intValue() * vcpus;
  }

  /** USD an hour of one GPU; 0 where the cloud does not have it. */
  double price(String gpu, String cloud) {
    return gpus.get(gpu).path(cloud.toLowerCase(Locale.ROOT)).asDouble(0);
  }

  boolean offers(String gpu, String cloud) {
    return gpus.get(gpu).has(cloud.toLowerCase(Locale.ROOT));
  }

  /** The answer of /v2/catalog/gpus. */
  ObjectNode gpus(Capacity capacity, boolean availability) {
    ArrayNode list = JSON.createArrayNode();
    for (JsonNode gpu : gpus.values()) {
      String id = gpu.get("id").stringValue();
      ObjectNode entry = list.addObject();
      entry.put("id", id).put("name", id.replace("NVIDIA ", "").replace("GeForce ", ""));
      entry.put("pool", gpu.path("pool").asString(null));
      entry.put("manufacturer", id.startsWith("AMD") ? "AMD" : "NVIDIA");
      entry.set("memory", gpu.get("memory"));
      entry.put("secure", offers(id, "SECURE")).put("community", offers(id, "COMMUNITY"));
      ObjectNode price = entry.putObject("price");
      price.put("secure", price(id, "SECURE")).put("community", price(id, "COMMUNITY"));
      if (gpu.has("serverless")) {
        price.set("serverless", gpu.get("serverless"));
      }
      entry
          .putObject("maxCount")
          .put("secure", offers(id, "SECURE") ? MAX_GPUS : 0)
          .put("community", offers(id, "COMMUNITY") ? MAX_GPUS : 0);
      if (availability) {
        entry.put(
            "availability",
            dataCenters.keySet().stream().anyMatch(place -> capacity.has(id, place))
                ? "HIGH"
                : "NONE");
      }
    }
    return JSON.createObjectNode().set("gpus", list);
  }

  /** The answer of /v2/catalog/cpus. */
  ObjectNode cpus() {
    ArrayNode list = JSON.createArrayNode();
    for (JsonNode cpu : cpus.values()) {
      ObjectNode entry = list.addObject();
      entry.set("id", cpu.get("id"));
      entry.set("name", cpu.get("name"));
      entry.put("group", "CPU");
      entry.putObject("vcpu").put("min", 2).put("max", 32);
      entry.set("ramGbPerVcpu", cpu.get("ramGbPerVcpu"));
      entry.putObject("price").put("securePerVcpu", 0.0).put("serverlessPerVcpu", 0.0);
    }
    return JSON.createObjectNode().set("cpus", list);
  }

  /** The answer of /v2/catalog/datacenters. */
  ObjectNode dataCenters(Capacity capacity, boolean gpuAvailability) {
    ArrayNode list = JSON.createArrayNode();
    for (JsonNode place : dataCenters.values()) {
      String id = place.get("id").stringValue();
      ObjectNode entry = list.addObject();
      entry.put("id", id).put("name", id);
      entry.set("region", place.get("region"));
      entry.put("globalNetwork", false);
      ArrayNode types = entry.putArray("networkVolumeTypes");
      if (hasStorage(id)) {
        types.add("STANDARD");
      }
      entry.putArray("compliance");
      if (gpuAvailability) {
        ArrayNode available = entry.putArray("gpuAvailability");
        for (String gpu : gpus.keySet()) {
          available
              .addObject()
              .put("id", gpu)
              .put("name", gpu)
              .put("availability", capacity.has(gpu, id) ? "HIGH" : "NONE");
        }
      }
    }
    return JSON.createObjectNode().set("dataCenters", list);
  }

  private static Map<String, JsonNode> byId(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .collect(
            Collectors.toMap(
                entry -> entry.get("id").stringValue(),
                entry -> entry,
                (first, second) -> first,
                LinkedHashMap::new));
  }
}
