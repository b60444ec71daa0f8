package dev.mlinfra.cost.internal.pulumi;

import dev.mlinfra.cost.Explained;
import dev.mlinfra.cost.internal.DataFile;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types without a price of their own, from {@code free-pulumi.csv}. */
final class UnbilledTypes {
  /**
   * One row.
   *
   * @param types the types that it is for
   * @param reason why they have no price
   * @param because the same in words
   */
  record Row(Pattern types, Explained.Reason reason, String because) {}

  private static final List<Row> ROWS =
      DataFile.read(UnbilledTypes.class, "free-pulumi.csv").stream()
          .map(
              row ->
                  new Row(
                      glob(row.getField("type")),
                      Explained.Reason.valueOf(row.getField("reason")),
                      row.getField("because")))
          .toList();

  private UnbilledTypes() {}

  /** The first row that is for a type. */
  static Optional<Row> of(String type) {
    return ROWS.stream().filter(row -> row.types().matcher(type).matches()).findFirst();
  }

  private static Pattern glob(String type) {
    return Pattern.compile(
        Stream.of(type.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }
}
