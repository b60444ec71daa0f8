package dev.mlinfra.cost;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.internal.DataFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which machine fits a dataset: on each provider the cheapest one whose accelerator suffices. By
 * the size of the data alone, so a start and not a verdict.
 *
 * @param datasetGb size of the data, in GB
 * @param gpuMemoryGib memory that one accelerator needs at least
 * @param why the advice in words, with its source and date
 * @param choices one for each provider that has a machine with a price
 */
public record Sizing(double datasetGb, double gpuMemoryGib, String why, List<Choice> choices) {

  /** Accelerators whose software is not CUDA: images and models need work to run there. */
  private static final Set<String> NOT_CUDA =
      Set.of("AI100", "Inferentia", "Inferentia2", "Trainium", "Trainium2", "V520", "MI300X");

  private static final List<Advice> ADVICE =
      DataFile.read(Sizing.class, "sizing.csv").stream().map(Advice::of).toList();

  /** Largest size that there is advice for, in GB. */
  public static final double MAX_GB = ADVICE.get(ADVICE.size() - 1).upToGb();

  public Sizing {
    choices = List.copyOf(choices);
  }

  /**
   * A machine, and what it costs.
   *
   * @param type the machine
   * @param hourly what an hour costs on demand; of RunPod's secure cloud where it is sold there
   * @param cheaper what an hour costs on the spot market, or in RunPod's community cloud; empty
   *     where no source says
   */
  public record Choice(InstanceType type, Price hourly, Optional<Price> cheaper) {}

  private record Advice(
      double upToGb, double gpuMemoryGib, Set<String> models, String why, String source) {

    static Advice of(NamedCsvRecord row) {
      String models = row.getField("models");
      return new Advice(
          Double.parseDouble(row.getField("up_to_gb")),
          Double.parseDouble(row.getField("gpu_memory_gib")),
          models.isEmpty() ? Set.of() : Set.of(models.split(" ")),
          row.getField("why"),
          row.getField("source") + ", " + row.getField("date"));
    }

    boolean fits(InstanceType type) {
      return type.gpuCount() >= 1
          && type.gpuMemoryGib() >= gpuMemoryGib
          && !type.arch().equals("arm64")
          && !NOT_CUDA.contains(type.gpuModel())
          && (models.isEmpty() || models.contains(type.gpuModel()));
    }
  }

  /**
   * What fits a dataset.
   *
   * @param datasetGb more than 0, at most {@link #MAX_GB}
   * @param regions region by provider; the reference region for those that are not named
   * @throws IllegalArgumentException for another size
   */
  public static Sizing of(
      double datasetGb, PriceBook prices, InstanceTypes types, Map<String, String> regions) {
    Advice advice = advice(datasetGb);
    List<Choice> choices = new ArrayList<>();
    for (String provider : List.of("aws", "gcp", "azure", "runpod")) {
      String region = regions.getOrDefault(provider, PriceBook.referenceRegion(provider));
      choices(advice, provider, prices, types, region).stream().findFirst().ifPresent(choices::add);
    }
    return new Sizing(
        datasetGb, advice.gpuMemoryGib(), advice.why() + " (" + advice.source() + ")", choices);
  }

  /**
   * Every machine of one provider that fits a dataset and has a price, the cheapest first.
   *
   * @param datasetGb more than 0, at most {@link #MAX_GB}
   * @throws IllegalArgumentException for another size
   */
  public static List<Choice> choices(
      double datasetGb, String provider, PriceBook prices, InstanceTypes types) {
    return choices(advice(datasetGb), provider, prices, types, PriceBook.referenceRegion(provider));
  }

  private static Advice advice(double datasetGb) {
    if (!(datasetGb > 0 && datasetGb <= MAX_GB)) {
      throw new IllegalArgumentException(
          "size of the data: given %s GB; allowed: more than 0, at most %.0f"
              .formatted(datasetGb, MAX_GB));
    }
    return ADVICE.stream().filter(known -> datasetGb <= known.upToGb()).findFirst().orElseThrow();
  }

  private static List<Choice> choices(
      Advice advice, String provider, PriceBook prices, InstanceTypes types, String region) {
    return types.all().stream()
        .filter(type -> type.provider().equals(provider) && advice.fits(type))
        .flatMap(type -> choice(type, prices, region).stream())
        .sorted(Comparator.comparingDouble(choice -> choice.hourly().usd().high()))
        .toList();
  }

  private static Optional<Choice> choice(InstanceType type, PriceBook prices, String region) {
    return type.hourly(prices, region)
        .map(hourly -> new Choice(type, hourly, cheaper(type, prices, region, hourly)));
  }

  private static Optional<Price> cheaper(
      InstanceType type, PriceBook prices, String region, Price hourly) {
    Optional<Price> other =
        type.provider().equals("runpod")
            ? prices.find("runpod", region, "pod", type.type() + " COMMUNITY")
            : type.spot(prices, region);
    return other.filter(price -> price.usd().low() < hourly.usd().low());
  }

  /** For people: the advice, and a line for each provider. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "For %s GB of data: %s%n"
            .formatted(Double.toString(datasetGb).replaceAll("\\.0$", ""), why)
            .replace(System.lineSeparator(), "\n"));
    for (Choice choice : choices) {
      InstanceType type = choice.type();
      text.append(
          "  %-7s %-28s %s x %s, %s GB each; %s an hour (%s)"
              .formatted(
                  type.provider(),
                  type.type(),
                  number(type.gpuCount()),
                  type.gpuModel(),
                  number(type.gpuMemoryGib()),
                  choice.hourly().usd(),
                  (choice.hourly().item().endsWith(" COMMUNITY") ? "community cloud, " : "")
                      + dated(choice.hourly())));
      choice
          .cheaper()
          .ifPresent(
              price ->
                  text.append(
                      "; %s %s (%s)"
                          .formatted(
                              price.isSpot() ? "spot" : "community cloud",
                              price.usd(),
                              dated(price))));
      text.append('\n');
    }
    return text.toString();
  }

  private static String number(double value) {
    return Double.toString(value).replaceAll("\\.0$", "");
  }

  private static String dated(Price price) {
    return price.region() + ", " + price.date().map(Object::toString).orElse("undated");
  }
}
