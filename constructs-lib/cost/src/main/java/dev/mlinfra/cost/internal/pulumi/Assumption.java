package dev.mlinfra.cost.internal.pulumi;

import dev.mlinfra.cost.internal.DataFile;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A number that no input gives, from {@code assumptions-pulumi.csv}.
 *
 * @param name such as {@code gke.zonesOfARegion}
 * @param value in its unit
 * @param unit such as {@code zones}
 */
public record Assumption(String name, double value, String unit) {
  private static final Map<String, Assumption> ALL =
      DataFile.read(Assumption.class, "assumptions-pulumi.csv").stream()
          .map(
              row ->
                  new Assumption(
                      row.getField("name"),
                      Double.parseDouble(row.getField("value")),
                      row.getField("unit")))
          .collect(Collectors.toUnmodifiableMap(Assumption::name, it -> it));

  /** The assumption of a name. */
  public static Assumption of(String name) {
    return Optional.ofNullable(ALL.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no assumption is called " + name));
  }

  /** {@code 3 zones (assumption gke.zonesOfARegion)}, to stand in a reason. */
  @Override
  public String toString() {
    return "%s %s (assumption %s)".formatted(Text.of(value), unit, name);
  }
}
