package dev.mlinfra.cli;

import java.util.Locale;

/** What a short report is written as. */
enum TextOrJson {
  TEXT,
  JSON;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
