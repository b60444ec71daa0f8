package dev.mlinfra.cost.internal.pulumi;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What an hour of something costs.
 *
 * @param what what runs, such as {@code n1-standard-4 + 1 x nvidia-tesla-t4}
 * @param expected the price that is expected
 * @param most the dearest that it can be
 * @param note what weakens it; empty when nothing does
 */
public record Rate(String what, Price expected, Price most, String note) {
  public Rate {
    if (expected.usd().high() > most.usd().high()) {
      most = expected;
    }
  }

  /** One price, whatever happens. */
  public static Rate of(String what, Price price) {
    return new Rate(what, price, price, "");
  }

  /**
   * On the spot market, and on demand at most; where the spot price is not known, a note says so.
   */
  public static Rate ofSpot(String what, Price onDemand, Optional<Price> spot) {
    return new Rate(
        what + " spot",
        spot.orElse(onDemand),
        onDemand,
        spot.isPresent() ? "" : "no source for its spot price, so that on demand counts");
  }

  /** The same with one more note. */
  public Rate noting(String more) {
    return new Rate(what, expected, most, note.isEmpty() ? more : note + "; " + more);
  }

  /** Several prices of one hour as one; its note has the arithmetic. */
  public static Price sum(String what, List<Charge> parts) {
    Price first = parts.get(0).price();
    if (parts.size() == 1 && parts.get(0).quantity() == 1) {
      return first;
    }
    return new Price(
        first.provider(),
        distinct(parts, Price::region),
        distinct(parts, Price::service),
        what,
        "hour",
        parts.stream().map(Charge::usd).reduce(Usd.ZERO, Usd::plus),
        distinct(parts, Price::source),
        oldest(parts),
        parts.stream().map(Rate::arithmetic).collect(Collectors.joining(" + ")),
        parts.stream().flatMap(part -> part.price().standsInFor().stream()).findFirst());
  }

  private static String distinct(List<Charge> parts, Function<Price, String> of) {
    return parts.stream()
        .map(part -> of.apply(part.price()))
        .distinct()
        .collect(Collectors.joining(" + "));
  }

  /** A sum is as old as its oldest part, and undated with an undated one. */
  private static Optional<LocalDate> oldest(List<Charge> parts) {
    boolean dated = parts.stream().allMatch(part -> part.price().date().isPresent());
    return parts.stream()
        .flatMap(part -> part.price().date().stream())
        .min(LocalDate::compareTo)
        .filter(date -> dated);
  }

  private static String arithmetic(Charge part) {
    Usd usd = part.price().usd();
    String each =
        usd.isRange() ? Text.of(usd.low()) + " to " + Text.of(usd.high()) : Text.of(usd.low());
    return "%s x %s (%s)".formatted(Text.of(part.quantity()), each, part.why());
  }
}
