package dev.mlinfra.cost;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** A {@link CatalogReport} for people. */
public final class CatalogText {
  private CatalogText() {}

  /** The report as text. */
  public static String of(CatalogReport report) {
    StringBuilder text = new StringBuilder();
    line(text, "%s prices on %s".formatted(report.prices(), report.asOf()));
    report.problems().forEach(problem -> line(text, "error    " + problem));
    sources(
        text, report.old(), "older than " + CatalogReport.DAYS + " days; mlinfra catalog refresh");
    sources(text, report.undated(), "without a date");
    if (!report.notPriced().isEmpty()) {
      line(
          text,
          "warning  %s machines can be selected and have no price: %s"
              .formatted(report.notPriced().size(), String.join(", ", report.notPriced())));
    }
    line(
        text,
        "%s errors, %s old, %s without a date, %s machines not priced"
            .formatted(
                report.problems().size(),
                count(report.old()),
                count(report.undated()),
                report.notPriced().size()));
    return text.toString();
  }

  private static void sources(
      StringBuilder text, SortedMap<String, List<Price>> sources, String what) {
    if (sources.isEmpty()) {
      return;
    }
    line(text, "warning  %s prices %s".formatted(count(sources), what));
    sources.forEach(
        (source, prices) ->
            line(
                text,
                "  %4d  %s%s"
                    .formatted(
                        prices.size(),
                        oldest(prices).map(date -> date + "  ").orElse(""),
                        source)));
  }

  private static Optional<LocalDate> oldest(List<Price> prices) {
    return prices.stream().flatMap(price -> price.date().stream()).min(LocalDate::compareTo);
  }

  private static int count(SortedMap<String, List<Price>> sources) {
    return sources.values().stream().mapToInt(List::size).sum();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
