package dev.mlinfra.cost;

import dev.mlinfra.core.Problem;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far prices can be trusted on a day.
 *
 * @param asOf the day
 * @param prices how many there are
 * @param problems prices that break a {@linkplain PriceRules rule}
 * @param old prices by their source, where that is more than {@value #DAYS} days old
 * @param undated prices by their source, where that has no date
 * @param notPriced machines that can be selected and have no price, as {@code aws p5e.48xlarge}
 */
public record CatalogReport(
    LocalDate asOf,
    int prices,
    List<Problem> problems,
    SortedMap<String, List<Price>> old,
    SortedMap<String, List<Price>> undated,
    List<String> notPriced) {

  /** After so many days a price is old. */
  public static final int DAYS = 120;

  public CatalogReport {
    problems = List.copyOf(problems);
    notPriced = List.copyOf(notPriced);
  }

  /**
   * Looks at a price book.
   *
   * @param families families of EC2 that somebody can select, such as {@code p5e}
   */
  public static CatalogReport of(
      PriceBook book, InstanceTypes types, Collection<String> families, LocalDate asOf) {
    List<Price> prices = book.prices();
    LocalDate oldest = asOf.minusDays(DAYS);
    return new CatalogReport(
        asOf,
        prices.size(),
        PriceRules.of(types, asOf).check(prices),
        bySource(
            prices.stream()
                .filter(price -> price.date().filter(date -> date.isBefore(oldest)).isPresent())
                .toList()),
        bySource(prices.stream().filter(price -> price.date().isEmpty()).toList()),
        notPriced(book, types, families));
  }

  /** Whether nothing was found at all. */
  public boolean isClean() {
    return problems.isEmpty() && old.isEmpty() && undated.isEmpty() && notPriced.isEmpty();
  }

  private static SortedMap<String, List<Price>> bySource(List<Price> prices) {
    return prices.stream()
        .collect(Collectors.groupingBy(Price::source, TreeMap::new, Collectors.toList()));
  }

  private static List<String> notPriced(
      PriceBook book, InstanceTypes types, Collection<String> families) {
    Set<String> priced =
        book.prices().stream()
            .map(price -> price.service() + " " + price.item())
            .collect(Collectors.toSet());
    Set<String> known =
        types.all().stream()
            .filter(type -> type.provider().equals("aws"))
            .map(type -> family(type.type()))
            .collect(Collectors.toSet());
    Set<String> pricedFamilies =
        book.prices().stream()
            .filter(price -> price.service().equals("ec2"))
            .map(price -> family(price.item()))
            .collect(Collectors.toSet());
    Stream<String> machines =
        types.all().stream()
            .filter(type -> !type.isPriced(priced))
            .map(type -> type.provider() + " " + type.type());
    Stream<String> unknown =
        families.stream()
            .filter(family -> !known.contains(family) && !pricedFamilies.contains(family))
            .map(family -> "aws " + family + ".*");
    return Stream.concat(machines, unknown).sorted().toList();
  }

  private static String family(String type) {
    int dot = type.indexOf('.');
    return dot < 0 ? type : type.substring(0, dot);
  }
}
