package dev.mlinfra.template.internal;

import java.util.ArrayList;
import java.util.List;

/** Takes the text of {@code Fn::Sub} apart. */
public final class SubText {
  private SubText() {}

  /**
   * One part of the text.
   *
   * @param text the text, or the name between the braces
   * @param isName whether it is a name
   */
  record Part(String text, boolean isName) {}

  /** The parts in order; <code>${!Name}</code> is the text <code>${Name}</code>. */
  static List<Part> parts(String template) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int from = 0;
    while (from < template.length()) {
      int start = template.indexOf("${", from);
      int end = start < 0 ? -1 : template.indexOf('}', start);
      if (end < 0) {
        break;
      }
      literal.append(template, from, start);
      String inside = template.substring(start + 2, end);
      if (inside.startsWith("!")) {
        literal.append("${").append(inside, 1, inside.length()).append('}');
      } else {
        if (!literal.isEmpty()) {
          parts.add(new Part(literal.toString(), false));
          literal.setLength(0);
        }
        parts.add(new Part(inside.strip(), true));
      }
      from = end + 1;
    }
    literal.append(template, from, template.length());
    if (!literal.isEmpty()) {
      parts.add(new Part(literal.toString(), false));
    }
    return parts;
  }

  /** The names that the text uses. */
  public static List<String> names(String template) {
    return parts(template).stream().filter(Part::isName).map(Part::text).toList();
  }
}
