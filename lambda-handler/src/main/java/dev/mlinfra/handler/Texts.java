package dev.mlinfra.handler;

/** Values of others, as they may appear in our messages. */
final class Texts {
  private static final int MAX_SHOWN = 40;

  private Texts() {}

  /** Returns the value on one line and at most 40 characters long, so that messages stay short. */
  static String shorten(String value) {
    StringBuilder shown = new StringBuilder();
    value
        .codePoints()
        .limit(MAX_SHOWN)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .forEach(shown::appendCodePoint);
    return value.codePointCount(0, value.length()) > MAX_SHOWN ? shown + "…" : shown.toString();
  }
}
