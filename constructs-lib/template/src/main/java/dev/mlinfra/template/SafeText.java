package dev.mlinfra.template;

/** Text of templates that anybody wrote, made safe for those who show it. */
public final class SafeText {
  private static final int LONGEST_IN_MARKDOWN = 300;

  private SafeText() {}

  /**
   * For a terminal or a log: one line, with control characters written out as {@code \u001b}, so
   * that there is no colour and no cursor movement.
   */
  public static String printable(String text) {
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

  /** For Markdown, as code: at most 300 characters, nothing of it is taken for a mark. */
  public static String markdownCode(String text) {
    return "<code>" + escape(text, LONGEST_IN_MARKDOWN) + "</code>";
  }

  /**
   * For Markdown, as prose: at most 300 characters, nothing of it is taken for a mark, nor for the
   * name of a person or an issue, which are looked for in all text that is no code.
   */
  public static String markdownProse(String text) {
    return markdownProse(text, LONGEST_IN_MARKDOWN);
  }

  /** The same, with at most so many characters. */
  public static String markdownProse(String text, int longest) {
    return escape(text, longest).replace("&#64;", "&#64;&#8203;").replace("&#35;", "&#35;&#8203;");
  }

  /** A character reference is never taken for a mark of Markdown, nor for a cell's border. */
  private static String escape(String text, int longest) {
    String shown = text.length() <= longest ? text : text.substring(0, longest) + "…";
    StringBuilder escaped = new StringBuilder();
    shown
        .codePoints()
        .forEach(
            point -> {
              if (Character.isISOControl(point)) {
                escaped.append(' ');
              } else if ("\\`*_~[]<>&|!#@$\"'".indexOf(point) >= 0) {
                escaped.append("&#").append(point).append(';');
              } else {
                escaped.appendCodePoint(point);
              }
            });
    // What looks like an address would become a link.
    return escaped.toString().replace("://", "&#58;//");
  }
}
