package dev.mlinfra.review;

import dev.mlinfra.policy.Redaction;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.StableText;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.stream.Collectors;

/** Values as people read them; no secret is shown. */
final class Shown {
  /** What stands where only the deployment knows. */
  static final String UNKNOWN = "[known when deployed]";

  /** A value longer than this is cut. */
  private static final int LONGEST = 1_000;

  private Shown() {}

  /**
   * A value as text.
   *
   * @param name what holds it: that can say that it is a secret
   * @param context of the stack that it stands in
   */
  static String of(Value value, String name, Context context) {
    String text = text(value, name, context);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  private static String text(Value value, String name, Context context) {
    if (value.isMissing()) {
      return "";
    }
    if (value instanceof Value.Secret) {
      return Redaction.SECRET;
    }
    if (value instanceof Value.Unknown unknown && unknown.raw() instanceof Value.Null) {
      return UNKNOWN;
    }
    Optional<String> scalar = value.asText();
    if (scalar.isPresent()) {
      return Redaction.of(name, StableText.of(scalar.get(), name));
    }
    if (value instanceof Value.Sequence sequence) {
      return sequence.items().stream()
          .map(item -> text(item, name, context))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Value.Mapping mapping) {
      Optional<String> own = Items.name(value);
      return mapping.entries().entrySet().stream()
          .map(
              entry ->
                  entry.getKey()
                      + ": "
                      + text(
                          entry.getValue(),
                          entry.getKey().equalsIgnoreCase("value")
                              ? own.orElse(name)
                              : entry.getKey(),
                          context))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return Redaction.of(name, value.resolvedText(context).toString());
  }
}
