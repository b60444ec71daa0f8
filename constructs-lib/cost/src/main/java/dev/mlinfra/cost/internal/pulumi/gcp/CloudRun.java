package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Assumption;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.SizeText;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.List;

/** What an hour of an instance of Cloud Run costs: its processors and its memory. */
final class CloudRun {
  private static final double SECONDS = 3600;

  private CloudRun() {}

  /**
   * The rate of all containers of an instance together.
   *
   * @param always whether the processor is paid all the time, as it is for jobs, and not only while
   *     a request is answered
   */
  static Rate rate(Inputs in, Value containers, boolean always) {
    if (containers.isSymbolic()) {
      throw Inputs.unusable(containers, "containers");
    }
    double cpu = 0;
    double gib = 0;
    for (Value container : containers.asList()) {
      Value limits = container.at("resources.limits");
      if (limits.isSymbolic()) {
        throw Inputs.unusable(limits, "resources.limits");
      }
      if (!Inputs.isAbsent(limits.entry("nvidia.com/gpu"))) {
        throw new NotPriced("no source for accelerators of Cloud Run");
      }
      cpu += size(limits, "cpu", Assumption.of("cloudrun.cpu").value());
      gib +=
          size(limits, "memory", Assumption.of("cloudrun.memoryGib").value() * SizeText.GIB)
              / SizeText.GIB;
    }
    if (containers.asList().isEmpty()) {
      throw new NotPriced("it has no containers");
    }
    String what = "%s vCPU + %s GiB".formatted(Text.of(cpu), Text.of(gib));
    Price cpuPrice = price(in, "CPU", always);
    Price memoryPrice = price(in, "memory", always);
    return Rate.of(
        what,
        Rate.sum(
            what,
            List.of(
                new Charge(cpu * SECONDS, cpuPrice, "vCPU-seconds"),
                new Charge(gib * SECONDS, memoryPrice, "GiB-seconds"))));
  }

  private static double size(Value limits, String name, double otherwise) {
    return Inputs.text(limits.entry(name), "resources.limits." + name)
        .map(text -> SizeText.number(text, "resources.limits." + name))
        .orElse(otherwise);
  }

  /** Regions of the second tier have prices of their own; all others those of the first. */
  private static Price price(Inputs in, String what, boolean always) {
    String second = what + (always ? " tier 2 jobs" : " tier 2 request-based");
    String first = what + (always ? " tier 1 instance-based and jobs" : " tier 1 request-based");
    return in.find(Cloud.GCP, "cloud-run", second)
        .filter(price -> price.region().equals(in.region(Cloud.GCP)))
        .orElseGet(() -> in.price(Cloud.GCP, "cloud-run", first));
  }
}
