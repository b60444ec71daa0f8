package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.AcceleratorTable;
import java.util.List;
import java.util.Optional;

/**
 * A family of EC2 instance types with an accelerator, and whether {@link SpotTrainingFleet} takes
 * it.
 *
 * @param family such as {@code g5}
 * @param kind what it computes with; empty where fleets refuse the family
 * @param efa whether sizes of it have the network adapter for jobs on several nodes
 * @param reason why fleets refuse it; empty where they do not
 * @param replacement the nearest family that they take; empty where they take this one
 */
public record Accelerator(
    String family,
    Optional<AcceleratorKind> kind,
    boolean efa,
    Optional<String> reason,
    Optional<String> replacement) {

  /** Every family that is known, by name. */
  public static List<Accelerator> all() {
    return AcceleratorTable.all();
  }

  /** A family by its name. */
  public static Optional<Accelerator> find(String family) {
    return all().stream().filter(it -> it.family.equals(family)).findFirst();
  }
}
