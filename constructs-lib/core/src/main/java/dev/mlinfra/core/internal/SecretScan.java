package dev.mlinfra.core.internal;

import dev.mlinfra.core.Problem;
import dev.mlinfra.core.SecretForms;
import dev.mlinfra.core.internal.YamlValue.Kind;
import dev.mlinfra.core.internal.YamlValue.YamlList;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import dev.mlinfra.core.internal.YamlValue.YamlScalar;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds secrets written in clear; what it finds is named, never shown. */
final class SecretScan {
  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(?i).*(password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential).*");

  private SecretScan() {}

  /** A problem for each secret in clear, in the order of the file. */
  static List<Problem> problems(YamlMap environment) {
    List<Problem> problems = new ArrayList<>();
    scan(environment, "", "", problems);
    return problems;
  }

  private static void scan(YamlValue value, String path, String key, List<Problem> problems) {
    if (value instanceof YamlMap map) {
      map.entries()
          .forEach(
              (name, entry) ->
                  scan(entry.value(), path.isEmpty() ? name : path + "." + name, name, problems));
    } else if (value instanceof YamlList list) {
      for (int i = 0; i < list.items().size(); i++) {
        scan(list.items().get(i), path + "[" + i + "]", key, problems);
      }
    } else if (value instanceof YamlScalar scalar) {
      scan(scalar, path, key, problems);
    }
  }

  private static void scan(YamlScalar scalar, String path, String key, List<Problem> problems) {
    String what = SecretForms.of(scalar.text()).orElse(null);
    if (what == null
        && SECRET_KEY.matcher(key).matches()
        && scalar.kind() != Kind.NOTHING
        && !scalar.text().isBlank()
        && !EnvironmentVariables.isReference(scalar.text())) {
      what = "a secret";
    }
    if (what != null) {
      problems.add(
          Problem.in(
              scalar.position(),
              path,
              "looks like " + what + " in clear",
              "${env:NAME}",
              "revoke it, since files are shared and kept, and set the new one as an environment variable"));
    }
  }
}
