package dev.mlinfra.template.internal;

import java.util.ArrayList;
import java.util.List;

/** Reads a path such as {@code Statement[0].Condition["a.b"]}. */
public final class ValuePath {
  private final String path;
  private final List<Object> steps = new ArrayList<>();
  private int at;

  private ValuePath(String path) {
    this.path = path;
  }

  /** The steps: a {@code String} for a key, an {@code Integer} for an index. */
  public static List<Object> parse(String path) {
    ValuePath reader = new ValuePath(path);
    reader.read();
    return reader.steps;
  }

  private void read() {
    while (at < path.length()) {
      if (path.charAt(at) == '[') {
        bracket();
      } else {
        if (at > 0) {
          expect('.');
        }
        word();
      }
    }
  }

  private void word() {
    int start = at;
    while (at < path.length() && ".[]".indexOf(path.charAt(at)) < 0) {
      at++;
    }
    if (at == start) {
      throw malformed();
    }
    steps.add(path.substring(start, at));
  }

  private void bracket() {
    expect('[');
    int start = at;
    if (at < path.length() && path.charAt(at) == '"') {
      int end = path.indexOf("\"]", at + 1);
      if (end < 0) {
        throw malformed();
      }
      steps.add(path.substring(at + 1, end));
      at = end + 2;
      return;
    }
    while (at < path.length() && Character.isDigit(path.charAt(at))) {
      at++;
    }
    try {
      steps.add(Integer.valueOf(path.substring(start, at)));
    } catch (NumberFormatException e) {
      throw malformed();
    }
    expect(']');
  }

  private void expect(char wanted) {
    if (at >= path.length() || path.charAt(at) != wanted) {
      throw malformed();
    }
    at++;
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "'" + path + "' is not a path such as A.B[0].C or A[\"b.c\"] (at character " + at + ")");
  }
}
