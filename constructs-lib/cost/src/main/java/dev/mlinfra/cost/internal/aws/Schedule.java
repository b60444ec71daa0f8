package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often an expression of EventBridge starts something per month of 730 hours. */
final class Schedule {
  private static final Pattern RATE = Pattern.compile("rate\\((\\d{1,9}) (minute|hour|day)s?\\)");
  private static final Pattern CRON = Pattern.compile("cron\\((.+)\\)");
  private static final Pattern STEP = Pattern.compile("(\\*|\\d{1,4})/(\\d{1,4})");
  private static final Pattern RANGE = Pattern.compile("([a-z]{3}|\\d{1,4})-([a-z]{3}|\\d{1,4})");
  private static final String WEEK = "sun mon tue wed thu fri sat ";
  private static final String YEAR = "jan feb mar apr may jun jul aug sep oct nov dec ";
  private static final double DAYS_PER_MONTH = LineItem.HOURS_PER_MONTH / 24;
  private static final double DAYS_PER_YEAR = 12 * DAYS_PER_MONTH;
  private static final int MINUTES = 60;
  private static final int HOURS = 24;
  private static final String ANY = "*";
  private static final String NONE = "?";

  private Schedule() {}

  /** Runs per month; empty for what cannot be counted, 1 for {@code at(…)} at most. */
  static OptionalDouble runsPerMonth(String expression) {
    String text = expression.strip().toLowerCase(Locale.ROOT);
    Matcher rate = RATE.matcher(text);
    if (rate.matches()) {
      double every = Double.parseDouble(rate.group(1));
      double perMonth = LineItem.HOURS_PER_MONTH / (hours(rate.group(2)) * every);
      return every > 0 ? OptionalDouble.of(perMonth) : OptionalDouble.empty();
    }
    Matcher cron = CRON.matcher(text);
    if (cron.matches()) {
      return cron(cron.group(1).strip().split("\\s+"));
    }
    return text.startsWith("at(") ? OptionalDouble.of(1) : OptionalDouble.empty();
  }

  private static double hours(String unit) {
    return switch (unit) {
      case "minute" -> 1.0 / 60;
      case "hour" -> 1;
      default -> 24;
    };
  }

  /** Fields are minutes, hours, days of the month, months, days of the week and years. */
  private static OptionalDouble cron(String[] fields) {
    if (fields.length < 5) {
      return OptionalDouble.empty();
    }
    OptionalDouble minutes = count(fields[0], MINUTES);
    OptionalDouble hours = count(fields[1], HOURS);
    OptionalDouble months = count(fields[3], 12);
    OptionalDouble days =
        fields[4].equals(NONE) || fields[4].equals(ANY)
            ? monthDays(fields[2])
            : weekdays(fields[4]);
    if (minutes.isEmpty() || hours.isEmpty() || months.isEmpty() || days.isEmpty()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        minutes.getAsDouble()
            * hours.getAsDouble()
            * days.getAsDouble()
            * (months.getAsDouble() / 12));
  }

  private static OptionalDouble monthDays(String field) {
    if (field.equals(ANY) || field.equals(NONE)) {
      return OptionalDouble.of(DAYS_PER_MONTH);
    }
    return field.matches("l|l-\\d+|\\d+w") ? OptionalDouble.of(1) : count(field, 31);
  }

  /** A day of the week comes 52 times a year; with {@code #} or {@code L} once a month. */
  private static OptionalDouble weekdays(String field) {
    if (field.contains("#") || field.endsWith("l")) {
      return OptionalDouble.of(1);
    }
    OptionalDouble days = count(field, 7);
    return days.isEmpty() ? days : OptionalDouble.of(days.getAsDouble() * DAYS_PER_YEAR / 7 / 12);
  }

  /**
   * How many of the values of a field it names: {@code *}, {@code 1,5}, {@code 1-5}, {@code 0/15}.
   */
  private static OptionalDouble count(String field, int values) {
    double total = 0;
    for (String part : field.split(",", -1)) {
      OptionalDouble one = countOne(part, values);
      if (one.isEmpty()) {
        return one;
      }
      total += one.getAsDouble();
    }
    return OptionalDouble.of(Math.min(total, values));
  }

  private static OptionalDouble countOne(String part, int values) {
    Matcher step = STEP.matcher(part);
    Matcher range = RANGE.matcher(part);
    if (part.equals(ANY)) {
      return OptionalDouble.of(values);
    }
    if (part.matches("[a-z]{3}|\\d{1,4}")) {
      return OptionalDouble.of(1);
    }
    if (step.matches() && Integer.parseInt(step.group(2)) > 0) {
      int first = values == MINUTES || values == HOURS ? 0 : 1;
      int from = step.group(1).equals(ANY) ? first : Integer.parseInt(step.group(1));
      double left = Math.max(0, first + values - from);
      return OptionalDouble.of(Math.ceil(left / Double.parseDouble(step.group(2))));
    }
    if (range.matches()) {
      int from = position(range.group(1), values);
      int to = position(range.group(2), values);
      return from < 0 || to < 0
          ? OptionalDouble.empty()
          : OptionalDouble.of((to >= from ? to - from : to + values - from) + 1);
    }
    return OptionalDouble.empty();
  }

  private static int position(String name, int values) {
    if (Character.isDigit(name.charAt(0))) {
      return Integer.parseInt(name);
    }
    int at = (values == 7 ? WEEK : YEAR).indexOf(name + " ");
    return at < 0 ? -1 : at / 4;
  }
}
