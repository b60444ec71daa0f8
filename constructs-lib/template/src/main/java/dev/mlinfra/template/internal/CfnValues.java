package dev.mlinfra.template.internal;

import dev.mlinfra.template.Value;
import dev.mlinfra.template.internal.Node.ListNode;
import dev.mlinfra.template.internal.Node.MapNode;
import dev.mlinfra.template.internal.Node.ScalarNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives a template's nodes their meaning.
 *
 * <p>A function in a form that CloudFormation does not know becomes {@link Value.Unknown}, as does
 * a function that this model does not know: a wrong reading would be worse than none.
 */
final class CfnValues {
  private static final Map<String, Function<Node, Optional<Value>>> FUNCTIONS =
      Map.ofEntries(
          Map.entry("Fn::GetAtt", CfnValues::getAtt),
          Map.entry("Fn::Sub", CfnValues::sub),
          Map.entry("Fn::Join", CfnValues::join),
          Map.entry("Fn::ImportValue", node -> Optional.of(new Value.ImportValue(of(node)))),
          Map.entry("Fn::GetStackOutput", CfnValues::stackOutput),
          Map.entry("Fn::Select", CfnValues::select),
          Map.entry("Fn::Split", CfnValues::split),
          Map.entry("Fn::FindInMap", CfnValues::findInMap),
          Map.entry("Fn::If", CfnValues::branch),
          Map.entry("Fn::Transform", CfnValues::transform),
          Map.entry("Fn::Base64", node -> Optional.of(new Value.Base64(of(node)))),
          Map.entry("Fn::Cidr", CfnValues::cidr),
          Map.entry("Fn::GetAZs", node -> Optional.of(new Value.GetAZs(of(node)))),
          Map.entry("Fn::Equals", CfnValues::equal),
          Map.entry("Fn::And", node -> tests(node).map(Value.And::new)),
          Map.entry("Fn::Or", node -> tests(node).map(Value.Or::new)),
          Map.entry("Fn::Not", CfnValues::not));

  private CfnValues() {}

  static Value of(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    if (node instanceof ListNode list) {
      return new Value.Sequence(list.items().stream().map(CfnValues::of).toList());
    }
    Map<String, Node> entries = node.map();
    if (entries.size() == 1) {
      Map.Entry<String, Node> only = entries.entrySet().iterator().next();
      if (only.getKey().equals("Ref")) {
        return only.getValue().asText().<Value>map(Value.Ref::new).orElseGet(() -> unknown(node));
      }
      if (isFunction(only.getKey())) {
        Function<Node, Optional<Value>> function = FUNCTIONS.get(only.getKey());
        return (function == null ? Optional.<Value>empty() : function.apply(only.getValue()))
            .orElseGet(() -> unknown(node));
      }
    }
    // Beside a macro or a loop stands only a part of what will be deployed.
    boolean partly = entries.keySet().stream().anyMatch(CfnValues::isFunction);
    return partly ? unknown(node) : mapping(node);
  }

  /** A condition: here {@code Condition} names another one. */
  static Value test(Node node) {
    Optional<String> other = node.map().size() == 1 ? node.text("Condition") : Optional.empty();
    return other.<Value>map(Value.ConditionRef::new).orElseGet(() -> of(node));
  }

  static boolean isFunction(String key) {
    return key.startsWith("Fn::");
  }

  static Value.Mapping mapping(Node node) {
    Map<String, Value> values = new LinkedHashMap<>();
    node.map().forEach((key, value) -> values.put(key, of(value)));
    return new Value.Mapping(values);
  }

  private static Value unknown(Node node) {
    String what =
        node.map().keySet().stream()
            .filter(CfnValues::isFunction)
            .findFirst()
            .orElseGet(() -> "Fn::Ref");
    return new Value.Unknown(what, mapping(node));
  }

  static Value scalar(ScalarNode scalar) {
    return switch (scalar.kind()) {
      case TEXT -> new Value.Text(scalar.text());
      case NUMBER -> number(scalar.text());
      case BOOLEAN -> new Value.Bool(Boolean.parseBoolean(scalar.text()));
      case NOTHING -> new Value.Null();
    };
  }

  private static Value number(String text) {
    try {
      return new Value.Num(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return new Value.Text(text);
    }
  }

  private static Optional<List<Node>> arguments(Node node, int least, int most) {
    int size = node.list().size();
    return size >= least && size <= most ? Optional.of(node.list()) : Optional.empty();
  }

  private static Optional<Value> getAtt(Node node) {
    Optional<String> dotted = node.asText().filter(text -> text.indexOf('.') > 0);
    if (dotted.isPresent()) {
      int dot = dotted.get().indexOf('.');
      return Optional.of(
          new Value.GetAtt(dotted.get().substring(0, dot), dotted.get().substring(dot + 1)));
    }
    return arguments(node, 2, 2)
        .flatMap(
            all ->
                all.get(0)
                    .asText()
                    .flatMap(
                        resource ->
                            all.get(1)
                                .asText()
                                .map(attribute -> new Value.GetAtt(resource, attribute))));
  }

  private static Optional<Value> sub(Node node) {
    if (node.asText().isPresent()) {
      return Optional.of(new Value.Sub(node.asText().get(), Map.of()));
    }
    return arguments(node, 2, 2)
        .filter(all -> all.get(1) instanceof MapNode)
        .filter(all -> all.get(1).map().keySet().stream().noneMatch(CfnValues::isFunction))
        .flatMap(
            all ->
                all.get(0)
                    .asText()
                    .map(text -> new Value.Sub(text, mapping(all.get(1)).entries())));
  }

  private static Optional<Value> join(Node node) {
    return arguments(node, 2, 2)
        .filter(all -> !(all.get(1) instanceof ScalarNode))
        .flatMap(all -> all.get(0).asText().map(text -> new Value.Join(text, of(all.get(1)))));
  }

  private static Optional<Value> stackOutput(Node node) {
    return node.get("StackName")
        .flatMap(
            stack ->
                node.get("OutputName")
                    .map(
                        output ->
                            new Value.StackOutput(
                                of(stack),
                                of(output),
                                node.get("Region").map(CfnValues::of),
                                node.get("RoleArn").map(CfnValues::of))));
  }

  private static Optional<Value> select(Node node) {
    return arguments(node, 2, 2).map(all -> new Value.Select(of(all.get(0)), of(all.get(1))));
  }

  private static Optional<Value> split(Node node) {
    return arguments(node, 2, 2)
        .flatMap(all -> all.get(0).asText().map(text -> new Value.Split(text, of(all.get(1)))));
  }

  private static Optional<Value> findInMap(Node node) {
    Optional<List<Node>> arguments = arguments(node, 3, 4);
    boolean known =
        arguments
            .filter(all -> all.size() == 3 || all.get(3).get("DefaultValue").isPresent())
            .isPresent();
    return arguments
        .filter(all -> known)
        .map(
            all ->
                new Value.FindInMap(
                    of(all.get(0)),
                    of(all.get(1)),
                    of(all.get(2)),
                    all.size() == 3
                        ? Optional.empty()
                        : all.get(3).get("DefaultValue").map(CfnValues::of)));
  }

  private static Optional<Value> branch(Node node) {
    return arguments(node, 3, 3)
        .flatMap(
            all ->
                all.get(0)
                    .asText()
                    .map(name -> new Value.If(name, of(all.get(1)), of(all.get(2)))));
  }

  private static Optional<Value> transform(Node node) {
    return node.text("Name")
        .map(
            name ->
                new Value.Transform(
                    name, node.get("Parameters").map(CfnValues::of).orElse(new Value.Missing())));
  }

  private static Optional<Value> cidr(Node node) {
    return arguments(node, 2, 3)
        .map(
            all ->
                new Value.Cidr(
                    of(all.get(0)),
                    of(all.get(1)),
                    all.size() == 3 ? Optional.of(of(all.get(2))) : Optional.empty()));
  }

  private static Optional<Value> equal(Node node) {
    return arguments(node, 2, 2).map(all -> new Value.Equals(of(all.get(0)), of(all.get(1))));
  }

  private static Optional<List<Value>> tests(Node node) {
    return arguments(node, 1, Integer.MAX_VALUE)
        .map(all -> all.stream().map(CfnValues::test).toList());
  }

  private static Optional<Value> not(Node node) {
    return arguments(node, 1, 1).map(all -> new Value.Not(test(all.get(0))));
  }
}
