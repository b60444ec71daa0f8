package dev.mlinfra.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A bill as a table: what the price book says beside what somebody claims. */
final class BillTable {
  private static final PriceBook PRICES = PriceBook.bundled();

  /** One line; what is not claimed has no claim. */
  private record Line(String what, double quantity, Price price, Double claimed, String remark) {
    double usd() {
      return quantity * price.usd().high();
    }
  }

  private final List<Line> lines = new ArrayList<>();
  private final List<String> rests = new ArrayList<>();

  static Price price(String provider, String region, String service, String item) {
    return PRICES
        .find(provider, region, service, item)
        .orElseThrow(() -> new AssertionError("no price for %s %s".formatted(service, item)));
  }

  static Price aws(String service, String item) {
    return price("aws", "us-east-1", service, item);
  }

  BillTable line(String what, double quantity, Price price, String remark) {
    lines.add(new Line(what, quantity, price, null, remark));
    return this;
  }

  BillTable line(String what, double quantity, Price price, double claimed, String remark) {
    lines.add(new Line(what, quantity, price, claimed, remark));
    return this;
  }

  /** A sentence below the table. */
  BillTable rest(String sentence, Object... arguments) {
    rests.add(String.format(Locale.ROOT, sentence, arguments));
    return this;
  }

  /** The whole sum. */
  double total() {
    return lines.stream().mapToDouble(Line::usd).sum();
  }

  /** The sum of what is claimed line by line. */
  double claimed() {
    return lines.stream().mapToDouble(line -> line.claimed() == null ? 0 : line.claimed()).sum();
  }

  /** The table with its sum, and the sentences. */
  String markdown() {
    boolean anyClaim = lines.stream().anyMatch(line -> line.claimed() != null);
    StringBuilder text = new StringBuilder();
    text.append("| what | quantity x price | USD a month |");
    text.append(anyClaim ? " guide |" : "").append(" remark |\n");
    text.append("|---|---|---:|").append(anyClaim ? "---:|" : "").append("---|\n");
    for (Line line : lines) {
      String price = Double.toString(line.price().usd().high());
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s x %s per %s (%s) | %.2f |",
              line.what(),
              plain(line.quantity()),
              price.contains("E")
                  ? String.format(Locale.ROOT, "%.10f", line.price().usd().high())
                  : price,
              line.price().unit(),
              line.price().date().map(Object::toString).orElse("undated"),
              line.usd()));
      if (anyClaim) {
        text.append(
            line.claimed() == null ? " |" : String.format(Locale.ROOT, " %.2f |", line.claimed()));
      }
      text.append(line.remark().isEmpty() ? " |\n" : " " + line.remark() + " |\n");
    }
    text.append(String.format(Locale.ROOT, "| **sum** | | **%.2f** |", total()));
    text.append(anyClaim ? String.format(Locale.ROOT, " %.2f |", claimed()) : "").append(" |\n");
    rests.forEach(sentence -> text.append('\n').append(sentence).append('\n'));
    return text.toString();
  }

  private static String plain(double quantity) {
    return quantity == Math.rint(quantity)
        ? String.format(Locale.ROOT, "%,.0f", quantity)
        : String.format(Locale.ROOT, "%.2f", quantity);
  }
}
