package dev.mlinfra.template;

import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** Writes a template as YAML, with short tags where they exist; a writer of the test's own. */
final class Yaml {
  private Yaml() {}

  static String of(Value value) {
    return "Resources:\n  A:\n    Type: T\n    Properties:\n      P: " + flow(value) + "\n";
  }

  private static String quoted(String text) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultScalarStyle(ScalarStyle.DOUBLE_QUOTED)
            .setWidth(1_000_000)
            .setSplitLines(false)
            .build();
    return new Dump(settings).dumpToString(text).strip();
  }

  private static String flow(Value value) {
    if (value instanceof Value.Ref ref) {
      return "!Ref " + quoted(ref.name());
    }
    if (value instanceof Value.GetAtt attribute) {
      return "!GetAtt " + attribute.resource() + "." + attribute.attribute();
    }
    if (value instanceof Value.Sub sub && sub.variables().isEmpty()) {
      return "!Sub " + quoted(sub.template());
    }
    if (value instanceof Value.Sub sub) {
      return "!Sub [" + quoted(sub.template()) + ", " + map(sub.variables()) + "]";
    }
    if (value instanceof Value.Join join) {
      return "!Join [" + quoted(join.delimiter()) + ", " + flow(join.parts()) + "]";
    }
    if (value instanceof Value.If branch) {
      return "!If [%s, %s, %s]"
          .formatted(quoted(branch.condition()), flow(branch.then()), flow(branch.otherwise()));
    }
    if (value instanceof Value.Select select) {
      return "!Select [" + flow(select.index()) + ", " + flow(select.from()) + "]";
    }
    if (value instanceof Value.Split split) {
      return "!Split [" + quoted(split.delimiter()) + ", " + flow(split.source()) + "]";
    }
    if (value instanceof Value.ImportValue imported) {
      return "{\"Fn::ImportValue\": " + flow(imported.name()) + "}";
    }
    if (value instanceof Value.Sequence sequence) {
      return list(sequence.items());
    }
    if (value instanceof Value.Mapping mapping) {
      return map(mapping.entries());
    }
    return value instanceof Value.Text text ? quoted(text.text()) : value.toJson();
  }

  private static String list(List<Value> items) {
    return "[" + String.join(", ", items.stream().map(Yaml::flow).toList()) + "]";
  }

  private static String map(Map<String, Value> entries) {
    return "{"
        + String.join(
            ", ",
            entries.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ": " + flow(entry.getValue()))
                .toList())
        + "}";
  }
}
