package dev.mlinfra.cost;

import dev.mlinfra.template.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prices for a terminal or a log: environment by environment, limits first, without colours. */
public final class CostText {
  private CostText() {}

  /**
   * The prices in lines; the last one of each environment counts its resources. Control characters
   * of templates are written as {@code \u001b}.
   */
  public static String of(List<PricedEnvironment> environments) {
    List<String> lines = new ArrayList<>();
    for (PricedEnvironment environment : environments) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      environment(environment, lines);
    }
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(SafeText.printable(line)).append('\n'));
    return text.toString();
  }

  private static void environment(PricedEnvironment priced, List<String> lines) {
    Estimate estimate = priced.estimate();
    lines.add(priced.summary());
    section(lines, "limits", priced.limits().stream().flatMap(it -> limit(it).stream()).toList());
    section(
        lines,
        "a month, dearest first",
        priced.dearestFirst().stream().flatMap(it -> line(it).stream()).toList());
    section(
        lines,
        "jobs",
        estimate.jobs().stream()
            .map(job -> job.where() + ": " + Words.exposure(job))
            .sorted()
            .toList());
    section(
        lines,
        "per unit",
        UnitCost.of(estimate).stream()
            .map(unit -> unit.what() + ": " + Words.precise(unit.usd()) + " = " + unit.arithmetic())
            .toList());
    section(
        lines,
        "not priced",
        priced.notPriced().stream()
            .map(one -> "%s (%s): %s".formatted(one.where(), one.type(), one.because()))
            .toList());
    lines.add("  assumed: " + priced.assumed());
    lines.add("  prices: " + priced.priceDates());
    lines.add("  " + priced.resources());
  }

  private static void section(List<String> lines, String title, List<String> content) {
    if (!content.isEmpty()) {
      lines.add("  " + title);
      content.forEach(line -> lines.add("    " + line));
    }
  }

  private static List<String> limit(LimitResult result) {
    List<String> lines = new ArrayList<>();
    String status = result.status().name().toLowerCase(Locale.ROOT);
    lines.add("%-9s  %s: %s".formatted(status, result.name(), result.arithmetic()));
    for (String change : result.changes()) {
      lines.add("%-9s  %s %s".formatted("", lines.size() == 1 ? "change:" : "    or:", change));
    }
    return lines;
  }

  private static List<String> line(LineItem item) {
    Charge expected = item.expected();
    List<String> lines = new ArrayList<>();
    lines.add("%s  %s: %s".formatted(expected.usd(), item.where(), item.what()));
    lines.add("  " + Words.charge(expected) + "; " + expected.why());
    lines.add("  source: " + expected.price().source());
    String worst = Words.worst(item);
    if (!worst.isEmpty()) {
      lines.add("  at most: " + worst);
    }
    return lines;
  }
}
