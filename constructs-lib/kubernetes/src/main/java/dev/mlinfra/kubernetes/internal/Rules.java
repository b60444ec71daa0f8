package dev.mlinfra.kubernetes.internal;

import dev.mlinfra.core.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Collects what is wrong with arguments. */
final class Rules {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final List<Problem> problems = new ArrayList<>();

  /** A name of an object that is also a label and a part of host names. */
  Rules name(String path, String given) {
    return check(
        NAME.matcher(given).matches(),
        path,
        "given '" + given + "'",
        "1 to 63 of a-z, 0-9 and '-', not at the ends",
        "");
  }

  Rules range(String path, double given, double least, double most, String unit) {
    return check(
        given >= least && given <= most,
        path,
        "given " + number(given),
        number(least) + " to " + number(most) + unit,
        "");
  }

  Rules within(String path, Duration given, Duration least, Duration most) {
    return check(
        given.compareTo(least) >= 0 && given.compareTo(most) <= 0,
        path,
        "given " + given,
        least + " to " + most,
        "");
  }

  Rules check(boolean holds, String path, String given, String allowed, String fix) {
    if (!holds) {
      problems.add(Problem.of(path, given, allowed, fix));
    }
    return this;
  }

  Rules add(List<Problem> more) {
    problems.addAll(more);
    return this;
  }

  Rules add(Optional<Problem> more) {
    more.ifPresent(problems::add);
    return this;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
