package dev.mlinfra.handler;

import java.util.Random;

/** Texts of two columns that are mostly not quite CSV. */
final class CsvGenerator {
  /** Cells that make a number, or none at all. */
  private static final String[] NUMBERS = {
    "1",
    "-2.5",
    "0.1",
    "1e3",
    "123456789012345678901",
    "9007199254740993",
    "",
    " ",
    " 4 ",
    "NA",
    "\"7\"",
    "\" -8.25 \"",
    "+.5",
    "1.",
    "00012.5000",
    "-0",
    "2.2250738585072014E-308",
    "\"\""
  };

  /** Cells that make trouble, most of them. */
  private static final String[] OTHERS = {
    "x",
    "5\" pipe",
    "\"a,b\"",
    "\"a\nb\"",
    "\"a\r\nb\"",
    "\"\"\"\"",
    "\"",
    "\"x\"y",
    "é",
    "-",
    ".",
    "0x1",
    "Infinity",
    "1_0",
    "١",
    "\u2028",
    "1e400",
    "\"1\n\"",
    "\"\n2\"",
    "\"\r3\r\n\""
  };

  private static final String[] LINE_ENDS = {"\n", "\n", "\n", "\r\n", "\r", "\n\n", "\r\r\n"};

  private final Random random;

  CsvGenerator(long seed) {
    random = new Random(seed);
  }

  /**
   * Makes a text.
   *
   * @param rows how many rows it has
   * @param troubles how many cells of a thousand are not those of a plain table
   */
  String csv(int rows, int troubles) {
    StringBuilder csv = new StringBuilder(rows * 16);
    for (int row = 1; row <= rows; row++) {
      cell(csv, troubles);
      csv.append(',');
      cell(csv, troubles);
      if (random.nextInt(20_000) < troubles) {
        csv.append(',');
      }
      if (row < rows || random.nextBoolean()) {
        csv.append(LINE_ENDS[random.nextInt(LINE_ENDS.length)]);
      }
    }
    return csv.toString();
  }

  private void cell(StringBuilder csv, int troubles) {
    if (random.nextInt(1000) < troubles) {
      csv.append(OTHERS[random.nextInt(OTHERS.length)]);
    } else if (random.nextInt(4) == 0) {
      csv.append(NUMBERS[random.nextInt(NUMBERS.length)]);
    } else if (random.nextBoolean()) {
      csv.append(random.nextGaussian());
    } else {
      csv.append(Math.round(random.nextGaussian() * 1e6) / 1e6);
    }
  }
}
