package dev.mlinfra.policy.internal.iam;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.policy.internal.DataFile;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A known way to more rights than were given.
 *
 * @param id of the table
 * @param beyond actions that must reach resources that nobody named, each with an example of one
 * @param with actions that must be allowed on something
 * @param holder {@code role}, {@code user} or {@code any}
 * @param passedTo the services that are given a role on the way
 * @param gives what is won
 */
record EscalationPath(
    String id,
    Map<String, String> beyond,
    List<String> with,
    String holder,
    List<String> passedTo,
    String gives) {

  /** Every known way; the head of the table says where it is from. */
  static final List<EscalationPath> ALL =
      DataFile.read(EscalationPath.class, "escalation-paths.csv").stream()
          .map(EscalationPath::of)
          .toList();

  private static EscalationPath of(NamedCsvRecord row) {
    Map<String, String> beyond = new LinkedHashMap<>();
    for (String entry : words(row.getField("beyond"))) {
      int equals = entry.indexOf('=');
      beyond.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return new EscalationPath(
        row.getField("id"),
        beyond,
        words(row.getField("with")),
        row.getField("holder"),
        words(row.getField("passed-to")),
        row.getField("gives"));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
  }
}
