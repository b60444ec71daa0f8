package dev.mlinfra.policy.internal;

/** Text of templates that anybody wrote, made safe for a terminal. */
public final class Printable {
  private Printable() {}

  /** The text in one line, with control characters written out: no colour, no cursor movement. */
  public static String of(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (Character.isISOControl(point) || Character.getType(point) == Character.FORMAT) {
                printable.append(String.format("\\u%04x", point));
              } else {
                printable.appendCodePoint(point);
              }
            });
    return printable.toString();
  }
}
