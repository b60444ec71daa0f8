package dev.mlinfra.policy;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.policy.internal.DataFile;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The resources of a model that hold data, or something that others hold on to. A change of such a
 * resource's logical id or URN makes a new, empty one.
 */
public final class StatefulResources {
  private static final Map<String, NamedCsvRecord> TYPES =
      DataFile.read(StatefulResources.class, "stateful-types.csv").stream()
          .collect(Collectors.toUnmodifiableMap(row -> row.getField("type"), Function.identity()));

  private StatefulResources() {}

  /** The resources of a model that hold something, in the model's order. */
  public static List<Resource> of(Model model) {
    return model.resources().stream()
        .filter(resource -> TYPES.containsKey(resource.type()))
        .toList();
  }

  /** The file to review: one line per resource, sorted. */
  public static String text(Model model) {
    return "# id | type | what is lost with it\n"
        + of(model).stream()
            .map(it -> it.id() + " | " + it.type() + " | " + heldBy(it).orElseThrow() + "\n")
            .sorted()
            .collect(Collectors.joining());
  }

  /**
   * Whether what a resource holds is nowhere else: objects, rows, images, keys. A queue, an address
   * or logs are not: others miss them, but they can be made again or expire by themselves.
   */
  public static boolean isIrreplaceable(Resource resource) {
    return TYPES.containsKey(resource.type())
        && TYPES.get(resource.type()).getField("irreplaceable").equals("yes");
  }

  /** What is lost with a resource, such as {@code holds objects}; empty for what holds nothing. */
  public static Optional<String> heldBy(Resource resource) {
    return Optional.ofNullable(TYPES.get(resource.type())).map(row -> row.getField("reason"));
  }

  static Map<String, NamedCsvRecord> types() {
    return TYPES;
  }
}
