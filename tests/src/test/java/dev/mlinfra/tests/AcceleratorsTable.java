package dev.mlinfra.tests;

import dev.mlinfra.aws.Accelerator;
import dev.mlinfra.aws.AcceleratorKind;
import dev.mlinfra.cost.InstanceType;
import dev.mlinfra.cost.InstanceTypes;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Accelerators of AWS with their machines, image, memory and price, as a table of a document. */
final class AcceleratorsTable {
  private static final String REGION = "us-east-1";

  private AcceleratorsTable() {}

  static String markdown() {
    StringBuilder text =
        new StringBuilder(
            "| family | accelerator, memory each | sizes (accelerators, memory) | USD/h on demand |"
                + " priced in | image | EFA | SpotTrainingFleet |\n|---|---|---|---|---|---|---|---|");
    for (Accelerator accelerator : Accelerator.all()) {
      List<InstanceType> types = types(accelerator.family());
      text.append(
          "\n| %s | %s | %s | %s | %s | %s | %s | %s |"
              .formatted(
                  accelerator.family(),
                  types.isEmpty() ? "" : model(types.get(0)),
                  types.isEmpty() ? "" : sizes(types),
                  prices(types),
                  regions(types),
                  accelerator.kind().map(AcceleratorsTable::image).orElse(""),
                  String.join(" ", new TreeSet<>(accelerator.efa().keySet())),
                  accelerator
                      .reason()
                      .map(
                          reason ->
                              "refused: %s; nearest: %s"
                                  .formatted(reason, accelerator.replacement().orElseThrow()))
                      .orElse("taken")));
    }
    return text.toString();
  }

  private static List<InstanceType> types(String family) {
    return InstanceTypes.bundled().all().stream()
        .filter(type -> type.provider().equals("aws") && type.type().startsWith(family + "."))
        .sorted(Comparator.comparing(InstanceType::vcpus).thenComparing(InstanceType::type))
        .toList();
  }

  private static String model(InstanceType type) {
    return type.gpuMemoryGib() == 0
        ? type.gpuModel()
        : type.gpuModel() + ", " + number(type.gpuMemoryGib()) + " GiB";
  }

  private static String sizes(List<InstanceType> types) {
    InstanceType first = types.get(0);
    InstanceType last = types.get(types.size() - 1);
    return first.equals(last) ? size(first) : size(first) + " to " + size(last);
  }

  private static String size(InstanceType type) {
    return "%s (%s, %s GiB)"
        .formatted(type.type(), number(type.gpuCount()), number(type.memoryGib()));
  }

  private static String prices(List<InstanceType> types) {
    List<Double> prices =
        types.stream()
            .map(type -> type.hourly(PriceBook.bundled(), REGION))
            .flatMap(Optional::stream)
            .filter(price -> price.standsInFor().isEmpty())
            .map(Price::usd)
            .map(usd -> usd.high())
            .sorted()
            .toList();
    if (prices.isEmpty()) {
      return types.isEmpty() ? "" : "no source";
    }
    String least = number(prices.get(0));
    String most = number(prices.get(prices.size() - 1));
    return least.equals(most) ? least : least + " to " + most;
  }

  /** Regions in which a size has a price of its own, with the newest date of one. */
  private static String regions(List<InstanceType> types) {
    Set<String> names = types.stream().map(InstanceType::type).collect(Collectors.toSet());
    Map<String, Optional<LocalDate>> newest = new TreeMap<>();
    PriceBook.bundled().prices().stream()
        .filter(price -> price.provider().equals("aws") && price.service().equals("ec2"))
        .filter(price -> names.contains(price.item()))
        .forEach(price -> newest.merge(price.region(), price.date(), AcceleratorsTable::newer));
    return newest.entrySet().stream()
        .map(entry -> entry.getKey() + entry.getValue().map(date -> " (" + date + ")").orElse(""))
        .collect(Collectors.joining(", "));
  }

  private static Optional<LocalDate> newer(Optional<LocalDate> one, Optional<LocalDate> other) {
    return Stream.of(one, other).flatMap(Optional::stream).max(Comparator.naturalOrder());
  }

  private static String image(AcceleratorKind kind) {
    return kind == AcceleratorKind.NVIDIA ? "ECS AL2023 GPU" : "ECS AL2023 Neuron";
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value)
        .setScale(3, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
