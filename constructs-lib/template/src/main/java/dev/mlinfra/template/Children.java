package dev.mlinfra.template;

import dev.mlinfra.template.internal.SubText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stands inside a value. */
final class Children {
  private Children() {}

  static List<Value> of(Value value) {
    if (value instanceof Value.Sequence sequence) {
      return sequence.items();
    }
    if (value instanceof Value.Mapping mapping) {
      return List.copyOf(mapping.entries().values());
    }
    if (value instanceof Value.Unknown unknown) {
      return List.of(unknown.raw());
    }
    return value instanceof Value.Intrinsic intrinsic ? arguments(intrinsic) : List.of();
  }

  private static List<Value> arguments(Value.Intrinsic intrinsic) {
    if (intrinsic instanceof Value.Sub sub) {
      return List.copyOf(sub.variables().values());
    }
    if (intrinsic instanceof Value.Join join) {
      return List.of(join.parts());
    }
    if (intrinsic instanceof Value.ImportValue imported) {
      return List.of(imported.name());
    }
    if (intrinsic instanceof Value.StackOutput output) {
      List<Value> all = new ArrayList<>(List.of(output.stack(), output.output()));
      output.region().ifPresent(all::add);
      output.roleArn().ifPresent(all::add);
      return List.copyOf(all);
    }
    if (intrinsic instanceof Value.Select select) {
      return List.of(select.index(), select.from());
    }
    if (intrinsic instanceof Value.Split split) {
      return List.of(split.source());
    }
    if (intrinsic instanceof Value.FindInMap find) {
      List<Value> all = new ArrayList<>(List.of(find.map(), find.key(), find.secondKey()));
      find.otherwise().ifPresent(all::add);
      return List.copyOf(all);
    }
    if (intrinsic instanceof Value.If branch) {
      return List.of(branch.then(), branch.otherwise());
    }
    if (intrinsic instanceof Value.Transform transform) {
      return List.of(transform.parameters());
    }
    if (intrinsic instanceof Value.Base64 base64) {
      return List.of(base64.text());
    }
    if (intrinsic instanceof Value.Cidr cidr) {
      List<Value> all = new ArrayList<>(List.of(cidr.block(), cidr.count()));
      cidr.bits().ifPresent(all::add);
      return List.copyOf(all);
    }
    if (intrinsic instanceof Value.GetAZs zones) {
      return List.of(zones.region());
    }
    if (intrinsic instanceof Value.Equals equals) {
      return List.of(equals.left(), equals.right());
    }
    if (intrinsic instanceof Value.And and) {
      return and.tests();
    }
    if (intrinsic instanceof Value.Or or) {
      return or.tests();
    }
    return intrinsic instanceof Value.Not not ? List.of(not.test()) : List.of();
  }

  static void collectNames(Value value, Set<String> names) {
    if (value instanceof Value.Ref ref) {
      names.add(ref.name());
    } else if (value instanceof Value.GetAtt attribute) {
      names.add(attribute.resource());
    } else if (value instanceof Value.Sub sub) {
      SubText.names(sub.template()).stream()
          .filter(name -> !sub.variables().containsKey(name))
          .map(name -> name.contains(".") ? name.substring(0, name.indexOf('.')) : name)
          .forEach(names::add);
    }
    for (Value child : of(value)) {
      collectNames(child, names);
    }
  }

  static void collectReferences(Value value, Set<ResourceId> found) {
    if (value instanceof Value.Reference reference) {
      found.add(reference.resource());
    }
    for (Value child : of(value)) {
      collectReferences(child, found);
    }
  }
}
