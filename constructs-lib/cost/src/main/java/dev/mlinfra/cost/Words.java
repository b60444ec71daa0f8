package dev.mlinfra.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How figures are written: the same everywhere, and exact enough to do the sum again. */
final class Words {
  private static final Set<String> WITH_SPOT_MARKET = Set.of("ec2", "vm");

  private Words() {}

  /** {@code 26,827,500} or {@code 0.001}. */
  static String number(double number) {
    return format("#,##0.######", number);
  }

  /** As the price book has it: {@code 0.0000166667}. */
  static String exact(double usd) {
    return format("#,##0.############", usd);
  }

  /** In whole cents: {@code 1,234.50 USD}. */
  static String usd(double usd) {
    return format("#,##0.00", cents(usd).doubleValue()) + " USD";
  }

  /** Rounded to cents, which is how amounts are compared. */
  static BigDecimal cents(double usd) {
    return BigDecimal.valueOf(usd).setScale(2, RoundingMode.HALF_UP);
  }

  private static String format(String pattern, double number) {
    DecimalFormat format =
        new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(number);
  }

  /** {@code 4 h}, {@code 2 h 45 min}, {@code 90 s}. */
  static String duration(Duration duration) {
    List<String> parts = new ArrayList<>();
    if (duration.toHours() > 0) {
      parts.add(duration.toHours() + " h");
    }
    if (duration.toMinutesPart() > 0) {
      parts.add(duration.toMinutesPart() + " min");
    }
    double seconds = duration.toSecondsPart() + duration.toMillisPart() / 1000.0;
    if (seconds > 0 || parts.isEmpty()) {
      parts.add(number(seconds) + " s");
    }
    return String.join(" ", parts);
  }

  /** {@code 1 attempt}, {@code 3 attempts}. */
  static String count(long count, String what) {
    return format("#,##0", (double) count) + " " + what + (count == 1 ? "" : "s");
  }

  /** The unit price: {@code 1.212 USD} or {@code 0.40 to 0.90 USD}. */
  static String unitPrice(Price price) {
    Usd usd = price.usd();
    return (usd.isRange() ? exact(usd.low()) + " to " + exact(usd.high()) : exact(usd.high()))
        + " USD";
  }

  /** What a price is of, where and when: {@code g5.2xlarge, us-east-1, on demand, 2026-07-20}. */
  static String origin(Price price) {
    List<String> parts = new ArrayList<>();
    parts.add(price.item());
    parts.add(
        price
            .standsInFor()
            .map(region -> price.region() + " for " + region)
            .orElse(price.region()));
    if (price.isSpot()) {
      parts.add("spot, which floats");
    } else if (WITH_SPOT_MARKET.contains(price.service())) {
      parts.add("on demand");
    }
    parts.add(price.date().map(LocalDate::toString).orElse("no date"));
    return String.join(", ", parts);
  }

  /** {@code 40 hour x 1.212 USD}. */
  static String product(Charge charge) {
    return number(charge.quantity())
        + " "
        + charge.price().unit()
        + " x "
        + unitPrice(charge.price());
  }

  /** What an hour costs: {@code 1.212 USD/h}, or a product where it is one. */
  static String hourly(Charge hourly) {
    if (hourly.price().unit().equals("hour")) {
      String quantity = hourly.quantity() == 1 ? "" : number(hourly.quantity()) + " x ";
      return quantity + unitPrice(hourly.price()) + "/h";
    }
    return "(" + product(hourly) + ")/h";
  }

  /** What an hour costs, and whose price that is: {@code 1.212 USD/h (g5.2xlarge, …)}. */
  static String hourlyOf(Charge hourly) {
    return hourly(hourly) + " (" + origin(hourly.price()) + ")";
  }

  /** {@code 40 hour x 1.212 USD (g5.2xlarge, …) = 48.48 USD}. */
  static String charge(Charge charge) {
    return "%s (%s) = %s".formatted(product(charge), origin(charge.price()), charge.usd());
  }

  /** The most that a line can cost; empty where that is what is expected. */
  static String worst(LineItem item) {
    if (item.worst().isEmpty()) {
      return "nothing bounds it";
    }
    Charge worst = item.worst().get();
    if (worst.quantity() == item.expected().quantity()
        && worst.price().equals(item.expected().price())) {
      return "";
    }
    return charge(worst) + "; " + worst.why();
  }

  /** What one job can cost: {@code 3 attempts x 4 h x 1.212 USD/h (…) = 14.54 USD}. */
  static String exposure(JobExposure job) {
    String product =
        "%s x %s x %s"
            .formatted(
                job.attempts().isPresent()
                    ? count(job.attempts().getAsInt(), "attempt")
                    : "any number of attempts",
                job.timeout().map(Words::duration).orElse("any time"),
                job.hourly().map(Words::hourlyOf).orElse("a price that is not known"));
    return job.usd().map(usd -> product + " = " + precise(usd)).orElse(product);
  }

  /** Small amounts with as many digits as it takes: {@code 0.0042 USD}. */
  static String precise(Usd usd) {
    if (usd.high() >= 0.1 || usd.high() == 0) {
      return usd.toString();
    }
    String high = significant(usd.high());
    String low = significant(usd.low());
    return (low.equals(high) ? high : low + " to " + high) + " USD";
  }

  private static String significant(double usd) {
    return new BigDecimal(usd).round(new MathContext(2)).stripTrailingZeros().toPlainString();
  }
}
