package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.DataFile;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A figure that neither a template nor the environment's usage says. All of them stand in {@code
 * assumptions.csv}, with the reason for each.
 *
 * @param name such as {@code lambda.secondsPerCall}
 * @param value in its unit
 * @param unit such as {@code s}
 */
record Assumption(String name, double value, String unit) {
  private static final Map<String, Assumption> ALL =
      DataFile.read(Assumption.class, "assumptions.csv").stream()
          .map(
              row ->
                  new Assumption(
                      row.getField("name"),
                      Double.parseDouble(row.getField("value")),
                      row.getField("unit")))
          .collect(Collectors.toUnmodifiableMap(Assumption::name, Function.identity()));

  /** The assumption of a name; an unknown name is a mistake in the program. */
  static Assumption of(String name) {
    Assumption found = ALL.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no assumption " + name + " in assumptions.csv");
    }
    return found;
  }

  /** For the reason of a charge: {@code assumption lambda.secondsPerCall = 2 s}. */
  @Override
  public String toString() {
    return "assumption " + name + " = " + Numbers.text(value) + " " + unit;
  }
}
