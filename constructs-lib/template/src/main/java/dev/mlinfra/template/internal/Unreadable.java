package dev.mlinfra.template.internal;

import dev.mlinfra.core.Position;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import java.util.List;

/** Makes the one exception with which reading ends. */
final class Unreadable {
  private Unreadable() {}

  static ValidationException at(
      String file, Node node, String path, String given, String allowed, String fix) {
    return at(file, node.line(), node.column(), path, given, allowed, fix);
  }

  static ValidationException at(
      String file, int line, int column, String path, String given, String allowed, String fix) {
    return new ValidationException(
        file, List.of(Problem.in(new Position(file, line, column), path, given, allowed, fix)));
  }
}
