package dev.mlinfra.template.internal;

import dev.mlinfra.template.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes the same value with other children. */
final class Rebuild {
  private Rebuild() {}

  static Map<String, Value> map(Map<String, Value> entries, UnaryOperator<Value> change) {
    Map<String, Value> changed = new LinkedHashMap<>();
    entries.forEach((key, value) -> changed.put(key, change.apply(value)));
    return changed;
  }

  static List<Value> list(List<Value> items, UnaryOperator<Value> change) {
    return items.stream().map(change).toList();
  }

  /** The value with {@code change} applied to each child; what has none is answered as it is. */
  static Value children(Value value, UnaryOperator<Value> change) {
    if (value instanceof Value.Sequence sequence) {
      return new Value.Sequence(list(sequence.items(), change));
    }
    if (value instanceof Value.Mapping mapping) {
      return new Value.Mapping(map(mapping.entries(), change));
    }
    if (value instanceof Value.Sub sub) {
      return new Value.Sub(sub.template(), map(sub.variables(), change));
    }
    if (value instanceof Value.Join join) {
      return new Value.Join(join.delimiter(), change.apply(join.parts()));
    }
    if (value instanceof Value.ImportValue imported) {
      return new Value.ImportValue(change.apply(imported.name()));
    }
    if (value instanceof Value.StackOutput output) {
      return new Value.StackOutput(
          change.apply(output.stack()),
          change.apply(output.output()),
          output.region().map(change),
          output.roleArn().map(change));
    }
    if (value instanceof Value.Select select) {
      return new Value.Select(change.apply(select.index()), change.apply(select.from()));
    }
    if (value instanceof Value.Split split) {
      return new Value.Split(split.delimiter(), change.apply(split.source()));
    }
    if (value instanceof Value.FindInMap find) {
      return new Value.FindInMap(
          change.apply(find.map()),
          change.apply(find.key()),
          change.apply(find.secondKey()),
          find.otherwise().map(change));
    }
    if (value instanceof Value.If branch) {
      return new Value.If(
          branch.condition(), change.apply(branch.then()), change.apply(branch.otherwise()));
    }
    if (value instanceof Value.Transform transform) {
      return new Value.Transform(transform.name(), change.apply(transform.parameters()));
    }
    if (value instanceof Value.Base64 base64) {
      return new Value.Base64(change.apply(base64.text()));
    }
    if (value instanceof Value.Cidr cidr) {
      return new Value.Cidr(
          change.apply(cidr.block()), change.apply(cidr.count()), cidr.bits().map(change));
    }
    if (value instanceof Value.GetAZs zones) {
      return new Value.GetAZs(change.apply(zones.region()));
    }
    if (value instanceof Value.Equals equals) {
      return new Value.Equals(change.apply(equals.left()), change.apply(equals.right()));
    }
    if (value instanceof Value.And and) {
      return new Value.And(list(and.tests(), change));
    }
    if (value instanceof Value.Or or) {
      return new Value.Or(list(or.tests(), change));
    }
    return value instanceof Value.Not not ? new Value.Not(change.apply(not.test())) : value;
  }
}
