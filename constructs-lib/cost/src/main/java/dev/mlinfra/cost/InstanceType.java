package dev.mlinfra.cost;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a machine has.
 *
 * @param provider {@code aws}, {@code gcp}, {@code azure} or {@code runpod}
 * @param type such as {@code g5.xlarge}, {@code Standard_NC4as_T4_v3}; at RunPod the GPU's id
 * @param vcpus processors; 0 where the provider sells a GPU with what comes along
 * @param memoryGib memory in GiB; 0 as above
 * @param gpuModel such as {@code A10G} or {@code Trainium}; empty without an accelerator
 * @param gpuCount how many accelerators; less than 1 for a part of one
 * @param gpuMemoryGib memory of one accelerator in GiB; 0 where no source says
 * @param arch {@code amd64} or {@code arm64}; empty where no source says
 * @param source the files that say so
 * @param date when the oldest of them last changed
 */
public record InstanceType(
    String provider,
    String type,
    double vcpus,
    double memoryGib,
    String gpuModel,
    double gpuCount,
    double gpuMemoryGib,
    String arch,
    String source,
    LocalDate date) {

  private static final Map<String, String> SERVICES =
      Map.of("aws", "ec2", "gcp", "compute", "azure", "vm", "runpod", "pod");

  /** Whether it has an accelerator, or a part of one. */
  public boolean isAccelerated() {
    return !gpuModel.isEmpty();
  }

  /** Memory of all its accelerators in GiB; 0 where no source says. */
  public double totalGpuMemoryGib() {
    return gpuCount * gpuMemoryGib;
  }

  /**
   * What an hour costs on demand; at RunPod in the secure cloud, else in the community's. Empty
   * without a source. {@link PriceBook#find} says which region's price it is.
   */
  public Optional<Price> hourly(PriceBook prices, String region) {
    return items()
        .flatMap(item -> prices.find(provider, region, service(), item).stream())
        .findFirst();
  }

  /**
   * What an hour costs on the spot market, as a range; empty without a source. {@link
   * PriceBook#find} says which region's price it is.
   */
  public Optional<Price> spot(PriceBook prices, String region) {
    return prices.find(provider, region, service() + "-spot", type);
  }

  /** Whether it has a price on demand in some region. */
  boolean isPriced(Set<String> items) {
    return items().anyMatch(item -> items.contains(service() + " " + item));
  }

  private String service() {
    return SERVICES.get(provider);
  }

  /** What it is called in the price book. */
  private Stream<String> items() {
    return provider.equals("runpod")
        ? Stream.of("SECURE", "COMMUNITY").map(cloud -> type + " " + cloud)
        : Stream.of(type);
  }

  /** The providers whose machines there are facts of. */
  static List<String> providers() {
    return SERVICES.keySet().stream().sorted().toList();
  }
}
