package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.Accelerator;
import dev.mlinfra.aws.AcceleratorKind;
import dev.mlinfra.core.Problem;
import dev.mlinfra.cost.InstanceType;
import dev.mlinfra.cost.InstanceTypes;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The machines of a fleet, and what of them one job gets.
 *
 * @param types at least one, all of one kind
 * @param kind what they compute with
 */
public record TrainingMachines(List<InstanceType> types, AcceleratorKind kind) {
  /** Of the memory of a machine the system and the agent of ECS take a part. */
  private static final double FOR_JOBS = 0.9;

  private static final int MIB_PER_GIB = 1024;

  /** The machines of names that {@link #problems} has nothing against. */
  public static TrainingMachines of(List<String> names) {
    List<InstanceType> types =
        names.stream()
            .map(name -> InstanceTypes.bundled().find("aws", name).orElseThrow())
            .toList();
    return new TrainingMachines(types, kind(types.get(0)).orElseThrow());
  }

  /** What is wrong with names of instance types. */
  public static List<Problem> problems(List<String> names) {
    List<Problem> problems = new ArrayList<>();
    if (names.isEmpty()) {
      problems.add(
          Problem.of(
              "instanceTypes", "given none", "at least one", "4 types find capacity most often"));
    }
    List<InstanceType> known = new ArrayList<>();
    for (String name : names) {
      Optional<Accelerator> family = Accelerator.find(family(name));
      Optional<InstanceType> type = InstanceTypes.bundled().find("aws", name);
      if (family.isPresent() && family.get().kind().isEmpty()) {
        problems.add(refused(name, family.get()));
      } else if (type.isEmpty()) {
        problems.add(
            Problem.of(
                "instanceTypes",
                "given '" + name + "'",
                "types whose processors and memory are known, such as g5.2xlarge",
                "take a size of the same family from docs/reference/accelerators.md"));
      } else {
        known.add(type.get());
      }
    }
    differing("kinds of accelerator", known, type -> kind(type).orElseThrow().toString(), problems);
    differing("kinds of processor", known, InstanceType::arch, problems);
    return problems;
  }

  private static Problem refused(String name, Accelerator family) {
    String replacement = family.replacement().orElseThrow();
    String size =
        InstanceTypes.bundled().all().stream()
            .filter(
                type -> type.provider().equals("aws") && family(type.type()).equals(replacement))
            .min(Comparator.comparing(InstanceType::vcpus))
            .map(InstanceType::type)
            .orElse(replacement);
    return Problem.of(
        "instanceTypes",
        "given '" + name + "': " + family.reason().orElseThrow(),
        "families with an image of ECS",
        "the nearest is " + replacement + ", from " + size);
  }

  private interface Property {
    String of(InstanceType type);
  }

  private static void differing(
      String what, List<InstanceType> types, Property property, List<Problem> problems) {
    List<String> values = types.stream().map(property::of).distinct().sorted().toList();
    if (values.size() > 1) {
      problems.add(
          Problem.of(
              "instanceTypes",
              "given with several " + what + ": " + String.join(", ", values),
              "one kind, since a fleet has one image",
              "make a fleet for each"));
    }
  }

  /** What a type computes with; empty where fleets refuse it. */
  private static Optional<AcceleratorKind> kind(InstanceType type) {
    return Accelerator.find(family(type.type()))
        .map(Accelerator::kind)
        .orElse(Optional.of(AcceleratorKind.NONE));
  }

  private static String family(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** Processors of the smallest machine: what a job gets where nobody says otherwise. */
  public int vcpus() {
    return (int) smallest(InstanceType::vcpus);
  }

  /** Memory in MiB that every machine has for jobs. */
  public int memoryMib() {
    return (int) (smallest(InstanceType::memoryGib) * MIB_PER_GIB * FOR_JOBS);
  }

  /** Accelerators that every machine has. */
  public int accelerators() {
    return (int) smallest(InstanceType::gpuCount);
  }

  /** Network adapters for jobs on several machines that every machine has. */
  public int efaInterfaces() {
    return types.stream().mapToInt(TrainingMachines::efaInterfaces).min().orElseThrow();
  }

  private static int efaInterfaces(InstanceType type) {
    String size = type.type().substring(type.type().indexOf('.') + 1);
    return Accelerator.find(family(type.type()))
        .map(family -> family.efa().getOrDefault(size, 0))
        .orElse(0);
  }

  private double smallest(java.util.function.ToDoubleFunction<InstanceType> property) {
    return types.stream().mapToDouble(property).min().orElseThrow();
  }

  /** The type that costs most by the hour on demand, which spot does not exceed. */
  public Optional<Price> dearest(PriceBook prices, String region) {
    return types.stream()
        .flatMap(type -> type.hourly(prices, region).stream())
        .max(Comparator.comparingDouble(price -> price.usd().high()));
  }

  /** Types of which no price is known. */
  public String unpriced(PriceBook prices, String region) {
    return types.stream()
        .filter(type -> type.hourly(prices, region).isEmpty())
        .map(InstanceType::type)
        .collect(Collectors.joining(", "));
  }
}
