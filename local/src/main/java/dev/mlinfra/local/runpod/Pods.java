package dev.mlinfra.local.runpod;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods: they are placed, start after a while, and cost money until they are stopped. */
final class Pods extends Resources {
  private static final double MILLIS_AN_HOUR = 3_600_000.0;

  private final Account account;
  private final Map<String, Life> lives = new LinkedHashMap<>();
  private final Map<String, Double> billed = new LinkedHashMap<>();

  /** How busy pods are. */
  final Map<String, Utilization> utilization = new HashMap<>();

  /** In percent. */
  record Utilization(int gpu, int cpu) {}

  /** Images whose containers do not start. */
  final Set<String> broken = new HashSet<>();

  /** What changes in a pod by itself. */
  private static final class Life {
    String template;
    Instant started;
    Instant settled;
    boolean stopped;
  }

  Pods(Account account) {
    super("pod", "pods");
    this.account = account;
  }

  @Override
  String create(ObjectNode body) {
    if (body.has("gpu") == body.has("cpu")) {
      throw Refusal.badRequest("exactly one of gpu and cpu must be set");
    }
    ObjectNode template = account.template(body, false);
    ObjectNode mounts =
        (ObjectNode) or(body, "mounts", () -> or(template, "mounts", JSON::createObjectNode));
    String cloud = body.path("cloud").asString("SECURE");
    checkMounts(body, mounts, cloud);
    checkGpu(body, cloud);
    account.requireRegistry(body);
    account.requireBalance();
    String place = place(body, mounts);

    String id = account.newId();
    ObjectNode pod = JSON.createObjectNode().put("id", id);
    pod.set("name", body.get("name"));
    pod.setAll(container(body, template));
    ObjectNode env = (ObjectNode) pod.get("env");
    if (body.path("startJupyter").asBoolean(false) && !env.has("JUPYTER_PASSWORD")) {
      env.put("JUPYTER_PASSWORD", account.newId());
    }
    if (body.path("startSsh").asBoolean(false) && !env.has("PUBLIC_KEY")) {
      env.put("PUBLIC_KEY", "ssh-ed25519 emulated");
    }
    pod.set("mounts", mounts);
    if (body.has("gpu")) {
      ObjectNode gpu = pod.putObject("gpu");
      gpu.set("id", body.get("gpu").get("id"));
      gpu.put("count", body.get("gpu").path("count").asInt(1));
    } else {
      pod.set("cpu", account.cpu((ObjectNode) body.get("cpu")));
    }
    pod.put("cloud", cloud).put("dataCenterId", place).putNull("cudaVersion").putNull("template");
    pod.put("locked", false);
    pod.putObject("globalNetworking")
        .put("enabled", body.path("globalNetworking").asBoolean(false));
    Instant now = account.clock.instant();
    pod.put("createdAt", now.toString());
    Life life = new Life();
    life.template = body.path("templateId").asString(null);
    life.started = now;
    life.settled = now;
    lives.put(id, life);
    stored.put(id, pod);
    billed.put(id, 0.0);
    return id;
  }

  @Override
  void update(String id, ObjectNode body) {
    ObjectNode pod = require(id);
    account.requireRegistry(body);
    JsonNode mounts = body.path("mounts");
    for (String kind : List.of("persistent", "network")) {
      if (mounts.has(kind) && !pod.get("mounts").has(kind)) {
        throw Refusal.badRequest("a " + kind + " mount cannot be added to a pod");
      }
    }
    if (mounts.has("network")) {
      JsonNode wanted = mounts.get("network");
      JsonNode mounted = pod.get("mounts").get("network");
      if (wanted.isEmpty()
          || !wanted.get(0).get("volumeId").equals(mounted.get(0).get("volumeId"))) {
        throw Refusal.badRequest("the network volume of a pod cannot be changed");
      }
    }
    if (!mounts.isEmpty()) {
      pod.set("mounts", mounts);
    }
    if (body.has("templateId")) {
      pod.setAll(container(body, account.template(body, false)));
      lives.get(id).template = body.get("templateId").stringValue();
    }
    merge(
        pod, body, List.of("name", "image", "args", "disk", "ports", "env", "registry", "locked"));
    if (body.has("globalNetworking")) {
      ((ObjectNode) pod.get("globalNetworking")).set("enabled", body.get("globalNetworking"));
    }
  }

  @Override
  void beforeDelete(String id) {
    if (require(id).get("locked").booleanValue()) {
      throw Refusal.of(409, "pod " + id + " is locked");
    }
    settle(id);
    lives.remove(id);
  }

  /** Starts, stops, restarts or ends a pod. */
  void act(String id, String action) {
    ObjectNode pod = require(id);
    boolean allowed = false;
    for (JsonNode possible : view(id).get("actions")) {
      allowed |= possible.stringValue().equals(action);
    }
    if (!allowed || (pod.get("locked").booleanValue() && !action.equals("start"))) {
      throw Refusal.of(409, "action " + action + " is not valid for pod " + id);
    }
    settle(id);
    Life life = lives.get(id);
    switch (action) {
      case "stop" -> life.stopped = true;
      case "terminate" -> delete(id);
      default -> {
        life.stopped = false;
        life.started = account.clock.instant();
      }
    }
  }

  @Override
  ObjectNode view(String id) {
    ObjectNode pod = super.view(id);
    Life life = lives.get(id);
    String status = status(pod, life);
    pod.put("status", status);
    ArrayNode actions = pod.putArray("actions");
    switch (status) {
      case "RUNNING" -> actions.add("stop").add("restart").add("terminate");
      case "EXITED", "ERROR" -> actions.add("start").add("terminate");
      default -> actions.add("stop").add("terminate");
    }
    pod.put("cost", life.stopped ? 0 : perHour(pod));
    pod.put("startedAt", life.stopped ? null : life.started.toString());
    pod.putObject("ssh").putNull("proxy").putNull("direct");
    if (status.equals("RUNNING")) {
      long uptime = Duration.between(life.started, account.clock.instant()).toSeconds();
      ObjectNode runtime = pod.putObject("runtime");
      runtime.put("uptime", (int) Math.min(uptime, Integer.MAX_VALUE));
      Utilization busy = utilization.get(id);
      if (busy != null) {
        runtime.putArray("gpus").addObject().put("util", busy.gpu()).put("memoryUtil", busy.gpu());
        runtime.putObject("cpu").put("util", busy.cpu());
      }
    } else {
      pod.putNull("runtime");
    }
    return pod;
  }

  /** USD so far by id, those that are gone included. */
  Map<String, Double> spent() {
    lives.keySet().forEach(this::settle);
    return Map.copyOf(billed);
  }

  boolean mounts(String volume) {
    return stored.values().stream()
        .anyMatch(
            pod ->
                pod.get("mounts")
                    .path("network")
                    .path(0)
                    .path("volumeId")
                    .asString("")
                    .equals(volume));
  }

  boolean madeFrom(String template) {
    return lives.values().stream().anyMatch(life -> template.equals(life.template));
  }

  boolean pullsWith(String registry) {
    return stored.values().stream()
        .anyMatch(pod -> pod.get("registry").asString("").equals(registry));
  }

  private String status(ObjectNode pod, Life life) {
    if (life.stopped) {
      return "EXITED";
    }
    Duration age = Duration.between(life.started, account.clock.instant());
    if (age.compareTo(account.provisioning) < 0) {
      return "PROVISIONING";
    }
    if (age.compareTo(account.provisioning.multipliedBy(2)) < 0) {
      return "STARTING";
    }
    return broken.contains(pod.get("image").asString("")) ? "ERROR" : "RUNNING";
  }

  private void settle(String id) {
    Life life = lives.get(id);
    Instant now = account.clock.instant();
    if (!life.stopped) {
      double hours = Duration.between(life.settled, now).toMillis() / MILLIS_AN_HOUR;
      billed.merge(id, hours * perHour(stored.get(id)), Double::sum);
    }
    life.settled = now;
  }

  private double perHour(ObjectNode pod) {
    if (!pod.has("gpu")) {
      return 0;
    }
    JsonNode gpu = pod.get("gpu");
    return account.catalogue.price(gpu.get("id").stringValue(), pod.get("cloud").stringValue())
        * gpu.get("count").intValue();
  }

  private void checkMounts(ObjectNode body, ObjectNode mounts, String cloud) {
    if (mounts.has("persistent") && mounts.has("network")) {
      throw Refusal.badRequest("mounts.persistent and mounts.network exclude each other");
    }
    if (mounts.has("persistent") && body.has("cpu")) {
      throw Refusal.badRequest("mounts.persistent is not possible with cpu");
    }
    if (mounts.has("network") && cloud.equals("COMMUNITY")) {
      throw Refusal.badRequest("network volumes need cloud SECURE");
    }
  }

  private void checkGpu(ObjectNode body, String cloud) {
    JsonNode gpu = body.path("gpu");
    if (gpu.has("allowedCudaVersions") && gpu.has("minCudaVersion")) {
      throw Refusal.badRequest("gpu.allowedCudaVersions and gpu.minCudaVersion exclude each other");
    }
    if (gpu.has("id")) {
      String id = gpu.get("id").stringValue();
      if (!account.catalogue.hasGpu(id)) {
        throw Refusal.badRequest("unknown GPU type " + id);
      }
      if (!account.catalogue.offers(id, cloud)) {
        throw Refusal.badRequest(Refusal.NO_CAPACITY);
      }
    } else if (!account.catalogue.hasCpu(body.get("cpu").get("id").stringValue())) {
      throw Refusal.badRequest("unknown CPU type " + body.get("cpu").get("id").stringValue());
    }
  }

  /** The first data center that is wanted, has the volume and has a machine free. */
  private String place(ObjectNode body, ObjectNode mounts) {
    String machine =
        body.has("gpu")
            ? body.get("gpu").get("id").stringValue()
            : body.get("cpu").get("id").stringValue();
    for (String place : account.places(body)) {
      boolean near =
          !mounts.has("network")
              || account
                  .volumePlace(mounts.get("network").get(0).get("volumeId").stringValue())
                  .equals(place);
      if (near && account.capacity.has(machine, place)) {
        return place;
      }
    }
    throw Refusal.badRequest(Refusal.NO_CAPACITY);
  }
}
