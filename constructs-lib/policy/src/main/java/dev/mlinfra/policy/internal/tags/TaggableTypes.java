package dev.mlinfra.policy.internal.tags;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.policy.internal.DataFile;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which property of a CloudFormation type takes its tags: the vendor's own answer, as a table; its
 * head says of which version.
 */
final class TaggableTypes {
  /** How a property writes tags. */
  enum Shape {
    /** A list of {@code Key} and {@code Value}. */
    LIST,
    /** A map from key to value. */
    MAP,
    /** A list below {@code Items}. */
    ITEMS,
    /** A list of {@code ResourceType} and {@code Tags}. */
    SPECIFICATIONS
  }

  /**
   * Where the tags of a type stand.
   *
   * @param property name of the property; empty when the type takes no tags
   */
  record Tagging(String property, Shape shape) {}

  private static final Map<String, Optional<Tagging>> TYPES =
      DataFile.read(TaggableTypes.class, "taggable-types.csv").stream()
          .collect(Collectors.toUnmodifiableMap(row -> row.getField("type"), TaggableTypes::of));

  private TaggableTypes() {}

  private static Optional<Tagging> of(NamedCsvRecord row) {
    return row.getField("property").isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Tagging(
                row.getField("property"),
                Shape.valueOf(row.getField("shape").toUpperCase(Locale.ROOT))));
  }

  /** Whether the table has the type. */
  static boolean knows(String type) {
    return TYPES.containsKey(type);
  }

  /** Where the type's tags stand; empty when it takes none, or is not in the table. */
  static Optional<Tagging> tagging(String type) {
    return TYPES.getOrDefault(type, Optional.empty());
  }
}
