package dev.mlinfra.cost;

import java.util.Locale;

/**
 * An amount of USD; a range where the price is not a fact, as on spot markets.
 *
 * @param low at least
 * @param high at most; the same as {@code low} where the amount is one
 */
public record Usd(double low, double high) {

  /** Nothing. */
  public static final Usd ZERO = Usd.of(0);

  public Usd {
    if (!(low >= 0 && low <= high && Double.isFinite(high))) {
      throw new IllegalArgumentException("not an amount: " + low + " to " + high);
    }
  }

  /** One amount. */
  public static Usd of(double usd) {
    return new Usd(usd, usd);
  }

  /** The sum. */
  public Usd plus(Usd other) {
    return new Usd(low + other.low, high + other.high);
  }

  /** So many times it. */
  public Usd times(double quantity) {
    return new Usd(low * quantity, high * quantity);
  }

  /** Whether it is more than one amount. */
  public boolean isRange() {
    return low < high;
  }

  /** Rounded to cents: {@code 12.34 USD}, {@code 12.34 to 20.00 USD}, {@code < 0.01 USD}. */
  @Override
  public String toString() {
    return isRange() && !cents(low).equals(cents(high))
        ? "%s to %s USD".formatted(cents(low), cents(high))
        : cents(high) + " USD";
  }

  private static String cents(double usd) {
    return usd > 0 && usd < 0.005 ? "< 0.01" : String.format(Locale.ROOT, "%,.2f", usd);
  }
}
