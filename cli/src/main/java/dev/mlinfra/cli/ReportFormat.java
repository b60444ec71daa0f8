package dev.mlinfra.cli;

import java.util.Locale;

/** What a report on costs or plans is written as. */
enum ReportFormat {
  TEXT,
  JSON,
  MARKDOWN;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
