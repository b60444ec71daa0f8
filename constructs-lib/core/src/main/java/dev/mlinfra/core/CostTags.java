package dev.mlinfra.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tags by which a bill is read: six keys on everything that can carry a tag.
 *
 * @param project project
 * @param environment environment, such as {@code dev}
 * @param owner team or person who answers for it
 * @param costCenter who pays; key {@code cost-center}
 * @param workload what it is for, such as {@code prediction}
 * @param extra further tags that an organisation wants; may not use one of the six keys
 */
public record CostTags(
    String project,
    String environment,
    String owner,
    String costCenter,
    String workload,
    Map<String, String> extra) {

  /** The six keys, sorted. */
  public static final List<String> KEYS =
      List.of("cost-center", "environment", "managed-by", "owner", "project", "workload");

  /** Value of the key {@code managed-by}. */
  public static final String MANAGED_BY = "mlinfra";

  private static final java.util.regex.Pattern VALUE =
      java.util.regex.Pattern.compile("[A-Za-z0-9 _.:/=+@-]{1,128}");

  /**
   * @throws ValidationException when a value is not a tag value or an extra tag uses one of the six
   *     keys
   */
  public CostTags {
    extra = Map.copyOf(extra);
    List<Problem> problems = new ArrayList<>();
    checkValue("project", project, problems);
    checkValue("environment", environment, problems);
    checkValue("owner", owner, problems);
    checkValue("costCenter", costCenter, problems);
    checkValue("workload", workload, problems);
    new TreeMap<>(extra)
        .forEach(
            (key, value) -> {
              checkValue("extra." + key, value, problems);
              if (isReserved(key)) {
                problems.add(
                    Problem.of(
                        "extra." + key,
                        "is one of the six cost tags",
                        "any key but " + String.join(", ", KEYS),
                        "set the cost tag itself instead"));
              }
            });
    ValidationException.throwIfAny("CostTags", problems);
  }

  /** Whether a key is one of the six, in any case. */
  public static boolean isReserved(String key) {
    return KEYS.stream().anyMatch(key::equalsIgnoreCase);
  }

  /** All tags, sorted by key. */
  public Map<String, String> toMap() {
    Map<String, String> tags = new TreeMap<>(extra);
    tags.put("project", project);
    tags.put("environment", environment);
    tags.put("owner", owner);
    tags.put("cost-center", costCenter);
    tags.put("workload", workload);
    tags.put("managed-by", MANAGED_BY);
    return Collections.unmodifiableMap(tags);
  }

  /**
   * The tags as environment variables, for containers of services that have no tags: {@code
   * TAG_COST_CENTER} of {@code cost-center}.
   */
  public Map<String, String> toVariables() {
    Map<String, String> variables = new TreeMap<>();
    toMap().forEach((key, value) -> variables.put(variable(key), value));
    return variables;
  }

  /** The environment variable of a tag, such as {@code TAG_COST_CENTER} of {@code cost-center}. */
  public static String variable(String key) {
    return "TAG_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private static void checkValue(String path, String value, List<Problem> problems) {
    if (value == null || !VALUE.matcher(value).matches()) {
      problems.add(
          Problem.of(
              path,
              "given '" + value + "'",
              "1 to 128 letters, digits, spaces and _ . : / = + @ -",
              ""));
    }
  }
}
