package dev.mlinfra.provider.runpod;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Pods. */
final class PodKind extends Kind {
  private static final String NO_SPOT =
      "is not possible: REST v2 has no spot or interruptible pods; leave it out, or use an Endpoint with"
          + " workers.min 0";
  private static final String NO_TIMER =
      "is not possible: REST v2 has no timers; let the container end the pod, or run the reaper";
  private static final String NO_BANDWIDTH =
      "is not possible: REST v2 cannot choose machines by bandwidth; leave it out";

  private static final Map<String, String> GONE = new HashMap<>();
  private static final List<String> CREATED = new ArrayList<>(CONTAINER);
  private static final List<String> PATCHED = new ArrayList<>(CONTAINER);

  static {
    CREATED.addAll(
        List.of(
            "name", "cpu", "cloud", "templateId", "startSsh", "startJupyter", "globalNetworking"));
    PATCHED.addAll(List.of("name", "locked", "globalNetworking"));
    for (String spot : List.of("spot", "interruptible", "bidPerGpu", "deployCost")) {
      GONE.put(spot, NO_SPOT);
    }
    for (String timer : List.of("stopAfter", "terminateAfter")) {
      GONE.put(timer, NO_TIMER);
    }
    for (String bandwidth : List.of("minDownload", "minUpload", "minDisk")) {
      GONE.put(bandwidth, NO_BANDWIDTH);
    }
  }

  PodKind() {
    super("Pod", "pod", "/pods", "pods");
  }

  @Override
  Map<String, String> gone() {
    return GONE;
  }

  @Override
  void check(Rules rules) {
    rules.container();
    rules.atLeastOne("image", "templateId");
    rules.exactlyOne("gpu", "cpu");
    rules.notEmpty("gpu.ids");
    rules.atLeast("gpu.count", 1);
    rules.cuda("gpu");
    rules.notEmpty("cpu.id");
    rules
        .value("cpu.vcpuCount")
        .filter(Double.class::isInstance)
        .map(count -> ((Double) count).intValue())
        .filter(count -> count < 2 || Integer.bitCount(count) != 1)
        .ifPresent(
            count ->
                rules.fail(
                    "cpu.vcpuCount", "is " + count + "; it must be a power of two, at least 2"));
    rules.oneOf("cloud", List.of("SECURE", "COMMUNITY"));
    rules.exclusive("mounts.persistent", "mounts.network");
    rules.atLeast("mounts.persistent.size", 10);
    rules.notEmpty("mounts.persistent.path");
    rules.notEmpty("mounts.network.path");
    rules.notEmpty("mounts.network.volumeId");
    if (rules.has("mounts.persistent") && rules.has("cpu")) {
      rules.fail("mounts.persistent", "is not possible with cpu; use mounts.network");
    }
    if (rules.has("mounts.network") && rules.is("cloud", "COMMUNITY")) {
      rules.fail("mounts.network", "is not possible in the COMMUNITY cloud; set cloud to SECURE");
    }
  }

  /** Every GPU type in every data center, types before places, both in their order. */
  @Override
  List<JsonObject> bodies(Map<String, Object> inputs, Owner owner) {
    List<JsonObject> bodies = new ArrayList<>();
    List<?> places = (List<?>) inputs.getOrDefault("dataCenterIds", List.of());
    Map<String, Object> gpu = inputs.get("gpu") == null ? Map.of() : Values.map(inputs.get("gpu"));
    List<?> types = (List<?>) gpu.getOrDefault("ids", List.of());
    for (Object type : types.isEmpty() ? List.of("") : types) {
      for (Object place : places.isEmpty() ? List.of("") : places) {
        JsonObject body = same(inputs, CREATED);
        mark(body, owner);
        if (inputs.get("mounts") instanceof Map<?, ?> mounts) {
          body.add("mounts", mounts(Values.map(mounts)));
        }
        if (!type.equals("")) {
          JsonObject one = same(gpu, List.of("count", "allowedCudaVersions", "minCudaVersion"));
          one.add("id", Values.toJson(type));
          body.add("gpu", one);
        }
        if (!place.equals("")) {
          JsonArray only = new JsonArray();
          only.add(Values.toJson(place));
          body.add("dataCenterIds", only);
        }
        bodies.add(body);
      }
    }
    return bodies;
  }

  private static JsonObject mounts(Map<String, Object> mounts) {
    JsonObject made = same(mounts, List.of("persistent"));
    if (mounts.get("network") != null) {
      JsonArray list = new JsonArray();
      list.add(Values.toJson(mounts.get("network")));
      made.add("network", list);
    }
    return made;
  }

  @Override
  JsonObject afterCreate(Map<String, Object> inputs) {
    return Boolean.TRUE.equals(inputs.get("locked"))
        ? same(inputs, List.of("locked"))
        : new JsonObject();
  }

  @Override
  Map<String, Object> inputForm(JsonObject live, Map<String, Object> known) {
    List<String> names = new ArrayList<>(CONTAINER);
    names.addAll(List.of("name", "cloud", "locked"));
    Map<String, Object> form = sameForm(live, names);
    if (live.get("mounts") instanceof JsonObject mounts && !mounts.isEmpty()) {
      Map<String, Object> made = sameForm(mounts, List.of("persistent"));
      if (mounts.get("network") instanceof JsonArray list && !list.isEmpty()) {
        made.put("network", Values.fromJson(list.get(0)));
      }
      form.put("mounts", made);
    }
    if (live.get("cpu") instanceof JsonObject cpu) {
      form.put("cpu", sameForm(cpu, List.of("id", "vcpuCount")));
    }
    if (live.get("gpu") instanceof JsonObject gpu) {
      form.put("gpu", gpu(gpu, known.get("gpu")));
    }
    places(live, known.get("dataCenterIds")).ifPresent(places -> form.put("dataCenterIds", places));
    if (live.get("globalNetworking") instanceof JsonObject networking) {
      form.put("globalNetworking", Values.fromJson(networking.get("enabled")));
    }
    keep(form, known, List.of("templateId", "startSsh", "startJupyter", "unlockOnDelete"));
    return form;
  }

  /** The types that will do, as long as the one in use is among them. */
  private static Map<String, Object> gpu(JsonObject live, Object known) {
    Map<String, Object> before = known instanceof Map<?, ?> map ? Values.map(map) : Map.of();
    Map<String, Object> form = new LinkedHashMap<>();
    Object id = Values.fromJson(live.get("id"));
    boolean listed = before.get("ids") instanceof List<?> ids && ids.contains(id);
    form.put("ids", listed ? before.get("ids") : List.of(id));
    form.put("count", live.has("count") ? Values.fromJson(live.get("count")) : (Object) 1.0);
    keep(form, before, List.of("allowedCudaVersions", "minCudaVersion"));
    return form;
  }

  private static Optional<Object> places(JsonObject live, Object known) {
    if (!(known instanceof List<?> list)) {
      return Optional.empty();
    }
    Object place = Values.fromJson(live.get("dataCenterId"));
    return Optional.of(
        place == null || list.isEmpty() || list.contains(place) ? list : List.of(place));
  }

  @Override
  Map<String, Object> computed(JsonObject live) {
    Map<String, Object> computed = new LinkedHashMap<>();
    if (live.get("gpu") instanceof JsonObject gpu) {
      computed.put("gpuId", text(gpu, "id"));
    }
    computed.put("dataCenterId", Values.fromJson(live.get("dataCenterId")));
    computed.put("status", text(live, "status"));
    computed.put("cost", Values.fromJson(live.get("cost")));
    computed.put("createdAt", text(live, "createdAt"));
    computed.values().removeIf(Objects::isNull);
    return computed;
  }

  @Override
  JsonObject patch(List<Change> changes, Map<String, Object> wanted, Owner owner) {
    Map<String, JsonElement> resets = new HashMap<>(containerResets());
    resets.put("locked", new JsonPrimitive(false));
    resets.put("globalNetworking", new JsonPrimitive(false));
    JsonObject body = changed(changes, wanted, PATCHED, resets);
    if (has(changes, "mounts") && wanted.get("mounts") instanceof Map<?, ?> mounts) {
      body.add("mounts", mounts(Values.map(mounts)));
    }
    EndpointKind.withTemplate(body, changes, wanted);
    if (body.has("env")) {
      mark(body, owner);
    }
    return body;
  }

  @Override
  boolean hasVariables() {
    return true;
  }

  @Override
  boolean replaces(Change change, Map<String, Object> state) {
    return switch (change.path()) {
      case "gpu.ids" -> leaves(change.after(), state.get("gpuId"));
      case "dataCenterIds" -> leaves(change.after(), state.get("dataCenterId"));
      case "mounts.persistent.size", "mounts.persistent.path" ->
          !(state.get("mounts") instanceof Map<?, ?> mounts && mounts.containsKey("persistent"))
              || change.after() == null;
      case "mounts.network.path" ->
          !(state.get("mounts") instanceof Map<?, ?> mounts && mounts.containsKey("network"))
              || change.after() == null;
      default -> change.within("gpu") || change.within("mounts");
    };
  }

  /** After an import nobody knows what cannot be read; what the program says is believed. */
  @Override
  boolean isTakenOver(Change change) {
    return change.before() == null
        && (change.path().equals("startSsh") || change.path().equals("startJupyter"));
  }

  /** Whether what is wanted has no place for what there is. */
  private static boolean leaves(Object wanted, Object used) {
    return !(wanted instanceof List<?> list)
        ? wanted != null
        : !list.isEmpty() && !list.contains(used);
  }

  /** Two pods that write to one volume can corrupt it. */
  @Override
  boolean deleteBeforeReplace(Map<String, Object> wanted, Map<String, Object> state) {
    Object before = volume(state);
    return before != null
        && (before.equals(volume(wanted)) || volume(wanted) == Values.Unknown.UNKNOWN);
  }

  private static Object volume(Map<String, Object> values) {
    Object network =
        values.get("mounts") instanceof Map<?, ?> mounts ? mounts.get("network") : null;
    return network instanceof Map<?, ?> mount ? mount.get("volumeId") : null;
  }

  @Override
  boolean isGone(JsonObject live) {
    return text(live, "status").equals("TERMINATED");
  }

  @Override
  boolean lingers() {
    return true;
  }

  @Override
  JsonObject beforeDelete(Map<String, Object> state) {
    JsonObject body = new JsonObject();
    if (Boolean.TRUE.equals(state.get("unlockOnDelete"))
        && Boolean.TRUE.equals(state.get("locked"))) {
      body.addProperty("locked", false);
    }
    return body;
  }

  @Override
  Readiness readiness(JsonObject live) {
    String status = text(live, "status");
    return switch (status) {
      case "PROVISIONING", "STARTING" -> Readiness.coming("its status is " + status);
      case "ERROR" ->
          Readiness.failed(
              "its status is ERROR: the container did not start; look at its logs in RunPod's console,"
                  + " then mend image, args or registry");
      default -> Readiness.ready();
    };
  }
}
