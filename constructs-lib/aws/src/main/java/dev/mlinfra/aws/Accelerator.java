package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.AcceleratorTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A family of EC2 instance types with an accelerator, and whether {@link SpotTrainingFleet} takes
 * it.
 *
 * @param family such as {@code g5}
 * @param kind what it computes with; empty where fleets refuse the family
 * @param efa how many network adapters for jobs on several nodes (EFA) sizes of it have, by size
 *     such as {@code 48xlarge}; sizes without one are not in it
 * @param reason why fleets refuse it; empty where they do not
 * @param replacement the nearest family that they take; empty where they take this one
 */
public record Accelerator(
    String family,
    Optional<AcceleratorKind> kind,
    Map<String, Integer> efa,
    Optional<String> reason,
    Optional<String> replacement) {

  public Accelerator {
    efa = Map.copyOf(efa);
  }

  /** Every family that is known, by name. */
  public static List<Accelerator> all() {
    return AcceleratorTable.all();
  }

  /** A family by its name. */
  public static Optional<Accelerator> find(String family) {
    return all().stream().filter(it -> it.family.equals(family)).findFirst();
  }
}
