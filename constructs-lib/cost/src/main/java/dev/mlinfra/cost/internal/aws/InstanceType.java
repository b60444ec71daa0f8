package dev.mlinfra.cost.internal.aws;

import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an instance type of EC2 says: {@code g5.2xlarge} is of family {@code g5} and has
 * eight vCPUs, since a size of {@code Nxlarge} has four times N.
 */
final class InstanceType {
  private static final Pattern MULTIPLE = Pattern.compile("(?:metal-)?(\\d+)xl(?:arge)?");

  /** The smallest sizes of burstable families have two vCPUs, of the first of them one. */
  private static final Set<String> SMALL = Set.of("nano", "micro", "small", "medium");

  private static final Set<String> WITH_ONE = Set.of("t2.nano", "t2.micro", "t2.small");

  private InstanceType() {}

  /** The part before the dot; the whole name where there is none. */
  static String family(String type) {
    int dot = type.indexOf('.');
    return dot < 0 ? type : type.substring(0, dot);
  }

  /** The vCPUs; empty where the name does not tell. */
  static OptionalInt vCpus(String type) {
    String size = type.substring(type.indexOf('.') + 1);
    Matcher multiple = MULTIPLE.matcher(size);
    if (multiple.matches()) {
      return OptionalInt.of(4 * Integer.parseInt(multiple.group(1)));
    }
    if (size.equals("xlarge")) {
      return OptionalInt.of(4);
    }
    if (size.equals("large")) {
      return OptionalInt.of(2);
    }
    if (family(type).startsWith("t") && SMALL.contains(size)) {
      return OptionalInt.of(WITH_ONE.contains(type) ? 1 : 2);
    }
    return size.equals("medium") ? OptionalInt.of(1) : OptionalInt.empty();
  }
}
