package dev.mlinfra.tests;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Runs a state machine in this process: tasks that call functions, a Distributed Map that reads its
 * items from S3 and writes its results there, and the end of a failure. A state, a field or a path
 * that it does not know is an error, so what it runs is what the definition says.
 */
final class LocalStateMachine {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "Task",
              Set.of(
                  "Type",
                  "Resource",
                  "Parameters",
                  "ResultPath",
                  "OutputPath",
                  "Retry",
                  "Next",
                  "End"),
          "Map",
              Set.of(
                  "Type",
                  "Label",
                  "ItemReader",
                  "ItemProcessor",
                  "MaxConcurrency",
                  "ToleratedFailurePercentage",
                  "ToleratedFailureCount",
                  "ResultWriter",
                  "Catch",
                  "Next"),
          "Fail", Set.of("Type", "ErrorPath", "CausePath"));

  /** A function of Lambda. */
  interface Function {
    /**
     * Answers.
     *
     * @throws StateFailure with the name of the error
     */
    JsonNode call(JsonNode payload) throws StateFailure;
  }

  /** An error of a state, as Step Functions names it. */
  static final class StateFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String error;

    StateFailure(String error, String cause) {
      super(cause);
      this.error = error;
    }

    String error() {
      return error;
    }
  }

  /** How an execution ended; without an error it succeeded. */
  record Execution(JsonNode output, String error, String cause) {
    boolean isSuccess() {
      return error.isEmpty();
    }
  }

  private final JsonNode definition;
  private final Map<String, Function> functions;
  private final S3Client s3;

  /**
   * A state machine.
   *
   * @param functions by the names that the definition has for them
   */
  LocalStateMachine(JsonNode definition, Map<String, Function> functions, S3Client s3) {
    this.definition = definition;
    this.functions = functions;
    this.s3 = s3;
  }

  /** Runs it to its end. */
  Execution start(String name, JsonNode input) {
    known(definition, Set.of("Comment", "StartAt", "States", "TimeoutSeconds"), "definition");
    return run(definition, name, input);
  }

  private Execution run(JsonNode machine, String name, JsonNode input) {
    String at = machine.path("StartAt").asString();
    JsonNode data = input;
    while (true) {
      JsonNode state = machine.path("States").path(at);
      String type = state.path("Type").asString();
      known(state, FIELDS.getOrDefault(type, Set.of()), "state " + at);
      try {
        switch (type) {
          case "Task" -> data = task(state, name, data);
          case "Map" -> data = map(state, name, data);
          default -> {
            return new Execution(
                data,
                at(state.path("ErrorPath"), name, data).asString(),
                at(state.path("CausePath"), name, data).asString());
          }
        }
        if (state.path("End").asBoolean(false)) {
          return new Execution(data, "", "");
        }
        at = state.path("Next").asString();
      } catch (StateFailure failure) {
        JsonNode handler = handler(state, failure);
        if (handler.isMissingNode()) {
          return new Execution(data, failure.error(), failure.getMessage());
        }
        ObjectNode told =
            JSON.createObjectNode()
                .put("Error", failure.error())
                .put("Cause", failure.getMessage());
        data = placed(data, handler.path("ResultPath").asString("$"), told);
        at = handler.path("Next").asString();
      }
    }
  }

  private static JsonNode handler(JsonNode state, StateFailure failure) {
    for (JsonNode handler : state.path("Catch")) {
      known(handler, Set.of("ErrorEquals", "ResultPath", "Next"), "catch");
      if (names(handler).contains("States.ALL") || names(handler).contains(failure.error())) {
        return handler;
      }
    }
    return JSON.missingNode();
  }

  private JsonNode task(JsonNode state, String name, JsonNode data) throws StateFailure {
    if (!state.path("Resource").asString().equals("arn:aws:states:::lambda:invoke")) {
      throw new IllegalStateException("no such task here: " + state.path("Resource"));
    }
    JsonNode parameters = filled(state.path("Parameters"), name, data);
    known(parameters, Set.of("FunctionName", "Payload"), "parameters");
    Function function = functions.get(parameters.path("FunctionName").asString());
    if (function == null) {
      throw new IllegalStateException("no function " + parameters.path("FunctionName"));
    }
    ObjectNode result = JSON.createObjectNode().put("StatusCode", 200);
    result.set("Payload", call(function, parameters.path("Payload"), state.path("Retry")));
    JsonNode whole = placed(data, state.path("ResultPath").asString("$"), result);
    return state.has("OutputPath") ? at(state.path("OutputPath"), name, whole) : whole;
  }

  /** Tries again as often as the first rule says that names the error; does not wait. */
  private static JsonNode call(Function function, JsonNode payload, JsonNode retries)
      throws StateFailure {
    Map<JsonNode, Integer> tried = new HashMap<>();
    while (true) {
      try {
        return JSON.readTree(function.call(payload).toString());
      } catch (StateFailure failure) {
        JsonNode rule = JSON.missingNode();
        for (JsonNode retry : retries) {
          known(
              retry,
              Set.of(
                  "ErrorEquals",
                  "IntervalSeconds",
                  "BackoffRate",
                  "MaxDelaySeconds",
                  "JitterStrategy",
                  "MaxAttempts"),
              "retry");
          if (rule.isMissingNode() && names(retry).contains(failure.error())) {
            rule = retry;
          }
        }
        if (rule.isMissingNode()
            || tried.merge(rule, 1, Integer::sum) > rule.path("MaxAttempts").asInt()) {
          throw failure;
        }
      }
    }
  }

  // The Distributed Map

  private JsonNode map(JsonNode state, String name, JsonNode data) throws StateFailure {
    ArrayNode items = items(state.path("ItemReader"), name, data);
    JsonNode processor = state.path("ItemProcessor");
    known(processor, Set.of("ProcessorConfig", "StartAt", "States"), "item processor");
    if (!processor
        .path("ProcessorConfig")
        .equals(JSON.readTree("{\"Mode\":\"DISTRIBUTED\",\"ExecutionType\":\"STANDARD\"}"))) {
      throw new IllegalStateException("no such map here: " + processor.path("ProcessorConfig"));
    }
    AtomicInteger failures = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(state.path("MaxConcurrency").asInt());
    List<Future<JsonNode>> children = new ArrayList<>();
    try {
      for (JsonNode item : items) {
        children.add(
            threads.submit(() -> child(state, processor, name, item, items.size(), failures)));
      }
      Map<String, ArrayNode> results = new HashMap<>();
      for (Future<JsonNode> child : children) {
        JsonNode result = child.get();
        results
            .computeIfAbsent(result.path("Status").asString(), it -> JSON.createArrayNode())
            .add(result);
      }
      JsonNode written = write(state.path("ResultWriter"), name, data, results);
      if (isExceeded(state, failures.get(), items.size())) {
        throw new StateFailure(
            "States.ExceedToleratedFailureThreshold",
            "The specified tolerated failure threshold was exceeded");
      }
      return written;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private ArrayNode items(JsonNode reader, String name, JsonNode data) {
    known(reader, Set.of("Resource", "ReaderConfig", "Parameters"), "item reader");
    known(reader.path("ReaderConfig"), Set.of("InputType", "MaxItems"), "reader config");
    JsonNode place = filled(reader.path("Parameters"), name, data);
    known(place, Set.of("Bucket", "Key"), "parameters");
    if (!reader.path("Resource").asString().equals("arn:aws:states:::s3:getObject")
        || !reader.at("/ReaderConfig/InputType").asString().equals("JSON")) {
      throw new IllegalStateException("no such item reader here: " + reader);
    }
    byte[] content =
        s3.getObjectAsBytes(
                get ->
                    get.bucket(place.path("Bucket").asString()).key(place.path("Key").asString()))
            .asByteArray();
    ArrayNode all = (ArrayNode) JSON.readTree(content);
    ArrayNode items = JSON.createArrayNode();
    all.values().stream().limit(reader.at("/ReaderConfig/MaxItems").asInt()).forEach(items::add);
    return items;
  }

  private JsonNode child(
      JsonNode state,
      JsonNode processor,
      String name,
      JsonNode item,
      int items,
      AtomicInteger failures) {
    ObjectNode result = JSON.createObjectNode().put("Input", item.toString());
    result.put("ExecutionArn", "arn:aws:states:us-east-1:123456789012:execution:local/Predict:x");
    result.set("InputDetails", JSON.createObjectNode().put("Included", true));
    if (isExceeded(state, failures.get(), items)) {
      return result.put("Status", "PENDING");
    }
    Execution child = run(processor, name, item);
    if (child.isSuccess()) {
      return result.put("Status", "SUCCEEDED").put("Output", child.output().toString());
    }
    failures.incrementAndGet();
    return result.put("Status", "FAILED").put("Error", child.error()).put("Cause", child.cause());
  }

  private static boolean isExceeded(JsonNode state, int failures, int items) {
    double percentage = state.path("ToleratedFailurePercentage").asDouble(0);
    int count = state.path("ToleratedFailureCount").asInt(Integer.MAX_VALUE);
    return failures * 100.0 / items > percentage || failures > count;
  }

  /** What Step Functions writes: a file for each status, and a manifest that names them. */
  private JsonNode write(
      JsonNode writer, String name, JsonNode data, Map<String, ArrayNode> results) {
    known(writer, Set.of("Resource", "Parameters"), "result writer");
    JsonNode place = filled(writer.path("Parameters"), name, data);
    known(place, Set.of("Bucket", "Prefix"), "parameters");
    if (!writer.path("Resource").asString().equals("arn:aws:states:::s3:putObject")) {
      throw new IllegalStateException("no such result writer here: " + writer);
    }
    String bucket = place.path("Bucket").asString();
    String folder = place.path("Prefix").asString() + "/8f2d9c1e-0000-4000-8000-000000000000/";
    ObjectNode files = JSON.createObjectNode();
    for (String status : List.of("FAILED", "PENDING", "SUCCEEDED")) {
      ArrayNode named = files.putArray(status);
      if (results.containsKey(status)) {
        String key = folder + status + "_0.json";
        put(bucket, key, results.get(status));
        named.addObject().put("Key", key).put("Size", 1);
      }
    }
    ObjectNode manifest = JSON.createObjectNode().put("DestinationBucket", bucket);
    manifest.put("MapRunArn", "arn:aws:states:us-east-1:123456789012:mapRun:local/Predict:x");
    manifest.set("ResultFiles", files);
    put(bucket, folder + "manifest.json", manifest);
    ObjectNode output = JSON.createObjectNode();
    output
        .putObject("ResultWriterDetails")
        .put("Bucket", bucket)
        .put("Key", folder + "manifest.json");
    return output;
  }

  private void put(String bucket, String key, JsonNode content) {
    s3.putObject(
        put -> put.bucket(bucket).key(key),
        RequestBody.fromBytes(content.toString().getBytes(StandardCharsets.UTF_8)));
  }

  // Data

  /** A template with its paths followed: fields whose names end with {@code .$}. */
  private static JsonNode filled(JsonNode template, String name, JsonNode data) {
    if (!template.isObject()) {
      return template;
    }
    ObjectNode filled = JSON.createObjectNode();
    template
        .properties()
        .forEach(
            field -> {
              String key = field.getKey();
              if (key.endsWith(".$")) {
                filled.set(key.substring(0, key.length() - 2), at(field.getValue(), name, data));
              } else {
                filled.set(key, filled(field.getValue(), name, data));
              }
            });
    return filled;
  }

  private static JsonNode at(JsonNode path, String name, JsonNode data) {
    String text = path.asString();
    if (text.equals("$$.Execution.Name")) {
      return StringNode.valueOf(name);
    }
    if (!text.matches("\\$(\\.[A-Za-z_]+)*")) {
      throw new IllegalStateException("no such path here: " + text);
    }
    JsonNode found = data.at(text.substring(1).replace('.', '/'));
    if (found.isMissingNode()) {
      throw new IllegalStateException("nothing at " + text + " in " + data);
    }
    return found;
  }

  private static JsonNode placed(JsonNode data, String path, JsonNode result) {
    if (path.equals("$")) {
      return result;
    }
    if (!path.matches("\\$\\.[A-Za-z_]+")) {
      throw new IllegalStateException("no such path here: " + path);
    }
    ObjectNode all = ((ObjectNode) data).deepCopy();
    all.set(path.substring(2), result);
    return all;
  }

  private static List<String> names(JsonNode rule) {
    return rule.path("ErrorEquals").values().stream().map(JsonNode::asString).toList();
  }

  private static void known(JsonNode node, Set<String> fields, String what) {
    Set<String> unknown = new TreeSet<>();
    node.properties().forEach(field -> unknown.add(field.getKey()));
    unknown.removeAll(fields);
    if (!node.isObject() || !unknown.isEmpty()) {
      throw new IllegalStateException(what + " has what is not run here: " + unknown);
    }
  }
}
