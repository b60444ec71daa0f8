package dev.mlinfra.review;

import dev.mlinfra.core.Environment;
import dev.mlinfra.policy.Redaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What differs between two environments as they take effect, defaults included.
 *
 * @param base name of the one
 * @param head name of the other
 * @param differences the settings that have other values, in the order of the environment file
 */
public record EnvironmentComparison(String base, String head, List<Difference> differences) {

  /** Words are in lower case in files. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE).build();

  public EnvironmentComparison {
    differences = List.copyOf(differences);
  }

  /** Compares two environments. */
  public static EnvironmentComparison of(Environment base, Environment head) {
    Map<String, String> before = settings(base);
    Map<String, String> after = settings(head);
    Set<String> paths = new LinkedHashSet<>(after.keySet());
    paths.addAll(before.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String path : paths) {
      String old = before.getOrDefault(path, "");
      String now = after.getOrDefault(path, "");
      if (!old.equals(now)) {
        differences.add(new Difference(path, old, now));
      }
    }
    return new EnvironmentComparison(base.name(), head.name(), differences);
  }

  private static Map<String, String> settings(Environment environment) {
    Map<String, String> settings = new LinkedHashMap<>();
    add("", "", JSON.valueToTree(environment), settings);
    return settings;
  }

  private static void add(String path, String name, JsonNode node, Map<String, String> settings) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  add(
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      entry.getKey(),
                      entry.getValue(),
                      settings));
    } else if (!node.isNull()) {
      settings.put(path.equals("name") ? "environment" : path, Redaction.of(name, text(node)));
    }
  }

  private static String text(JsonNode node) {
    if (node.isArray()) {
      return node.values().stream()
          .map(EnvironmentComparison::text)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return node.isNumber()
        ? node.decimalValue().stripTrailingZeros().toPlainString()
        : node.asString();
  }
}
