package dev.mlinfra.kubernetes.internal;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.core.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The labels of objects. */
public final class Labels {
  /** The label by which a workload finds its pods. */
  public static final String NAME = "app.kubernetes.io/name";

  private static final Pattern VALUE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  private Labels() {}

  /** The cost tags, and the name of what an object belongs to. */
  public static Map<String, String> of(String name, Optional<CostTags> tags) {
    Map<String, String> labels = new TreeMap<>();
    tags.ifPresent(it -> labels.putAll(it.toMap()));
    labels.put(NAME, name);
    return labels;
  }

  /** What of a workload never changes, so that a Deployment can find its pods by it. */
  public static Map<String, String> selector(String name) {
    return Map.of(NAME, name);
  }

  /** Cost tags that are no labels: tags may have spaces and signs, and twice the length. */
  public static List<Problem> problems(Optional<CostTags> tags) {
    return tags.map(CostTags::toMap).orElse(Map.of()).entrySet().stream()
        .filter(tag -> !VALUE.matcher(tag.getValue()).matches())
        .map(
            tag ->
                Problem.of(
                    "costTags." + tag.getKey(),
                    "given '" + tag.getValue() + "'",
                    "a label of Kubernetes: 1 to 63 of letters, digits, '.', '_' and '-'",
                    "write it without spaces and other signs"))
        .toList();
  }
}
