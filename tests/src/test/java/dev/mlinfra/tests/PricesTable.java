package dev.mlinfra.tests;

import dev.mlinfra.cost.CatalogReport;
import dev.mlinfra.cost.InstanceTypes;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is priced, by service and by source, as tables of a document. */
final class PricesTable {
  private final List<Price> prices = PriceBook.bundled().prices();

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d prices, facts of %d machines.\n"
            .formatted(prices.size(), InstanceTypes.bundled().all().size()));
    text.append(
        "\n| provider | service | prices | regions | sources of |\n|---|---|---|---|---|\n");
    by(price -> price.provider() + " | " + price.service())
        .forEach(
            (service, all) ->
                text.append(
                    "| %s | %d | %s | %s |\n"
                        .formatted(
                            service,
                            all.size(),
                            all.stream()
                                .map(Price::region)
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(", ")),
                            dates(all))));
    text.append("\n| source | prices | of |\n|---|---|---|\n");
    by(PricesTable::origin)
        .forEach(
            (origin, all) ->
                text.append("| %s | %d | %s |\n".formatted(origin, all.size(), dates(all))));
    text.append("\nMachines that can be selected and have no price: ")
        .append(
            CatalogReport.of(
                    PriceBook.bundled(), InstanceTypes.bundled(), List.of(), LocalDate.EPOCH)
                .notPriced()
                .stream()
                .map(machine -> machine.replaceFirst(" (.*)", " `$1`"))
                .collect(Collectors.joining(", ")))
        .append('.');
    return text.toString();
  }

  private Map<String, List<Price>> by(Function<Price, String> key) {
    return prices.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
  }

  /** The repository of a file, or the page. */
  private static String origin(Price price) {
    String source = price.source();
    boolean file = source.matches("[\\w.-]+/[\\w.-]+ .*");
    return file ? source.substring(0, source.indexOf(' ')) : source;
  }

  private static String dates(List<Price> prices) {
    List<LocalDate> dates =
        prices.stream().flatMap(price -> price.date().stream()).sorted().distinct().toList();
    boolean undated = prices.stream().anyMatch(price -> price.date().isEmpty());
    if (dates.isEmpty()) {
      return "no date";
    }
    String first = dates.get(0).toString();
    String last = dates.get(dates.size() - 1).toString();
    return (first.equals(last) ? first : first + " to " + last)
        + (undated ? ", some without a date" : "");
  }
}
