package dev.mlinfra.aws.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A size of tasks that Fargate has; the table is {@code fargate-sizes.csv}.
 *
 * @param cpu CPU units, 1024 for each vCPU
 * @param memoryMb memory, in MB
 */
public record FargateSize(int cpu, int memoryMb) {
  /** 256 units have a step of their own: 512, 1024 and 2048 MB, and not 1536. */
  private static final FargateSize GAP = new FargateSize(256, 1536);

  private static final List<FargateSize> ALL = read();

  private static List<FargateSize> read() {
    List<FargateSize> sizes = new ArrayList<>();
    for (var row : DataFile.read("fargate-sizes.csv")) {
      int cpu = Integer.parseInt(row.getField("cpu"));
      int most = Integer.parseInt(row.getField("max_mb"));
      int step = Integer.parseInt(row.getField("step_mb"));
      for (int mb = Integer.parseInt(row.getField("min_mb")); mb <= most; mb += step) {
        sizes.add(new FargateSize(cpu, mb));
      }
    }
    sizes.remove(GAP);
    return List.copyOf(sizes);
  }

  /** All sizes, by CPU units and then memory. */
  public static List<FargateSize> all() {
    return ALL;
  }

  /** Whether Fargate has it. */
  public boolean exists() {
    return ALL.contains(this);
  }

  /** The smallest size with at least as much of both; empty when it is too large. */
  public Optional<FargateSize> atLeast() {
    return ALL.stream().filter(size -> size.cpu >= cpu && size.memoryMb >= memoryMb).findFirst();
  }

  /** The smallest size with more memory and at least as much CPU; empty for the largest. */
  public Optional<FargateSize> next() {
    return new FargateSize(cpu, memoryMb + 1).atLeast();
  }

  @Override
  public String toString() {
    return "cpu %d with memory %d MB".formatted(cpu, memoryMb);
  }
}
