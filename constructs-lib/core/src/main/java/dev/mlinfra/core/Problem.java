package dev.mlinfra.core;

import java.util.Optional;

/**
 * One thing that is wrong with what a user gave: where, what was given, what is allowed, how to fix
 * it.
 *
 * @param at place in a file; empty for values that came from code
 * @param path path of the value, such as {@code aws.prediction.memoryMb}, or empty for a whole file
 * @param given what was given; never a secret
 * @param allowed what would be right
 * @param fix what to do; empty when {@code allowed} says it all
 */
public record Problem(
    Optional<Position> at, String path, String given, String allowed, String fix) {

  /** A problem of a value in a file. */
  public static Problem in(Position at, String path, String given, String allowed, String fix) {
    return new Problem(Optional.of(at), path, given, allowed, fix);
  }

  /** A problem of a value that code gave, such as a construct's property. */
  public static Problem of(String path, String given, String allowed, String fix) {
    return new Problem(Optional.empty(), path, given, allowed, fix);
  }

  /** One line: {@code file:line:column: path: given; allowed: …; fix: …}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    at.ifPresent(position -> text.append(position).append(": "));
    if (!path.isEmpty()) {
      text.append(path).append(": ");
    }
    text.append(given);
    if (!allowed.isEmpty()) {
      text.append("; allowed: ").append(allowed);
    }
    if (!fix.isEmpty()) {
      text.append("; fix: ").append(fix);
    }
    return text.toString();
  }
}
