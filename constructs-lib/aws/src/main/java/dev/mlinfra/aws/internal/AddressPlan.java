package dev.mlinfra.aws.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the addresses of a VPC are shared out: an eighth for the workloads of each zone, the last
 * eighth for NAT gateways. A zone keeps its addresses when another one is added.
 *
 * @param first first address, as a number
 * @param size of the range, such as 16 for {@code /16}
 */
public record AddressPlan(long first, int size) {
  static final int WIDEST = 16;

  /** The smallest range whose eighth has room for six subnets of NAT. */
  static final int NARROWEST = 22;

  private static final int NAT_SIZE = 28;
  private static final Pattern CIDR =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

  /** Whether a text is a range that can be shared out. */
  public static boolean isRange(String cidr) {
    Matcher matcher = CIDR.matcher(cidr);
    if (!matcher.matches()) {
      return false;
    }
    for (int i = 1; i <= 4; i++) {
      if (Integer.parseInt(matcher.group(i)) > 255) {
        return false;
      }
    }
    AddressPlan plan = of(cidr);
    return plan.size >= WIDEST && plan.size <= NARROWEST && plan.first % length(plan.size) == 0;
  }

  /** The plan of a range. */
  public static AddressPlan of(String cidr) {
    Matcher matcher = CIDR.matcher(cidr);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(cidr);
    }
    long first = 0;
    for (int i = 1; i <= 4; i++) {
      first = first * 256 + Integer.parseInt(matcher.group(i));
    }
    return new AddressPlan(first, Integer.parseInt(matcher.group(5)));
  }

  /** The range of the workloads of a zone, counted from 0. */
  public String workloads(int zone) {
    return range(first + zone * length(size + 3), size + 3);
  }

  /** The range of the NAT gateway of a zone, counted from 0. */
  public String nat(int zone) {
    return range(first + 7 * length(size + 3) + zone * length(NAT_SIZE), NAT_SIZE);
  }

  private static long length(int size) {
    return 1L << (32 - size);
  }

  private static String range(long first, int size) {
    return "%d.%d.%d.%d/%d"
        .formatted(first >> 24 & 255, first >> 16 & 255, first >> 8 & 255, first & 255, size);
  }
}
