package dev.mlinfra.core.internal;

import dev.mlinfra.core.Problem;
import dev.mlinfra.core.internal.YamlValue.Entry;
import dev.mlinfra.core.internal.YamlValue.Kind;
import dev.mlinfra.core.internal.YamlValue.YamlList;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import dev.mlinfra.core.internal.YamlValue.YamlScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves {@code ${env:NAME}}, which only ids may use: a file that meant something else on each
 * machine would not be the one description of an environment.
 */
final class EnvironmentVariables {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([A-Za-z_][A-Za-z0-9_]*)\\}");

  private EnvironmentVariables() {}

  /** Whether a text is one reference and nothing else. */
  static boolean isReference(String text) {
    return REFERENCE.matcher(text).matches();
  }

  /** The environment with its references resolved, as far as they can be. */
  static YamlMap resolve(
      YamlMap environment, UnaryOperator<String> variables, List<Problem> problems) {
    return (YamlMap) resolve(environment, List.of(), variables, problems);
  }

  private static YamlValue resolve(
      YamlValue value, List<String> keys, UnaryOperator<String> variables, List<Problem> problems) {
    if (value instanceof YamlMap map) {
      Map<String, Entry> entries = new LinkedHashMap<>();
      map.entries()
          .forEach(
              (key, entry) -> {
                List<String> path = new ArrayList<>(keys);
                path.add(key);
                entries.put(
                    key, new Entry(entry.key(), resolve(entry.value(), path, variables, problems)));
              });
      return new YamlMap(map.position(), entries);
    }
    if (value instanceof YamlList list) {
      return new YamlList(
          list.position(),
          list.items().stream().map(item -> resolve(item, keys, variables, problems)).toList());
    }
    return resolve((YamlScalar) value, keys, variables, problems);
  }

  private static YamlScalar resolve(
      YamlScalar scalar,
      List<String> keys,
      UnaryOperator<String> variables,
      List<Problem> problems) {
    if (!scalar.text().contains("${")) {
      return scalar;
    }
    String path = String.join(".", keys);
    Matcher reference = REFERENCE.matcher(scalar.text());
    boolean allowedHere =
        SchemaCheck.schemaOf(keys)
            .map(node -> node.path("x-environment-variable").asBoolean(false))
            .orElse(false);
    if (!allowedHere || !reference.matches()) {
      problems.add(
          Problem.in(
              scalar.position(),
              path,
              "given '" + scalar.text() + "'",
              "${env:NAME} alone, and only for ids such as aws.account",
              "write the value itself"));
      return scalar;
    }
    String resolved = variables.apply(reference.group(1));
    if (resolved == null || resolved.isBlank()) {
      problems.add(
          Problem.in(
              scalar.position(),
              path,
              "the environment variable " + reference.group(1) + " is not set",
              "",
              "export " + reference.group(1) + "=…"));
      return scalar;
    }
    return new YamlScalar(scalar.position(), resolved, Kind.TEXT, Optional.of(reference.group(1)));
  }
}
