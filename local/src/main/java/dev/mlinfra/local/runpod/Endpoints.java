package dev.mlinfra.local.runpod;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Serverless endpoints: their workers are scaled down when nobody asks them for days. */
final class Endpoints extends Resources {
  private static final Duration FEWER = Duration.ofDays(3);
  private static final Duration NONE = Duration.ofDays(7);
  private static final int FEW = 2;

  private final Account account;
  private final Map<String, Instant> lastUse = new LinkedHashMap<>();
  private final Map<String, String> templates = new LinkedHashMap<>();

  Endpoints(Account account) {
    super("endpoint", "endpoints");
    this.account = account;
  }

  @Override
  String create(ObjectNode body) {
    if (body.has("gpu") == body.has("cpu")) {
      throw Refusal.badRequest("exactly one of gpu and cpu must be set");
    }
    ObjectNode template = account.template(body, true);
    checkGpu(body);
    checkVolumes(body);
    account.requireRegistry(body);
    String id = account.newId();
    String type = body.get("type").stringValue();
    ObjectNode endpoint = JSON.createObjectNode().put("id", id).put("type", type);
    endpoint.set("name", body.get("name"));
    endpoint.setAll(container(body, template));
    if (body.has("gpu")) {
      ObjectNode gpu = body.get("gpu").deepCopy().asObject();
      if (!gpu.has("count")) {
        gpu.put("count", 1);
      }
      if (!gpu.has("allowedCudaVersions")) {
        gpu.putArray("allowedCudaVersions");
      }
      if (!gpu.has("minCudaVersion")) {
        gpu.putNull("minCudaVersion");
      }
      endpoint.set("gpu", gpu);
    } else {
      endpoint.set("cpu", cpus(body));
    }
    ObjectNode workers = endpoint.putObject("workers").put("min", 0).put("max", 3);
    boolean byRequests = byRequests(type, body.get("scaling"));
    if (!byRequests) {
      workers.put("idleTimeout", 10);
    }
    endpoint.set("scaling", body.get("scaling"));
    mergeWorkers(endpoint, body);
    endpoint.set("dataCenterIds", or(body, "dataCenterIds", JSON::createArrayNode));
    endpoint.set("networkVolumes", or(body, "networkVolumes", JSON::createArrayNode));
    // What was seen of the vendor; its schema says 300000.
    endpoint.set("timeout", or(body, "timeout", () -> JSON.getNodeFactory().numberNode(0)));
    endpoint.set("flashboot", or(body, "flashboot", () -> JSON.getNodeFactory().stringNode("OFF")));
    endpoint.set("requestUrls", urls(id, type));
    Instant now = account.clock.instant();
    endpoint.put("createdAt", now.toString());
    lastUse.put(id, now);
    if (body.has("templateId")) {
      templates.put(id, body.get("templateId").stringValue());
    }
    stored.put(id, endpoint);
    return id;
  }

  @Override
  void update(String id, ObjectNode body) {
    ObjectNode endpoint = require(id);
    if ((body.has("gpu") && !endpoint.has("gpu")) || (body.has("cpu") && !endpoint.has("cpu"))) {
      throw Refusal.badRequest("the compute family of an endpoint cannot be changed");
    }
    checkVolumes(body);
    account.requireRegistry(body);
    if (body.has("scaling")) {
      if (endpoint.get("type").stringValue().equals("LOAD_BALANCER")
          && !body.get("scaling").get("type").stringValue().equals("REQUEST_COUNT")) {
        throw Refusal.badRequest("load balancers scale by REQUEST_COUNT");
      }
      endpoint.set("scaling", body.get("scaling"));
    }
    mergeWorkers(endpoint, body);
    if (body.has("gpu")) {
      ObjectNode gpu = (ObjectNode) endpoint.get("gpu");
      checkPools(body.get("gpu"), gpu);
      if (body.get("gpu").has("pools")) {
        gpu.remove("excludedTypes");
      }
      gpu.setAll(body.get("gpu").asObject());
      if (gpu.get("minCudaVersion").asString("").isEmpty()) {
        gpu.putNull("minCudaVersion");
      }
    }
    if (body.has("cpu")) {
      endpoint.set("cpu", cpus(body));
    }
    if (body.has("templateId")) {
      endpoint.setAll(container(body, account.template(body, true)));
      templates.put(id, body.get("templateId").stringValue());
    }
    merge(
        endpoint,
        body,
        List.of(
            "name",
            "image",
            "args",
            "disk",
            "ports",
            "env",
            "registry",
            "dataCenterIds",
            "networkVolumes",
            "timeout",
            "flashboot"));
  }

  @Override
  void beforeDelete(String id) {
    lastUse.remove(id);
    templates.remove(id);
  }

  @Override
  ObjectNode view(String id) {
    ObjectNode workers = (ObjectNode) require(id).get("workers");
    Duration idle = Duration.between(lastUse.get(id), account.clock.instant());
    int most = idle.compareTo(NONE) >= 0 ? 0 : idle.compareTo(FEWER) >= 0 ? FEW : Integer.MAX_VALUE;
    workers.put("max", Math.min(workers.get("max").intValue(), most));
    workers.put("min", Math.min(workers.get("min").intValue(), workers.get("max").intValue()));
    return super.view(id);
  }

  boolean mounts(String volume) {
    for (ObjectNode endpoint : stored.values()) {
      for (JsonNode mounted : endpoint.get("networkVolumes")) {
        if (mounted.stringValue().equals(volume)) {
          return true;
        }
      }
    }
    return false;
  }

  boolean madeFrom(String template) {
    return templates.containsValue(template);
  }

  private void mergeWorkers(ObjectNode endpoint, ObjectNode body) {
    boolean byRequests = byRequests(endpoint.get("type").stringValue(), endpoint.get("scaling"));
    ObjectNode workers = (ObjectNode) endpoint.get("workers");
    if (body.get("workers") instanceof ObjectNode wanted) {
      if (byRequests && wanted.has("idleTimeout")) {
        throw Refusal.unprocessable(
            List.of("/workers/idleTimeout: not with scaling by REQUEST_COUNT on a QUEUE endpoint"));
      }
      workers.setAll(wanted);
      if (workers.get("min").intValue() > workers.get("max").intValue()) {
        throw Refusal.badRequest("workers.min must not exceed workers.max");
      }
      lastUse.computeIfPresent(
          endpoint.get("id").stringValue(), (id, before) -> account.clock.instant());
    }
    if (byRequests) {
      workers.remove("idleTimeout");
    }
  }

  private static boolean byRequests(String type, JsonNode scaling) {
    return type.equals("QUEUE") && scaling.get("type").stringValue().equals("REQUEST_COUNT");
  }

  private ArrayNode cpus(ObjectNode body) {
    ArrayNode cpus = JSON.createArrayNode();
    for (JsonNode cpu : body.get("cpu")) {
      cpus.add(account.cpu((ObjectNode) cpu));
    }
    return cpus;
  }

  private void checkGpu(ObjectNode body) {
    JsonNode gpu = body.path("gpu");
    if (gpu.has("allowedCudaVersions") && gpu.has("minCudaVersion")) {
      throw Refusal.badRequest("gpu.allowedCudaVersions and gpu.minCudaVersion exclude each other");
    }
    checkPools(gpu, gpu);
  }

  private void checkPools(JsonNode gpu, JsonNode before) {
    for (JsonNode pool : gpu.path("pools")) {
      if (!account.catalogue.hasPool(pool.stringValue())) {
        throw Refusal.badRequest("unknown GPU pool " + pool.stringValue());
      }
    }
    for (JsonNode type : gpu.path("excludedTypes")) {
      if (!account.catalogue.hasGpu(type.stringValue())) {
        throw Refusal.badRequest(
            "excluded GPU type "
                + type.stringValue()
                + " is in none of the pools "
                + before.get("pools"));
      }
    }
  }

  private void checkVolumes(ObjectNode body) {
    Set<String> places = new HashSet<>();
    for (JsonNode volume : body.path("networkVolumes")) {
      String place = account.volumePlace(volume.stringValue());
      if (!places.add(place)) {
        throw Refusal.badRequest("two network volumes in data center " + place);
      }
    }
  }

  private ObjectNode urls(String id, String type) {
    ObjectNode urls = JSON.createObjectNode();
    String base = account.jobs + "/v2/" + id;
    if (type.equals("LOAD_BALANCER")) {
      return urls.put("base", base).put("health", base + "/ping");
    }
    return urls.put("run", base + "/run")
        .put("runSync", base + "/runsync")
        .put("status", base + "/status/{job_id}")
        .put("stream", base + "/stream/{job_id}")
        .put("cancel", base + "/cancel/{job_id}")
        .put("retry", base + "/retry/{job_id}")
        .put("purgeQueue", base + "/purge-queue")
        .put("health", base + "/health");
  }
}
