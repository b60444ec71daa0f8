package dev.mlinfra.review;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Exports that go although deployed stacks import them: CloudFormation takes none away that is in
 * use, so the deployment of the exporting stack fails.
 */
final class ExportRisks {
  private ExportRisks() {}

  static List<ReviewItem> of(Sides sides) {
    Model base = sides.base().model();
    Set<String> left = new HashSet<>(exports(sides.head().model()).keySet());
    Map<String, Set<String>> importers = importers(base);
    List<ReviewItem> items = new ArrayList<>();
    exports(base)
        .forEach(
            (name, output) -> {
              Set<String> users = new TreeSet<>(importers.getOrDefault(name, Set.of()));
              users.remove(output.stack());
              if (!left.contains(name) && !users.isEmpty()) {
                items.add(
                    ReviewItem.of(
                        Risk.REACH,
                        ReviewItem.Place.named(output.stack()),
                        "no longer exports what "
                            + String.join(", ", users)
                            + " imports as deployed: the deployment fails until that is deployed"
                            + " without it",
                        name,
                        ""));
              }
            });
    return items;
  }

  private static Map<String, Output> exports(Model model) {
    Map<String, Output> exports = new LinkedHashMap<>();
    for (Output output : model.exports()) {
      output
          .exportName()
          .flatMap(name -> text(name, model, output.stack()))
          .ifPresent(name -> exports.put(name, output));
    }
    return exports;
  }

  private static Map<String, Set<String>> importers(Model model) {
    Map<String, Set<String>> importers = new HashMap<>();
    for (Resource resource : model.resources()) {
      collect(resource.properties(), resource.id().stack(), model, importers);
    }
    for (Output output : model.outputs()) {
      collect(output.value(), output.stack(), model, importers);
    }
    return importers;
  }

  private static void collect(
      Value value, String stack, Model model, Map<String, Set<String>> importers) {
    if (value instanceof Value.ImportValue imported) {
      text(imported.name(), model, stack)
          .ifPresent(name -> importers.computeIfAbsent(name, it -> new HashSet<>()).add(stack));
    }
    value.children().forEach(child -> collect(child, stack, model, importers));
  }

  private static Optional<String> text(Value value, Model model, String stack) {
    return value.resolvedText(model.contextOf(stack)).text();
  }
}
