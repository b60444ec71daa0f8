package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Numbers of templates, and how the reasons of charges write them. */
final class Numbers {
  /** Nothing that is counted or billed is more; a template can name any number. */
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

  private static final MathContext SHOWN = new MathContext(6, RoundingMode.HALF_UP);

  private Numbers() {}

  /** The number that a value is; empty for what is no quantity, or only known at deployment. */
  static Optional<Double> of(Value value) {
    return value
        .asNumber()
        .filter(number -> number.signum() >= 0 && number.compareTo(MOST) <= 0)
        .map(BigDecimal::doubleValue);
  }

  /** The number of a property, or what holds where nothing stands; else as {@link #of(Value)}. */
  static Optional<Double> of(Bill bill, String path, double otherwise) {
    Value value = bill.property(path);
    return value.isMissing() ? Optional.of(otherwise) : of(value);
  }

  /** The whole number that a value is. */
  static OptionalInt whole(Value value) {
    return of(value).map(number -> OptionalInt.of(number.intValue())).orElse(OptionalInt.empty());
  }

  /** So many seconds. */
  static Optional<Duration> seconds(Value value) {
    return of(value).map(seconds -> Duration.ofSeconds(Math.round(seconds)));
  }

  /** Without a needless fraction or exponent, rounded to six digits: {@code 730}, {@code 0.5}. */
  static String text(double number) {
    return BigDecimal.valueOf(number).round(SHOWN).stripTrailingZeros().toPlainString();
  }
}
