package dev.mlinfra.policy;

import java.util.List;
import java.util.stream.Stream;

/** Every fault that the gate is tried with. */
final class Faults {
  static final List<Fault> ALL =
      Stream.of(
              AccessFaults.ALL,
              SpendFaults.ALL,
              NetworkFaults.ALL,
              ReliabilityFaults.ALL,
              PulumiFaults.ALL)
          .flatMap(List::stream)
          .toList();

  private Faults() {}
}
