package dev.mlinfra.handler;

import java.util.Set;
import tools.jackson.core.io.NumberInput;

/** How cells are read as numbers. */
final class Numbers {
  /** What pandas' {@code read_csv} takes for NaN, so that moving from it changes nothing. */
  private static final Set<String> MISSING =
      Set.of(
          "",
          "#N/A",
          "#N/A N/A",
          "#NA",
          "-1.#IND",
          "-1.#QNAN",
          "-NaN",
          "-nan",
          "1.#IND",
          "1.#QNAN",
          "<NA>",
          "N/A",
          "NA",
          "NULL",
          "NaN",
          "None",
          "n/a",
          "nan",
          "null");

  private Numbers() {}

  /** Says whether a cell, without the blanks around it, holds no value. */
  static boolean isMissing(String stripped) {
    return MISSING.contains(stripped);
  }

  /**
   * Reads a decimal number like {@code -1.5e3}; beyond the range of double it is infinite.
   *
   * @param stripped a cell without the blanks around it
   * @throws NumberFormatException if it is none
   */
  static double parse(String stripped) {
    for (int i = 0; i < stripped.length(); i++) {
      // Java would also read 1d, 0x1p3 and Infinity, which are no decimal numbers.
      if ("0123456789+-.eE".indexOf(stripped.charAt(i)) < 0) {
        throw new NumberFormatException("not a decimal number");
      }
    }
    return NumberInput.parseDouble(stripped, true);
  }
}
