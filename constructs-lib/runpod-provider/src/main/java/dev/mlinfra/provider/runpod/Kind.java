package dev.mlinfra.provider.runpod;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is particular to one kind of resource: pure functions over inputs and answers. */
abstract class Kind {
  /** What the API calls the settings of containers; inputs have the same names. */
  static final List<String> CONTAINER =
      List.of("image", "args", "disk", "ports", "env", "registry");

  /** Environment variables that the platform adds. */
  private static final Set<String> INJECTED = Set.of("PUBLIC_KEY", "JUPYTER_PASSWORD");

  private final String name;
  private final String what;
  private final String path;
  private final String listMember;

  /**
   * A kind of resource.
   *
   * @param name as in the schema, such as {@code NetworkVolume}
   * @param what as in messages, such as {@code network volume}
   * @param path as in the API, such as {@code /network-volumes}
   * @param listMember the member of the answer to a list
   */
  Kind(String name, String what, String path, String listMember) {
    this.name = name;
    this.what = what;
    this.path = path;
    this.listMember = listMember;
  }

  String name() {
    return name;
  }

  String what() {
    return what;
  }

  String path() {
    return path;
  }

  String path(String id) {
    return path + "/" + RunPodClient.segment(id);
  }

  String listMember() {
    return listMember;
  }

  /** Puts the rules over the inputs, whose types are right. */
  abstract void check(Rules rules);

  /** The inputs with the defaults that the schema cannot say. */
  Map<String, Object> complete(Map<String, Object> inputs) {
    return inputs;
  }

  /** What to say of properties that people look for and that REST v2 does not have. */
  Map<String, String> gone() {
    return Map.of();
  }

  /** The bodies that make one, the preferred one first; the next when no machine is free. */
  abstract List<JsonObject> bodies(Map<String, Object> inputs, Owner owner);

  /**
   * An answer as inputs would say it.
   *
   * @param live what the API answered
   * @param known inputs or state: whatever the API does not tell, and which of equal forms is meant
   */
  abstract Map<String, Object> inputForm(JsonObject live, Map<String, Object> known);

  /** The outputs that are no inputs. */
  Map<String, Object> computed(JsonObject live) {
    return Map.of();
  }

  /** The outputs that are no inputs and are known before it is made. */
  Map<String, Object> foreseen(Map<String, Object> inputs) {
    return Map.of();
  }

  /** The body that makes these changes; empty when nothing has to be called. */
  abstract JsonObject patch(List<Change> changes, Map<String, Object> wanted, Owner owner);

  /** What has to be sent after it was made, since the body that makes it does not take it. */
  JsonObject afterCreate(Map<String, Object> inputs) {
    return new JsonObject();
  }

  /** Whether this one carries the owner's mark. */
  final boolean marked(JsonObject live, Owner owner) {
    return hasVariables()
        ? markedByVariable(live, owner)
        : owner.autoName().equals(text(live, "name"));
  }

  /** Whether environment variables carry the mark; otherwise the name does. */
  boolean hasVariables() {
    return false;
  }

  /**
   * Whether a change only tells what could not be read when the resource was imported, so that it
   * is taken over as it is.
   */
  boolean isTakenOver(Change change) {
    return false;
  }

  /** Whether everything that was given to make it can be read back. */
  boolean readable() {
    return true;
  }

  /** Whether a change needs another resource; the schema's own marks count too. */
  boolean replaces(Change change, Map<String, Object> state) {
    return false;
  }

  /** Whether the old one has to go before the new one comes. */
  boolean deleteBeforeReplace(Map<String, Object> wanted, Map<String, Object> state) {
    return false;
  }

  /** Why a change in place is impossible; empty when it is not. */
  Optional<String> refusal(String id, List<Change> changes) {
    return Optional.empty();
  }

  /** What the user should know of a difference to what is declared. */
  Optional<String> remark(JsonObject live, Map<String, Object> declared) {
    return Optional.empty();
  }

  /** Whether what the API still shows is gone. */
  boolean isGone(JsonObject live) {
    return false;
  }

  /** The body that allows to delete it; empty when nothing has to be called. */
  JsonObject beforeDelete(Map<String, Object> state) {
    return new JsonObject();
  }

  /** How it comes along after it was made or changed. */
  Readiness readiness(JsonObject live) {
    return Readiness.ready();
  }

  /** Whether it still shows for a while after it was deleted. */
  boolean lingers() {
    return false;
  }

  /** The members of inputs that are there, by the same names. */
  static JsonObject same(Map<String, Object> inputs, List<String> names) {
    JsonObject body = new JsonObject();
    for (String name : names) {
      if (inputs.get(name) != null) {
        body.add(name, Values.toJson(inputs.get(name)));
      }
    }
    return body;
  }

  /** The changed members, and what stands for those that are not wanted any more. */
  static JsonObject changed(
      List<Change> changes,
      Map<String, Object> wanted,
      List<String> names,
      Map<String, JsonElement> resets) {
    JsonObject body = new JsonObject();
    for (String name : names) {
      if (has(changes, name)) {
        if (wanted.get(name) != null) {
          body.add(name, Values.toJson(wanted.get(name)));
        } else if (resets.containsKey(name)) {
          body.add(name, resets.get(name));
        }
      }
    }
    return body;
  }

  /** Whether a property is among the changes, or lies below one. */
  static boolean has(List<Change> changes, String path) {
    return changes.stream().anyMatch(change -> change.within(path));
  }

  /** What stands for settings of containers that are not wanted any more. */
  static Map<String, JsonElement> containerResets() {
    return Map.of(
        "args", new JsonPrimitive(""),
        "env", new JsonObject(),
        "ports", new JsonArray(),
        "registry", JsonNull.INSTANCE);
  }

  /** Puts the owner's mark into a body's environment. */
  static void mark(JsonObject body, Owner owner) {
    if (!body.has("env")) {
      body.add("env", new JsonObject());
    }
    owner.variables().forEach(body.getAsJsonObject("env")::addProperty);
  }

  private static boolean markedByVariable(JsonObject live, Owner owner) {
    JsonElement env = live.get("env");
    return env != null
        && env.isJsonObject()
        && owner.resource().equals(text(env.getAsJsonObject(), Owner.RESOURCE_VARIABLE))
        && owner.stack().equals(text(env.getAsJsonObject(), Owner.STACK_VARIABLE));
  }

  /** Members of an answer by the same names, null left out; of the environment what was given. */
  static Map<String, Object> sameForm(JsonObject live, List<String> names) {
    Map<String, Object> form = new LinkedHashMap<>();
    for (String name : names) {
      Object value = Values.fromJson(live.get(name));
      if (value != null) {
        form.put(name, value);
      }
    }
    if (form.get("env") instanceof Map<?, ?> env) {
      Map<String, Object> given = new LinkedHashMap<>(Values.map(env));
      given.keySet().removeIf(one -> INJECTED.contains(one) || one.startsWith(Owner.PREFIX));
      form.put("env", given);
    }
    return form;
  }

  /** Takes over from known values what the API does not tell. */
  static void keep(Map<String, Object> form, Map<String, Object> known, List<String> names) {
    for (String name : names) {
      if (known.get(name) != null) {
        form.put(name, known.get(name));
      }
    }
  }

  static String text(JsonObject object, String member) {
    JsonElement value = object.get(member);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }
}
