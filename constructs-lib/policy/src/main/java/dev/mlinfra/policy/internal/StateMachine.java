package dev.mlinfra.policy.internal;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A state machine of Step Functions, with its definition as far as it can be read.
 *
 * @param resource the resource
 * @param at the property that holds the definition
 * @param definition the definition, in which {@link #UNKNOWN} stands for what only the deployment
 *     knows; empty when it stands elsewhere, or is no JSON that can be read here
 */
public record StateMachine(Resource resource, String at, Optional<JsonNode> definition) {
  /** What stands in the definition for a part that only the deployment knows. */
  public static final String UNKNOWN = "(not known)";

  private static final String TYPE = "AWS::StepFunctions::StateMachine";

  /**
   * One state.
   *
   * @param at where it stands, such as {@code States.Train}
   * @param node what is written there
   */
  public record State(String at, JsonNode node) {
    /** The resource that a task calls, such as {@code arn:aws:states:::ecs:runTask.sync}. */
    public String calls() {
      return node.path("Resource").asString("");
    }

    /** What a task hands to what it calls, under either name. */
    public JsonNode arguments() {
      return node.path(argumentsName());
    }

    /** {@code Arguments} of JSONata, {@code Parameters} of JSONPath. */
    public String argumentsName() {
      return node.has("Arguments") ? "Arguments" : "Parameters";
    }
  }

  /** Every state machine of a model. */
  public static List<StateMachine> of(Inspection inspection) {
    return inspection.resources(TYPE).stream().map(it -> of(it, inspection)).toList();
  }

  private static StateMachine of(Resource resource, Inspection inspection) {
    Value text = inspection.property(resource, "DefinitionString");
    Map<String, Value> substitutions =
        inspection.property(resource, "DefinitionSubstitutions").asMap();
    if (text.isMissing()) {
      JsonNode node = json(inspection.property(resource, "Definition"), resource, inspection);
      return new StateMachine(resource, "Definition", Optional.of(node).filter(JsonNode::isObject));
    }
    String json = text(text, false, resource, inspection);
    for (Map.Entry<String, Value> each : substitutions.entrySet()) {
      String value = each.getValue().asText().orElse(UNKNOWN);
      json = json.replace("${" + each.getKey() + "}", value);
    }
    return new StateMachine(resource, "DefinitionString", parsed(json));
  }

  private static Optional<JsonNode> parsed(String json) {
    try {
      return Optional.of(JsonMapper.shared().readTree(json)).filter(JsonNode::isObject);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /**
   * A text with a word in place of each part that only the deployment knows.
   *
   * @param inside whether it is the text of a string, and not JSON in which a string begins and
   *     ends
   */
  private static String text(
      Value definition, boolean inside, Resource resource, Inspection inspection) {
    StringBuilder text = new StringBuilder();
    boolean quoted = inside;
    for (Value part : definition.resolvedText(inspection.context(resource)).parts()) {
      if (part instanceof Value.Text known) {
        text.append(known.text());
        quoted ^= !inside && hasOddQuotes(known.text());
      } else {
        text.append(quoted ? UNKNOWN : "\"" + UNKNOWN + "\"");
      }
    }
    return text.toString();
  }

  private static boolean hasOddQuotes(String text) {
    boolean odd = false;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '"') {
        odd = !odd;
      }
    }
    return odd;
  }

  private static JsonNode json(Value value, Resource resource, Inspection inspection) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    if (value instanceof Value.Mapping map) {
      ObjectNode node = make.objectNode();
      map.entries().forEach((key, each) -> node.set(key, json(each, resource, inspection)));
      return node;
    }
    if (value instanceof Value.Sequence list) {
      ArrayNode node = make.arrayNode();
      list.items().forEach(each -> node.add(json(each, resource, inspection)));
      return node;
    }
    if (value instanceof Value.Num number) {
      return make.numberNode(number.number());
    }
    if (value instanceof Value.Bool bool) {
      return make.booleanNode(bool.truth());
    }
    return value.isMissing()
        ? make.missingNode()
        : make.stringNode(text(value, true, resource, inspection));
  }

  /** Every state, at any depth. */
  public List<State> states() {
    List<State> states = new ArrayList<>();
    definition.ifPresent(root -> collect(root, states));
    return List.copyOf(states);
  }

  private static void collect(JsonNode machineOrBranch, List<State> states) {
    machineOrBranch
        .path("States")
        .properties()
        .forEach(
            each -> {
              JsonNode state = each.getValue();
              states.add(new State("States." + each.getKey(), state));
              state.path("Branches").forEach(branch -> collect(branch, states));
              collect(state.path("Iterator"), states);
              collect(state.path("ItemProcessor"), states);
            });
  }

  /**
   * Whether a value of the definition is worked out while the machine runs, or by the deployment.
   *
   * @param parent what the value stands in
   * @param name its name
   */
  public static boolean isDynamic(JsonNode parent, String name) {
    String text = parent.path(name).asString("");
    return parent.isString()
        || parent.has(name + ".$")
        || text.startsWith("{%")
        || text.contains(UNKNOWN);
  }

  /** Whether something certainly stands at the end of a way through maps, whatever it is. */
  public static Verdict present(JsonNode parent, String... steps) {
    JsonNode node = parent;
    for (int i = 0; i < steps.length; i++) {
      boolean last = i == steps.length - 1;
      if (node.has(steps[i] + ".$")) {
        return last ? Verdict.COMPLIANT : Verdict.UNDECIDED;
      }
      if (node.isString()) {
        return Verdict.UNDECIDED;
      }
      node = node.path(steps[i]);
    }
    return node.isMissingNode() || node.isNull() ? Verdict.VIOLATED : Verdict.COMPLIANT;
  }
}
