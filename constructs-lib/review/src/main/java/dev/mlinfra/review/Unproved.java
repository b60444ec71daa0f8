package dev.mlinfra.review;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.policy.Report;
import dev.mlinfra.template.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a review cannot know, so that nobody takes silence for an answer. */
final class Unproved {
  private Unproved() {}

  static List<String> of(Sides sides, Report gate, List<CostChange> costs) {
    List<String> lines = new ArrayList<>();
    sides.head().model().gaps().forEach(gap -> lines.add(gap.toString()));
    if (gate.undecided() > 0) {
      lines.add(
          Words.count(gate.undecided(), "place")
              + " of the gate cannot be decided before the deployment");
    }
    List<Estimate> estimates = costs.stream().flatMap(cost -> cost.head().stream()).toList();
    List<Explained> notPriced = estimates.stream().flatMap(it -> it.notPriced().stream()).toList();
    if (!notPriced.isEmpty()) {
      lines.add(
          Words.count(notPriced.size(), "thing")
              + " without a price: "
              + notPriced.stream()
                  .map(Explained::type)
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    long unbounded = estimates.stream().mapToLong(it -> it.unbounded().size()).sum();
    if (unbounded > 0) {
      lines.add(
          "nothing bounds "
              + Words.count(unbounded, "line")
              + " of the cost: the worst case takes what is expected");
    }
    String unknown =
        changedTypes(sides)
            .filter(type -> type.contains("::") && !ReplacedBy.knows(type))
            .distinct()
            .collect(Collectors.joining(", "));
    if (!unknown.isEmpty()) {
      lines.add("whether a change replaces a resource of a type that is not AWS's: " + unknown);
    }
    lines.add(
        "what is in the account: changes made by hand, quotas, and what a resource holds are not"
            + " read");
    return lines;
  }

  private static Stream<String> changedTypes(Sides sides) {
    return sides.comparison().changes().stream()
        .filter(change -> change.kind() == ResourceChange.Kind.UPDATED)
        .map(ResourceChange::resource)
        .map(Resource::type);
  }
}
