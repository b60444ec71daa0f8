package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.Accelerator;
import dev.mlinfra.aws.AcceleratorKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code accelerators.csv}. */
public final class AcceleratorTable {
  private static final List<Accelerator> ALL =
      DataFile.read("accelerators.csv").stream()
          .map(
              row ->
                  new Accelerator(
                      row.getField("family"),
                      text(row.getField("kind"))
                          .map(kind -> AcceleratorKind.valueOf(kind.toUpperCase(Locale.ROOT))),
                      row.getField("efa").equals("yes"),
                      text(row.getField("reason")),
                      text(row.getField("replacement"))))
          .toList();

  private AcceleratorTable() {}

  /** All rows. */
  public static List<Accelerator> all() {
    return ALL;
  }

  private static Optional<String> text(String field) {
    return Optional.of(field).filter(it -> !it.isEmpty());
  }
}
