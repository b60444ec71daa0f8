package dev.mlinfra.cost.internal.pulumi.runpod;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Pods of RunPod: accelerators by the hour until somebody ends them, and their disks. */
final class PodPricer implements PulumiPricer {
  @Override
  public Set<String> types() {
    return Set.of("runpod:Pod");
  }

  @Override
  public void price(Inputs in) {
    Fleet pod = Fleet.always(1, "one pod that runs until it is deleted");
    in.part(() -> pod.bill(in, Gpu.rate(in, "pod", kinds(in))));
    in.part(() -> disk(in, pod, "container disk", in.first("disk", "containerDiskInGb")));
    in.part(
        () ->
            disk(
                in,
                pod,
                "volume disk of a running pod",
                in.first("mounts.persistent.size", "volumeInGb")));
  }

  /** Every accelerator with every cloud that it may come from, as prices name them. */
  private static List<String> kinds(Inputs in) {
    Value gpus = in.first("gpu.id", "gpu.ids", "gpuTypeId", "gpuTypeIds", "gpuTypeIdList");
    if (gpus.isSymbolic()) {
      throw Inputs.unusable(gpus, "the accelerator");
    }
    Optional<String> cloud = Inputs.text(in.first("cloud", "cloudType"), "the cloud");
    List<String> clouds =
        cloud.filter("ALL"::equals).isPresent()
            ? List.of("SECURE", "COMMUNITY")
            : List.of(cloud.orElse("SECURE"));
    List<String> names =
        Stream.of(gpus, in.at("gpuTypeIdList"))
            .filter(value -> !Inputs.isAbsent(value))
            .flatMap(value -> value.oneOrMany().stream())
            .flatMap(value -> Inputs.text(value, "the accelerator").stream())
            .distinct()
            .toList();
    return names.stream().flatMap(gpu -> clouds.stream().map(tier -> gpu + " " + tier)).toList();
  }

  private static void disk(Inputs in, Fleet pod, String item, Value size) {
    double gb = Inputs.number(size, 0, "the size of the " + item);
    if (gb > 0) {
      Price price =
          in.bill()
              .price("runpod", "all", "disk", item)
              .orElseThrow(() -> new NotPriced("no source for the " + item));
      pod.billDisk(in, item, gb, Text.of(gb) + " GB", price);
    }
  }
}
