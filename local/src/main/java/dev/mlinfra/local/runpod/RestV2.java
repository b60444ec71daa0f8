package dev.mlinfra.local.runpod;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What REST v2 accepts and answers: the operations and schemas of rest-v2.json. */
final class RestV2 {
  private static final JsonMapper JSON = new JsonMapper();
  private static final RestV2 TABLE = new RestV2();

  private final JsonNode table;
  private final List<Operation> operations = new ArrayList<>();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  /**
   * An operation of the API.
   *
   * @param method of HTTP
   * @param path with {@code {id}} where the id stands
   * @param request the schema of the body; empty for none
   * @param responses the schema of the body by the status of success; empty for none
   */
  record Operation(
      String method,
      String path,
      Optional<String> request,
      Map<Integer, Optional<String>> responses) {

    /** As in the path: {@code pods}; without what stands before it. */
    String resource() {
      String[] parts = path.split("/", -1);
      return parts[2].equals("account") ? parts[3] : parts[2];
    }

    /** {@code create}, {@code get}, {@code list}, {@code update}, {@code delete} or action. */
    String name() {
      return switch (method) {
        case "POST" -> path.endsWith("/action") ? "action" : "create";
        case "PATCH" -> "update";
        case "DELETE" -> "delete";
        default -> path.endsWith("}") ? "get" : "list";
      };
    }

    Pattern pattern() {
      return Pattern.compile(path.replace("{id}", "([^/]+)"));
    }
  }

  private RestV2() {
    try (InputStream file = RestV2.class.getResourceAsStream("rest-v2.json")) {
      table = JSON.readTree(file);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    for (JsonNode operation : table.get("operations")) {
      Map<Integer, Optional<String>> responses = new ConcurrentHashMap<>();
      for (Map.Entry<String, JsonNode> response : operation.get("responses").properties()) {
        responses.put(
            Integer.parseInt(response.getKey()),
            response.getValue().isNull()
                ? Optional.empty()
                : Optional.of(response.getValue().stringValue()));
      }
      operations.add(
          new Operation(
              operation.get("method").stringValue(),
              operation.get("path").stringValue(),
              operation.has("request")
                  ? Optional.of(operation.get("request").stringValue())
                  : Optional.empty(),
              Map.copyOf(responses)));
    }
  }

  static RestV2 table() {
    return TABLE;
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** The operations at a path, by any method. */
  List<Operation> at(String path) {
    return operations.stream().filter(one -> one.pattern().matcher(path).matches()).toList();
  }

  /** What a schema says against a value, each with its place. */
  List<String> violations(String schema, JsonNode value) {
    return schemas.computeIfAbsent(schema, this::compile).validate(value).stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .sorted()
        .toList();
  }

  private Schema compile(String name) {
    ObjectNode whole = JSON.createObjectNode();
    whole.put("$ref", "#/$defs/" + name);
    whole.set("$defs", table.get("$defs"));
    return registry.getSchema(whole);
  }
}
