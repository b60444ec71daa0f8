package dev.mlinfra.template.internal;

import dev.mlinfra.core.Position;
import dev.mlinfra.template.Gap;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Parameter;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import dev.mlinfra.template.internal.Node.ListNode;
import dev.mlinfra.template.internal.Node.MapNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads one CloudFormation template. */
final class TemplateReader {
  private final Node template;
  private final Names names;
  private final Origins origins;
  private final List<Gap> gaps;

  private TemplateReader(Node template, Names names, Origins origins, List<Gap> gaps) {
    this.template = template;
    this.names = names;
    this.origins = origins;
    this.gaps = gaps;
  }

  /** Whether it looks like a template at all. */
  static boolean accepts(Node node) {
    return node.get("Resources").isPresent() || node.get("AWSTemplateFormatVersion").isPresent();
  }

  /**
   * Reads a template.
   *
   * @param gaps takes what the template leaves open
   */
  static Stack read(Node template, Names names, Origins origins, List<Gap> gaps) {
    return new TemplateReader(template, names, origins, gaps).stack();
  }

  private Stack stack() {
    if (!(template instanceof MapNode)) {
      throw Unreadable.at(names.file(), template, "", "is not a map", "a template", "");
    }
    return new Stack(
        names.id(),
        names.name(),
        names.account(),
        names.region(),
        names.nestedIn(),
        names.file(),
        transforms(),
        section("Parameters", this::parameter),
        section("Mappings", (name, node) -> CfnValues.of(node)),
        section("Conditions", (name, node) -> CfnValues.test(node)),
        section("Resources", this::resource),
        section("Outputs", this::output));
  }

  private List<Value> transforms() {
    List<Value> transforms =
        template.get("Transform").map(CfnValues::of).orElse(new Value.Missing()).oneOrMany();
    for (Value transform : transforms) {
      gap("the macro " + transform.toJson() + " runs at deploy time and can change the template");
    }
    return transforms;
  }

  private <T> Map<String, T> section(String section, BiFunction<String, Node, T> reader) {
    Map<String, T> read = new LinkedHashMap<>();
    Optional<Node> node = template.get(section);
    // An empty section is a null in YAML.
    boolean empty =
        node.isEmpty()
            || (node.get() instanceof Node.ScalarNode scalar && scalar.kind() == Node.Kind.NOTHING);
    if (empty) {
      return read;
    }
    if (!(node.get() instanceof MapNode)) {
      throw wrong(node.get(), section, "is not a map");
    }
    node.get()
        .map()
        .forEach(
            (name, entry) -> {
              if (CfnValues.isFunction(name)) {
                gap(section + " holds " + name + ", which is expanded at deploy time");
              } else {
                read.put(name, reader.apply(name, entry));
              }
            });
    return read;
  }

  private void gap(String what) {
    gaps.add(new Gap(names.id(), what));
  }

  private RuntimeException wrong(Node node, String path, String given) {
    return Unreadable.at(
        names.file(), node, path, given, "what CloudFormation's template anatomy says", "");
  }

  private Parameter parameter(String name, Node node) {
    String path = "Parameters." + name;
    if (!(node instanceof MapNode)) {
      throw wrong(node, path, "is not a map");
    }
    Map<String, Value> declaration = new LinkedHashMap<>(CfnValues.mapping(node).entries());
    boolean hidden =
        declaration
            .getOrDefault("NoEcho", new Value.Missing())
            .asBoolean()
            .orElse(declaration.containsKey("NoEcho"));
    if (hidden) {
      declaration.computeIfPresent(
          "Default", (key, value) -> isEmpty(value) ? value : new Value.Secret());
      declaration.put("NoEcho", new Value.Bool(true));
    }
    return new Parameter(
        names.id(),
        name,
        node.text("Type").orElse("String"),
        Optional.ofNullable(declaration.get("Default")),
        new Value.Mapping(declaration));
  }

  /** An empty default is no secret, and says that none stands in the template. */
  private static boolean isEmpty(Value value) {
    return value.asText().filter(String::isEmpty).isPresent();
  }

  private Output output(String name, Node node) {
    if (!(node instanceof MapNode)) {
      throw wrong(node, "Outputs." + name, "is not a map");
    }
    return new Output(
        names.id(),
        name,
        node.get("Value").map(CfnValues::of).orElse(new Value.Missing()),
        node.get("Export").flatMap(export -> export.get("Name")).map(CfnValues::of));
  }

  private Resource resource(String name, Node node) {
    String path = "Resources." + name;
    if (!(node instanceof MapNode)) {
      throw wrong(node, path, "is not a map");
    }
    String type = node.text("Type").orElseThrow(() -> wrong(node, path, "has no Type"));
    Map<String, Value> attributes = new LinkedHashMap<>();
    node.map()
        .forEach(
            (key, value) -> {
              if (!key.equals("Type") && !key.equals("Properties")) {
                attributes.put(key, CfnValues.of(value));
              }
            });
    Optional<String> constructPath =
        node.get("Metadata")
            .flatMap(metadata -> metadata.text("aws:cdk:path"))
            .or(() -> origins.path(name));
    return new Resource(
        new ResourceId(names.id(), name),
        type,
        properties(path, node),
        attributes,
        constructPath,
        constructPath.map(origins::trace).orElse(List.of()),
        Optional.of(new Position(names.file(), node.line(), node.column())));
  }

  private Value properties(String path, Node node) {
    Optional<Node> properties = node.get("Properties");
    if (properties.filter(ListNode.class::isInstance).isPresent()) {
      throw wrong(properties.get(), path + ".Properties", "is a list");
    }
    Value value =
        properties.map(CfnValues::of).orElseGet(() -> new Value.Mapping(new LinkedHashMap<>()));
    return value instanceof Value.Null ? new Value.Mapping(Map.of()) : value;
  }
}
