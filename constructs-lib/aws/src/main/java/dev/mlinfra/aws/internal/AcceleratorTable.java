package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.Accelerator;
import dev.mlinfra.aws.AcceleratorKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                      sizes(row.getField("efa")),
                      text(row.getField("reason")),
                      text(row.getField("replacement"))))
          .toList();

  private AcceleratorTable() {}

  /** All rows. */
  public static List<Accelerator> all() {
    return ALL;
  }

  /** {@code 24xlarge:2 48xlarge:4}. */
  private static Map<String, Integer> sizes(String field) {
    return text(field).stream()
        .flatMap(sizes -> Stream.of(sizes.split(" ")))
        .map(size -> size.split(":"))
        .collect(Collectors.toMap(size -> size[0], size -> Integer.valueOf(size[1])));
  }

  private static Optional<String> text(String field) {
    return Optional.of(field).filter(it -> !it.isEmpty());
  }
}
