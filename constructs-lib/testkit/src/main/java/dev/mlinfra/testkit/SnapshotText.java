package dev.mlinfra.testkit;

import dev.mlinfra.template.Output;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.StableText;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A stack as text for review: sorted, and without what moves although nothing changed. */
final class SnapshotText {
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter WRITER =
      JsonMapper.shared().writer().with(new DefaultPrettyPrinter().withObjectIndenter(INDENT));

  /** Attributes of a Pulumi resource that say what it is, not what happened to it. */
  private static final List<String> PULUMI_ATTRIBUTES =
      List.of(
          "aliases",
          "additionalSecretOutputs",
          "customTimeouts",
          "dependencies",
          "deletedWith",
          "external",
          "ignoreChanges",
          "parent",
          "propertyDependencies",
          "protect",
          "replaceOnChanges",
          "retainOnDelete");

  private SnapshotText() {}

  /** The text of a stack, or of a Pulumi graph. */
  static String of(Stack stack, boolean pulumi) {
    Map<String, Value> entries = pulumi ? graph(stack) : template(stack);
    return WRITER.writeValueAsString(normalised(json(new Value.Mapping(entries)), "")) + "\n";
  }

  private static Map<String, Value> graph(Stack stack) {
    Map<String, Value> entries = new LinkedHashMap<>();
    stack.resources().forEach((urn, resource) -> entries.put(urn, pulumi(resource)));
    return entries;
  }

  private static Map<String, Value> template(Stack stack) {
    Map<String, Value> parameters = new LinkedHashMap<>();
    stack.parameters().forEach((name, parameter) -> parameters.put(name, parameter.declaration()));
    parameters.remove("BootstrapVersion");
    Map<String, Value> conditions = new LinkedHashMap<>(stack.conditions());
    conditions.remove("CDKMetadataAvailable");
    Map<String, Value> resources = new LinkedHashMap<>();
    stack.resources().values().stream()
        .filter(resource -> !resource.type().equals("AWS::CDK::Metadata"))
        .forEach(resource -> resources.put(resource.id().name(), resource(resource)));
    Map<String, Value> outputs = new LinkedHashMap<>();
    stack.outputs().forEach((name, output) -> outputs.put(name, output(output)));

    Map<String, Value> template = new LinkedHashMap<>();
    template.put("Transform", new Value.Sequence(stack.transforms()));
    template.put("Parameters", new Value.Mapping(parameters));
    template.put("Mappings", new Value.Mapping(stack.mappings()));
    template.put("Conditions", new Value.Mapping(conditions));
    template.put("Resources", new Value.Mapping(resources));
    template.put("Outputs", new Value.Mapping(outputs));
    template.values().removeIf(SnapshotText::isEmpty);
    return template;
  }

  private static Value resource(Resource resource) {
    Map<String, Value> entries = new LinkedHashMap<>(resource.attributes());
    entries.put("Type", new Value.Text(resource.type()));
    entries.put("Properties", resource.properties());
    if (resource.attribute("Metadata") instanceof Value.Mapping metadata) {
      Map<String, Value> kept = new LinkedHashMap<>(metadata.entries());
      kept.keySet().removeIf(key -> key.startsWith("aws:cdk:") || key.startsWith("aws:asset:"));
      entries.put("Metadata", new Value.Mapping(kept));
    }
    entries.values().removeIf(SnapshotText::isEmpty);
    return new Value.Mapping(entries);
  }

  private static Value output(Output output) {
    Map<String, Value> entries = new LinkedHashMap<>();
    entries.put("Value", output.value());
    output
        .exportName()
        .ifPresent(name -> entries.put("Export", new Value.Mapping(Map.of("Name", name))));
    return new Value.Mapping(entries);
  }

  private static Value pulumi(Resource resource) {
    Map<String, Value> entries = new LinkedHashMap<>();
    entries.put("type", new Value.Text(resource.type()));
    entries.put("inputs", resource.properties());
    for (String name : PULUMI_ATTRIBUTES) {
      entries.put(name, resource.attribute(name));
    }
    entries.put("provider", provider(resource.attribute("provider")));
    // What a provider answers is its own; what a component or the stack gives out is the program's.
    if (!resource.attribute("custom").asBoolean().orElse(false)) {
      entries.put("outputs", resource.attribute("outputs"));
    }
    entries.values().removeIf(value -> isEmpty(value) || value.equals(new Value.Bool(false)));
    return new Value.Mapping(entries);
  }

  /** A provider by URN. The engine's own are named by their version, and go without saying. */
  private static Value provider(Value reference) {
    if (reference.asText().isEmpty()) {
      return reference;
    }
    String[] parts = reference.asText().get().split("::", -1);
    return parts.length < 4 || parts[3].startsWith("default")
        ? new Value.Missing()
        : new Value.Text(String.join("::", Arrays.copyOf(parts, 4)));
  }

  private static boolean isEmpty(Value value) {
    return value.isMissing()
        || (value instanceof Value.Mapping && value.asMap().isEmpty())
        || (value instanceof Value.Sequence && value.asList().isEmpty());
  }

  private static JsonNode json(Value value) {
    if (value instanceof Value.Mapping mapping) {
      ObjectNode object = JsonMapper.shared().createObjectNode();
      mapping.entries().forEach((name, entry) -> object.set(name, json(entry)));
      return object;
    }
    if (value instanceof Value.Sequence sequence) {
      ArrayNode list = JsonMapper.shared().createArrayNode();
      sequence.items().forEach(item -> list.add(json(item)));
      return list;
    }
    return value instanceof Value.Unknown unknown && unknown.raw() instanceof Value.Null
        ? StringNode.valueOf("[unknown]")
        : JsonMapper.shared().readTree(value.toJson());
  }

  /** Sorted and without hashes. Keys that become the same are numbered by what they hold. */
  private static JsonNode normalised(JsonNode node, String key) {
    if (node.isString()) {
      return StringNode.valueOf(StableText.of(node.asString(), key));
    }
    if (node.isArray()) {
      ArrayNode list = JsonMapper.shared().createArrayNode();
      node.forEach(item -> list.add(normalised(item, key)));
      return list;
    }
    if (!node.isObject()) {
      return node;
    }
    Map<String, List<JsonNode>> entries = new TreeMap<>();
    node.properties()
        .forEach(
            entry ->
                entries
                    .computeIfAbsent(StableText.of(entry.getKey(), ""), name -> new ArrayList<>())
                    .add(normalised(entry.getValue(), entry.getKey())));
    ObjectNode object = JsonMapper.shared().createObjectNode();
    entries.forEach(
        (name, values) -> {
          values.sort(Comparator.comparing(JsonNode::toString));
          for (int i = 0; i < values.size(); i++) {
            object.set(i == 0 ? name : name + "#" + (i + 1), values.get(i));
          }
        });
    return object;
  }
}
