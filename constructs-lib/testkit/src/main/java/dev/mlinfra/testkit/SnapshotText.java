package dev.mlinfra.testkit;

import dev.mlinfra.template.Output;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
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

  /** A number of 64 digits is no hash. */
  private static final String HASH = "(?=[0-9]*[a-f])[0-9a-f]{64}";

  /**
   * The hash of an asset, as the end of a key or tag. A digest that someone wrote, such as an
   * image's, is a setting and stays; so does a folder that is named by a hash.
   */
  private static final Pattern ASSET =
      Pattern.compile("(?<!sha256:)(?<![0-9a-f])" + HASH + "(?![0-9a-f/])");

  private static final Pattern WHOLE = Pattern.compile(HASH);

  /** The id of a legacy asset's parameter, whose end is a hash over the asset's hash. */
  private static final Pattern ASSET_PARAMETER =
      Pattern.compile("(AssetParameters)" + HASH + "([A-Z][A-Za-z0-9]*?)[0-9A-F]{8}");

  /**
   * A logical id that ends in a hash of what it holds: a version of a function, a deployment of an
   * API. An export of it has a hash over that in its own end.
   */
  private static final Pattern VERSION =
      Pattern.compile(
          "([0-9A-F]{8})(?=[0-9]*[a-f])[0-9a-f]{32}(?![0-9a-f])(?:([A-Z][A-Za-z]*?)[0-9A-F]{8})?");

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
      return StringNode.valueOf(text(node.asString(), key));
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
                    .computeIfAbsent(text(entry.getKey(), ""), name -> new ArrayList<>())
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

  /**
   * A text without hashes of assets and versions.
   *
   * @param key name of the property that holds it: a bare hash is an asset's only where a key of an
   *     object in a bucket is asked for
   */
  private static String text(String text, String key) {
    if (WHOLE.matcher(text).matches()) {
      boolean asset = key.contains("Key") || key.equals("hash");
      return asset ? "<asset>" : text;
    }
    String result = ASSET_PARAMETER.matcher(text).replaceAll("$1<asset>$2<id>");
    result = ASSET.matcher(result).replaceAll("<asset>");
    return VERSION
        .matcher(result)
        .replaceAll(
            match ->
                match.group(1)
                    + "<version>"
                    + (match.group(2) == null ? "" : match.group(2) + "<id>"));
  }
}
