package dev.mlinfra.local.runpod;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One kind of resource: what is stored, and what the API does with it. */
abstract class Resources {
  static final JsonMapper JSON = new JsonMapper();

  /** What the answers show of each resource, by its id. */
  final Map<String, ObjectNode> stored = new LinkedHashMap<>();

  private final String what;
  private final String listName;

  /**
   * One kind of resource.
   *
   * @param what its name in messages
   * @param listName the member of the answer to a list
   */
  Resources(String what, String listName) {
    this.what = what;
    this.listName = listName;
  }

  /** Makes one from a valid body and returns its id. */
  abstract String create(ObjectNode body);

  /** Changes one by a valid body. */
  abstract void update(String id, ObjectNode body);

  /** Refuses when the resource must not go. */
  void beforeDelete(String id) {}

  /** What an answer shows of a stored resource at this moment. */
  ObjectNode view(String id) {
    return require(id).deepCopy();
  }

  final ObjectNode require(String id) {
    ObjectNode found = stored.get(id);
    if (found == null) {
      throw Refusal.notFound(what, id);
    }
    return found;
  }

  final ObjectNode list() {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray(listName);
    for (String id : List.copyOf(stored.keySet())) {
      list.add(view(id));
    }
    return answer;
  }

  void delete(String id) {
    require(id);
    beforeDelete(id);
    stored.remove(id);
  }

  /** Puts the members of a body that are present into a resource. */
  static void merge(ObjectNode resource, ObjectNode body, List<String> members) {
    for (String member : members) {
      if (body.has(member)) {
        resource.set(member, body.get(member));
      }
    }
  }

  /** The member of a body, or what stands for it when it is absent. */
  static JsonNode or(ObjectNode body, String member, Supplier<JsonNode> otherwise) {
    return body.has(member) ? body.get(member) : otherwise.get();
  }

  /** The container's settings of a body, those of its template below them. */
  static ObjectNode container(ObjectNode body, ObjectNode template) {
    ObjectNode made = JSON.createObjectNode();
    made.set("image", or(body, "image", () -> template.path("image")));
    made.set(
        "args",
        or(
            body,
            "args",
            () ->
                template.path("args").asStringOpt().isPresent()
                    ? template.get("args")
                    : JSON.getNodeFactory().stringNode("")));
    made.set(
        "disk",
        or(
            body,
            "disk",
            () ->
                template.has("disk")
                    ? template.get("disk")
                    : JSON.getNodeFactory().numberNode(20)));
    made.set(
        "ports",
        or(
            body,
            "ports",
            () -> template.has("ports") ? template.get("ports") : JSON.createArrayNode()));
    ObjectNode env = made.putObject("env");
    if (template.get("env") instanceof ObjectNode below) {
      env.setAll(below);
    }
    if (body.get("env") instanceof ObjectNode above) {
      env.setAll(above);
    }
    made.set(
        "registry",
        or(
            body,
            "registry",
            () -> template.has("registry") ? template.get("registry") : JSON.nullNode()));
    return made;
  }
}
