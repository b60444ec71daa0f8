package dev.mlinfra.testkit;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The resources of a model that hold data, or something that others hold on to. A change of such a
 * resource's logical id or URN makes a new, empty one.
 */
public final class StatefulResources {
  private static final Map<String, String> REASONS =
      DataFile.read("stateful-types.csv").stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  (NamedCsvRecord row) -> row.getField("type"), row -> row.getField("reason")));

  private StatefulResources() {}

  /** The resources of a model that hold something, in the model's order. */
  public static List<Resource> of(Model model) {
    return model.resources().stream()
        .filter(resource -> REASONS.containsKey(resource.type()))
        .toList();
  }

  /** The file to review: one line per resource, sorted. */
  public static String text(Model model) {
    return "# id | type | what is lost with it\n"
        + of(model).stream()
            .map(it -> it.id() + " | " + it.type() + " | " + REASONS.get(it.type()) + "\n")
            .sorted()
            .collect(Collectors.joining());
  }

  /** The types and why each of them counts. */
  static Map<String, String> reasons() {
    return REASONS;
  }
}
