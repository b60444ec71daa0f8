package dev.mlinfra.review;

/** What a change can do; the first is the worst. */
public enum Risk {
  /** Something that holds data is replaced, lost, or no longer kept. */
  DATA("Data replaced or lost"),
  /** Someone may do more than before. */
  PERMISSIONS("Permissions broadened"),
  /** What is billed loses its cost tags, or goes to others. */
  TAGS("Cost tags lost"),
  /** What it costs changes. */
  COST("Cost"),
  /** More can come in or go out, or something is no longer reached. */
  REACH("Reach"),
  /** The gate finds more, or less. */
  FINDINGS("Findings of the gate"),
  /** Everything else. */
  OTHER("Everything else");

  private final String title;

  Risk(String title) {
    this.title = title;
  }

  /** For a heading. */
  public String title() {
    return title;
  }
}
