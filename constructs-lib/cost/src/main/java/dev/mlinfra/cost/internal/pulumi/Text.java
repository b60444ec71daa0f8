package dev.mlinfra.cost.internal.pulumi;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as reasons write them. */
public final class Text {
  private static final MathContext DIGITS = new MathContext(7);

  private Text() {}

  /** Without zeros that say nothing: {@code 3}, {@code 0.539999}. */
  public static String of(double number) {
    return number == 0
        ? "0"
        : BigDecimal.valueOf(number).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
