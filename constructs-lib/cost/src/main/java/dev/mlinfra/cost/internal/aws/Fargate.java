package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What an hour of a task on Fargate costs: its vCPUs, its memory and its storage. */
final class Fargate {
  /** The most memory that Fargate gives to one vCPU, in GB. */
  static final Size MOST_PER_VCPU = new Size(1, 8, 0, false);

  /** The smallest that there is. */
  private static final Size LEAST = new Size(0.25, 0.5, 0, false);

  private static final double FREE_STORAGE_GB = 20;

  private Fargate() {}

  /**
   * The size of a task.
   *
   * @param storageGb above the 20 GB that come along
   */
  record Size(double vCpus, double memoryGb, double storageGb, boolean isArm) {
    String text() {
      String size = "%s vCPU, %s GB".formatted(Numbers.text(vCpus), Numbers.text(memoryGb));
      return storageGb > 0 ? size + ", %s GB storage".formatted(Numbers.text(storageGb)) : size;
    }
  }

  /** The price of an hour; a range on the spot market, whose upper end is that on demand. */
  static Optional<Price> price(Bill bill, Size size, boolean isSpot) {
    String platform = size.isArm() ? "Linux/ARM" : "Linux/x86";
    Optional<Price> vCpu = bill.awsPrice("fargate", "vCPU " + platform);
    Optional<Price> memory = bill.awsPrice("fargate", "memory " + platform);
    Optional<Price> storage = bill.awsPrice("fargate", "ephemeral storage above 20 GB");
    if (vCpu.isEmpty() || memory.isEmpty() || (size.storageGb() > 0 && storage.isEmpty())) {
      return Optional.empty();
    }
    Usd extra = size.storageGb() > 0 ? storage.get().usd().times(size.storageGb()) : Usd.ZERO;
    double onDemand = sum(size, vCpu.get(), memory.get()).plus(extra).high();
    double low = onDemand;
    if (isSpot) {
      Optional<Price> spotVcpu = bill.awsPrice("fargate", "Spot vCPU " + platform);
      Optional<Price> spotMemory = bill.awsPrice("fargate", "Spot memory " + platform);
      if (spotVcpu.isPresent() && spotMemory.isPresent()) {
        double spot = sum(size, spotVcpu.get(), spotMemory.get()).plus(extra).low();
        low = Math.min(spot, onDemand);
      }
    }
    return Optional.of(
        new Price(
            vCpu.get().provider(),
            vCpu.get().region(),
            "fargate",
            size.text() + (isSpot ? " spot" : ""),
            "task-hour",
            new Usd(low, onDemand),
            vCpu.get().source(),
            older(vCpu.get(), memory.get()),
            "%s x %s per vCPU + %s x %s per GB, %s"
                .formatted(
                    Numbers.text(size.vCpus()),
                    Numbers.text(vCpu.get().usd().high()),
                    Numbers.text(size.memoryGb()),
                    Numbers.text(memory.get().usd().high()),
                    platform),
            vCpu.get().standsInFor().or(memory.get()::standsInFor)));
  }

  private static Usd sum(Size size, Price vCpu, Price memory) {
    return vCpu.usd().times(size.vCpus()).plus(memory.usd().times(size.memoryGb()));
  }

  private static Optional<LocalDate> older(Price one, Price other) {
    return one.date()
        .flatMap(first -> other.date().map(second -> first.isBefore(second) ? first : second));
  }

  /** The size that a task definition asks for; empty where it does not say. */
  static Optional<Size> ofTask(ResolvedModel model, Resource definition) {
    return size(
        units(model.property(definition, "Cpu"), 1024, "vcpu"),
        units(model.property(definition, "Memory"), 1024, "gb"),
        model.property(definition, "EphemeralStorage.SizeInGiB"),
        model.property(definition, "RuntimePlatform.CpuArchitecture"));
  }

  /** The size that a job definition of Batch asks for; empty where it does not say. */
  static Optional<Size> ofJob(ResolvedModel model, Resource definition) {
    Value container = JobDefinitionPricer.container(model.properties(definition));
    return size(
        JobDefinitionPricer.requirement(container, "VCPU", "Vcpus"),
        JobDefinitionPricer.requirement(container, "MEMORY", "Memory").map(mib -> mib / 1024),
        container.at("EphemeralStorage.SizeInGiB"),
        container.at("RuntimePlatform.CpuArchitecture"));
  }

  private static Optional<Size> size(
      Optional<Double> vCpus, Optional<Double> memoryGb, Value storage, Value architecture) {
    double gb = Numbers.of(storage).orElse(FREE_STORAGE_GB);
    boolean isArm = architecture.asText().filter("ARM64"::equalsIgnoreCase).isPresent();
    return vCpus.flatMap(
        cpu ->
            memoryGb.map(
                memory -> new Size(cpu, memory, Math.max(0, gb - FREE_STORAGE_GB), isArm)));
  }

  /** {@code 1024} units, or {@code 1 vCPU} and {@code 2 GB} in words. */
  private static Optional<Double> units(Value value, double per, String word) {
    String text = value.asText().orElse("").toLowerCase(Locale.ROOT).strip();
    boolean inWords = text.endsWith(word);
    String number = inWords ? text.substring(0, text.length() - word.length()) : text;
    return Numbers.of(new Value.Text(number)).map(units -> inWords ? units : units / per);
  }

  /** The smallest job of the environment that runs on Fargate. */
  static Size smallestJob(Bill bill) {
    return Siblings.of(bill, JobDefinitionPricer.TYPE).stream()
        .filter(it -> JobDefinitionPricer.isFargate(bill.model().properties(it)))
        .flatMap(it -> ofJob(bill.model(), it).stream())
        .min(Comparator.comparing(Size::vCpus).thenComparing(Size::memoryGb))
        .orElse(LEAST);
  }
}
