package dev.mlinfra.provider.runpod;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Serverless endpoints. */
final class EndpointKind extends Kind {
  private static final double DEFAULT_IDLE_SECONDS = 10;
  private static final int FEW = 2;
  private static final List<String> MEMBERS = new ArrayList<>(CONTAINER);

  static {
    MEMBERS.addAll(
        List.of(
            "name",
            "scaling",
            "gpu",
            "cpu",
            "workers",
            "timeout",
            "flashboot",
            "networkVolumes",
            "dataCenterIds"));
  }

  EndpointKind() {
    super("Endpoint", "endpoint", "/serverless", "endpoints");
  }

  @Override
  void check(Rules rules) {
    rules.container();
    rules.atLeastOne("image", "templateId");
    rules.exactlyOne("gpu", "cpu");
    rules.oneOf("type", List.of("QUEUE", "LOAD_BALANCER"));
    rules.oneOf("flashboot", List.of("OFF", "FLASHBOOT", "PRIORITY_FLASHBOOT"));
    rules.range("timeout", 5_000, 604_800_000, " ms");
    checkScaling(rules);
    checkWorkers(rules);
    checkGpu(rules);
    rules.notEmpty("cpu");
    if (rules.value("networkVolumes").orElse(null) instanceof List<?> volumes
        && volumes.stream().filter(volume -> volume instanceof String).distinct().count()
            < volumes.stream().filter(volume -> volume instanceof String).count()) {
      rules.fail("networkVolumes", "names a volume twice; each data center has at most one");
    }
  }

  private static void checkScaling(Rules rules) {
    rules.oneOf("scaling.type", List.of("QUEUE_DELAY", "REQUEST_COUNT"));
    if (rules.is("scaling.type", "QUEUE_DELAY")) {
      if (rules.misses("scaling.queueDelay")) {
        rules.fail("scaling.queueDelay", "is missing; QUEUE_DELAY needs it, in seconds");
      }
      if (rules.has("scaling.requestCount")) {
        rules.fail("scaling.requestCount", "is only for REQUEST_COUNT; leave it out");
      }
      if (rules.is("type", "LOAD_BALANCER")) {
        rules.fail("scaling.type", "is QUEUE_DELAY; a load balancer scales by REQUEST_COUNT");
      }
    }
    if (rules.is("scaling.type", "REQUEST_COUNT")) {
      if (rules.misses("scaling.requestCount")) {
        rules.fail("scaling.requestCount", "is missing; REQUEST_COUNT needs it");
      }
      if (rules.has("scaling.queueDelay")) {
        rules.fail("scaling.queueDelay", "is only for QUEUE_DELAY; leave it out");
      }
    }
    rules.atLeast("scaling.queueDelay", 0.5);
    rules.atLeast("scaling.requestCount", 1);
  }

  private static void checkWorkers(Rules rules) {
    rules.atLeast("workers.min", 0);
    rules.atLeast("workers.max", 0);
    rules.range("workers.idleTimeout", 1, 3600, " s");
    Optional<Object> least = rules.value("workers.min");
    Optional<Object> most = rules.value("workers.max");
    if (least.isPresent() && most.isPresent() && ((Double) least.get()) > ((Double) most.get())) {
      rules.fail(
          "workers.min",
          "is "
              + Values.show(least.get())
              + "; it must not exceed workers.max, "
              + Values.show(most.get()));
    }
    if (rules.is("type", "QUEUE")
        && rules.is("scaling.type", "REQUEST_COUNT")
        && rules.has("workers.idleTimeout")) {
      rules.fail(
          "workers.idleTimeout",
          "is not possible on a queue that scales by REQUEST_COUNT; leave it out");
    }
  }

  private static void checkGpu(Rules rules) {
    rules.notEmpty("gpu.pools");
    rules.atLeast("gpu.count", 1);
    rules.cuda("gpu");
  }

  @Override
  Map<String, Object> complete(Map<String, Object> inputs) {
    Map<String, Object> plain = Values.plain(inputs);
    Map<String, Object> workers = new LinkedHashMap<>();
    if (inputs.get("workers") instanceof Map<?, ?> given) {
      workers.putAll(Values.map(given));
    } else if (inputs.get("workers") != null) {
      return inputs;
    }
    PackageSchema.get()
        .inputs(name())
        .properties()
        .get("workers")
        .members()
        .properties()
        .forEach(
            (member, property) -> {
              if (property.defaultValue() != null) {
                workers.putIfAbsent(member, property.defaultValue());
              }
            });
    boolean byRequests =
        "QUEUE".equals(plain.get("type"))
            && plain.get("scaling") instanceof Map<?, ?> scaling
            && !"QUEUE_DELAY".equals(scaling.get("type"));
    if (!byRequests) {
      workers.putIfAbsent("idleTimeout", DEFAULT_IDLE_SECONDS);
    }
    Map<String, Object> complete = new LinkedHashMap<>(inputs);
    complete.put("workers", workers);
    return complete;
  }

  @Override
  List<JsonObject> bodies(Map<String, Object> inputs, Owner owner) {
    List<String> names = new ArrayList<>(MEMBERS);
    names.add("type");
    names.add("templateId");
    JsonObject body = same(inputs, names);
    mark(body, owner);
    return List.of(body);
  }

  @Override
  Map<String, Object> inputForm(JsonObject live, Map<String, Object> known) {
    List<String> names = new ArrayList<>(MEMBERS);
    names.add("type");
    Map<String, Object> form = sameForm(live, names);
    if (form.get("cpu") instanceof List<?> cpus) {
      List<Object> selection = new ArrayList<>();
      for (Object cpu : cpus) {
        Map<String, Object> one = new LinkedHashMap<>(Values.map(cpu));
        one.remove("memory");
        selection.add(one);
      }
      form.put("cpu", selection);
    }
    keep(form, known, List.of("templateId"));
    return form;
  }

  @Override
  Map<String, Object> computed(JsonObject live) {
    Map<String, Object> computed = new LinkedHashMap<>();
    computed.put("requestUrls", Values.fromJson(live.get("requestUrls")));
    computed.put("createdAt", text(live, "createdAt"));
    return computed;
  }

  @Override
  JsonObject patch(List<Change> changes, Map<String, Object> wanted, Owner owner) {
    Map<String, JsonElement> resets = new HashMap<>(containerResets());
    resets.put("networkVolumes", new JsonArray());
    resets.put("dataCenterIds", new JsonArray());
    JsonObject body = changed(changes, wanted, MEMBERS, resets);
    if (body.has("gpu")) {
      JsonObject gpu = body.getAsJsonObject("gpu");
      if (!gpu.has("excludedTypes")) {
        gpu.add("excludedTypes", new JsonArray());
      }
      // The two exclude each other, so that only the one that was set is cleared.
      if (!gpu.has("allowedCudaVersions") && has(changes, "gpu.allowedCudaVersions")) {
        gpu.add("allowedCudaVersions", new JsonArray());
      }
      if (!gpu.has("minCudaVersion") && has(changes, "gpu.minCudaVersion")) {
        gpu.addProperty("minCudaVersion", "");
      }
    }
    withTemplate(body, changes, wanted);
    if (body.has("env")) {
      mark(body, owner);
    }
    return body;
  }

  /** A template is taken over as a whole, so what is declared has to come along. */
  static void withTemplate(JsonObject body, List<Change> changes, Map<String, Object> wanted) {
    if (has(changes, "templateId") && wanted.get("templateId") != null) {
      body.add("templateId", Values.toJson(wanted.get("templateId")));
      same(wanted, CONTAINER).entrySet().forEach(one -> body.add(one.getKey(), one.getValue()));
      if (!body.has("env")) {
        body.add("env", new JsonObject());
      }
    }
  }

  @Override
  boolean hasVariables() {
    return true;
  }

  /** From GPU to CPU, and back. */
  @Override
  boolean replaces(Change change, Map<String, Object> state) {
    return (change.within("gpu") && state.get("gpu") == null)
        || (change.within("cpu") && state.get("cpu") == null);
  }

  @Override
  Optional<String> remark(JsonObject live, Map<String, Object> declared) {
    Object wanted =
        declared.get("workers") instanceof Map<?, ?> workers ? workers.get("max") : null;
    JsonElement now = live.has("workers") ? live.getAsJsonObject("workers").get("max") : null;
    if (wanted instanceof Double most
        && now != null
        && now.getAsInt() < most
        && (now.getAsInt() == FEW || now.getAsInt() == 0)) {
      return Optional.of(
          "workers.max is "
              + now.getAsInt()
              + " and declared "
              + Values.show(most)
              + ": RunPod lowers it to 2 after 3 days without requests, and to 0 after 7. The next"
              + " pulumi up raises it again; ignoreChanges on workers.max accepts it");
    }
    return Optional.empty();
  }
}
