package dev.mlinfra.review;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which properties of a CloudFormation type replace the resource when they change, as the vendor's
 * schemas say.
 *
 * @param always paths without the numbers of items
 * @param perhaps paths of which the provider decides case by case
 */
record ReplacedBy(List<String> always, List<String> perhaps) {
  /** What a change of a property does. */
  enum Answer {
    UPDATED,
    PERHAPS,
    REPLACED
  }

  private static final ReplacedBy NOTHING = new ReplacedBy(List.of(), List.of());

  private static final Map<String, ReplacedBy> TYPES = read();

  private static Map<String, ReplacedBy> read() {
    String name = "replaced-by.csv";
    Map<String, ReplacedBy> types = new HashMap<>();
    try (InputStream in = Objects.requireNonNull(ReplacedBy.class.getResourceAsStream(name), name);
        CsvReader<NamedCsvRecord> rows =
            CsvReader.builder()
                .commentStrategy(CommentStrategy.SKIP)
                .ofNamedCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      rows.forEach(
          row ->
              types.put(
                  row.getField("type"),
                  new ReplacedBy(paths(row.getField("always")), paths(row.getField("perhaps")))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.copyOf(types);
  }

  private static List<String> paths(String field) {
    return field.isEmpty() ? List.of() : List.of(field.split(" ", -1));
  }

  /** Of a type that the schemas do not know, nothing is said to replace it. */
  static ReplacedBy of(String type) {
    return TYPES.getOrDefault(type, NOTHING);
  }

  static boolean knows(String type) {
    return TYPES.containsKey(type);
  }

  /** What a change at a path of a {@link Difference} does. */
  Answer answer(String path) {
    String plain = path.replaceAll("\\[[^]]*]", "");
    if (always.stream().anyMatch(it -> isAtOrBelow(plain, it))) {
      return Answer.REPLACED;
    }
    // What stands above one of them may change it or not.
    boolean perhapsIt =
        perhaps.stream().anyMatch(it -> isAtOrBelow(plain, it) || isAtOrBelow(it, plain))
            || always.stream().anyMatch(it -> isAtOrBelow(it, plain));
    return perhapsIt ? Answer.PERHAPS : Answer.UPDATED;
  }

  private static boolean isAtOrBelow(String path, String above) {
    return path.equals(above) || path.startsWith(above + ".");
  }
}
