package dev.mlinfra.cost;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.core.Problem;
import dev.mlinfra.cost.internal.DataFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What no list of prices may hold. Each rule caught something in a published list: prices of 0 and
 * of 700, a spot price that is a tenth of the list price in every zone, memory in the wrong unit.
 */
public final class PriceRules {
  /** By how much a price may grow or shrink before a person has to look at it. */
  public static final double JUMP = 3;

  /** What an hour of one GiB of an accelerator's memory costs at the least and at the most. */
  static final Usd GPU_GIB_HOUR = new Usd(0.004, 0.35);

  /** From so many rows on, one share for all of them is no market. */
  private static final int SHARE_ROWS = 3;

  private static final String SPOT = "-spot";
  private static final Set<Double> SHARES = Set.of(10.0, 50.0);
  private static final Set<String> MACHINES = Set.of("ec2", "vm", "compute", "pod");
  private static final Pattern NINES = Pattern.compile("9{3,}(\\.9*)?0*");

  private static final Set<String> UNITS =
      DataFile.read(PriceRules.class, "units.csv").stream()
          .map((NamedCsvRecord row) -> row.getField("unit"))
          .collect(Collectors.toUnmodifiableSet());

  private final InstanceTypes types;
  private final LocalDate today;

  private PriceRules(InstanceTypes types, LocalDate today) {
    this.types = types;
    this.today = today;
  }

  /** The rules, for machines of which this is known, on a day. */
  public static PriceRules of(InstanceTypes types, LocalDate today) {
    return new PriceRules(types, today);
  }

  /** What is wrong with prices; each problem's path is {@link Price#name}. */
  public List<Problem> check(Collection<Price> prices) {
    Map<String, Price> byName = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Price price : prices) {
      if (byName.put(price.name(), price) != null) {
        problems.add(problem(price, "two prices", "one price a thing", "leave one out"));
      }
    }
    for (Price price : prices) {
      single(price).ifPresent(problems::add);
      gpuMemory(price).ifPresent(problems::add);
      aboveOnDemand(price, byName).ifPresent(problems::add);
    }
    problems.addAll(shares(byName));
    return problems;
  }

  /** What is wrong with one price alone. */
  private Optional<Problem> single(Price price) {
    if (price.usd().high() == 0 && !says(price, "free")) {
      return problem(
          price.name(), "0 USD", "more than 0", "say in its note that it is free, or leave it out");
    }
    if (price.unit().isBlank() || !UNITS.contains(price.unit())) {
      return problem(
          price.name(),
          "the unit '" + price.unit() + "'",
          "a unit of units.csv",
          "name it as the others do, or add it there with its meaning");
    }
    if (price.source().isBlank()) {
      return problem(
          price.name(), "no source", "a file or page", "name it, or leave the price out");
    }
    if (price.date().filter(date -> date.isAfter(today)).isPresent()) {
      return problem(
          price.name(),
          "dated " + price.date().orElseThrow(),
          "up to today, " + today,
          "the day on which its source last changed");
    }
    if (isPlaceholder(price)) {
      return problem(
          price.name(),
          amount(price.usd()) + ", which looks like a placeholder",
          "a price of the provider",
          "check it; where it is right, write 'whole number' and why into its note");
    }
    return Optional.empty();
  }

  private static boolean isPlaceholder(Price price) {
    double usd = price.usd().high();
    boolean whole = isMachine(price) && usd >= 1 && usd == Math.rint(usd);
    boolean nines = NINES.matcher(String.format(Locale.ROOT, "%f", usd)).matches();
    return (whole || nines) && !says(price, "whole number");
  }

  /** Catches a wrong unit, a price of one GPU for eight, and made-up prices. */
  private Optional<Problem> gpuMemory(Price price) {
    if (!isMachine(price) || !price.unit().equals("hour")) {
      return Optional.empty();
    }
    String type =
        price.provider().equals("runpod")
            ? price.item().replaceFirst(" (SECURE|COMMUNITY)$", "")
            : price.item();
    return types
        .find(price.provider(), type)
        .map(InstanceType::totalGpuMemoryGib)
        .filter(memory -> memory > 0)
        .filter(
            memory ->
                price.usd().low() / memory < GPU_GIB_HOUR.low()
                    || price.usd().high() / memory > GPU_GIB_HOUR.high())
        .flatMap(
            memory ->
                problem(
                    price.name(),
                    "%s for %.0f GiB of GPU memory".formatted(amount(price.usd()), memory),
                    "%s a GiB and hour".formatted(amount(GPU_GIB_HOUR)),
                    "check the unit, the number of GPUs and their memory"));
  }

  private static Optional<Problem> aboveOnDemand(Price price, Map<String, Price> byName) {
    return onDemand(price, byName)
        .filter(onDemand -> price.usd().high() > onDemand.usd().high())
        .map(
            onDemand ->
                problem(
                    price,
                    amount(price.usd()) + " on the spot market",
                    "at most " + amount(onDemand.usd()) + ", what it costs on demand",
                    "check both sources"));
  }

  /** What the same costs on demand in the same region; empty for what is no spot price. */
  private static Optional<Price> onDemand(Price price, Map<String, Price> byName) {
    if (!price.isSpot()) {
      return Optional.empty();
    }
    String name =
        String.join(" ", price.provider(), price.region(), base(price.service()), price.item());
    return Optional.ofNullable(byName.get(name))
        .or(() -> Optional.ofNullable(byName.get(name + " on-demand")));
  }

  /** Spot prices that are one share of the list prices throughout: somebody's guess. */
  private static List<Problem> shares(Map<String, Price> byName) {
    Map<String, List<Double>> shares = new TreeMap<>();
    for (Price price : byName.values()) {
      onDemand(price, byName)
          .ifPresent(
              onDemand ->
                  shares
                      .computeIfAbsent(
                          String.join(" ", price.provider(), price.region(), price.service()),
                          where -> new ArrayList<>())
                      .add(percent(price.usd().high() / onDemand.usd().high())));
    }
    List<Problem> problems = new ArrayList<>();
    shares.forEach(
        (where, found) -> {
          if (found.size() >= SHARE_ROWS
              && new HashSet<>(found).size() == 1
              && SHARES.contains(found.get(0))) {
            problems.add(
                Problem.of(
                    where,
                    "all %s prices are %.0f %% of those on demand"
                        .formatted(found.size(), found.get(0)),
                    "prices of a market",
                    "leave them out"));
          }
        });
    return problems;
  }

  private static double percent(double share) {
    return Math.rint(share * 10_000) / 100;
  }

  /**
   * What a person has to look at before prices take the place of older ones: a price that is more
   * than {@value #JUMP} times the other, and another unit.
   */
  public List<Problem> checkChanges(PriceBook old, Collection<Price> prices) {
    Map<String, Price> before =
        old.prices().stream().collect(Collectors.toMap(Price::name, price -> price));
    List<Problem> problems = new ArrayList<>();
    for (Price price : prices) {
      Price other = before.get(price.name());
      if (other == null) {
        continue;
      }
      if (!other.unit().equals(price.unit())) {
        problems.add(
            problem(
                price,
                "now a price per " + price.unit(),
                "per " + other.unit() + ", as before",
                "check the source"));
      } else if (jumps(other.usd().high(), price.usd().high())
          || jumps(other.usd().low(), price.usd().low())) {
        problems.add(
            problem(
                price,
                "%s, before %s".formatted(amount(price.usd()), amount(other.usd())),
                "at most %.0f times more or less".formatted(JUMP),
                "check it at the provider's; --accept '" + price.name() + "' takes it"));
      }
    }
    return problems;
  }

  private static boolean jumps(double before, double after) {
    return before > 0 && (after > JUMP * before || after * JUMP < before);
  }

  private static boolean isMachine(Price price) {
    return MACHINES.contains(base(price.service()));
  }

  private static String base(String service) {
    return service.endsWith(SPOT)
        ? service.substring(0, service.length() - SPOT.length())
        : service;
  }

  private static boolean says(Price price, String words) {
    return price.note().toLowerCase(Locale.ROOT).contains(words);
  }

  private static String amount(Usd usd) {
    return plain(usd) + " USD";
  }

  /** As it stands in a table: prices of single requests have more digits than cents. */
  static String plain(Usd usd) {
    return usd.isRange() ? plain(usd.low()) + " to " + plain(usd.high()) : plain(usd.high());
  }

  private static String plain(double usd) {
    return String.format(Locale.ROOT, "%.10f", usd).replaceFirst("\\.?0+$", "");
  }

  private static Problem problem(Price price, String given, String allowed, String fix) {
    return Problem.of(price.name(), given, allowed, fix);
  }

  private static Optional<Problem> problem(String name, String given, String allowed, String fix) {
    return Optional.of(Problem.of(name, given, allowed, fix));
  }
}
