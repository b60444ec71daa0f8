package dev.mlinfra.policy.internal.network;

import java.util.Optional;

/**
 * A range of IPv4 addresses.
 *
 * @param address its first address, as a number
 * @param bits how many leading bits all of its addresses share, 0 to 32
 */
record CidrBlock(long address, int bits) {
  private static final int ALL_BITS = 32;

  /** The range of a text such as {@code 10.0.0.0/16}, if it is one. */
  static Optional<CidrBlock> parse(String text) {
    int slash = text.indexOf('/');
    String[] bytes = (slash < 0 ? text : text.substring(0, slash)).split("\\.", -1);
    if (bytes.length != 4) {
      return Optional.empty();
    }
    try {
      int bits = slash < 0 ? ALL_BITS : Integer.parseInt(text.substring(slash + 1));
      long address = 0;
      for (String each : bytes) {
        int value = Integer.parseInt(each);
        if (value < 0 || value > 255) {
          return Optional.empty();
        }
        address = address << 8 | value;
      }
      return bits < 0 || bits > ALL_BITS
          ? Optional.empty()
          : Optional.of(new CidrBlock(masked(address, bits), bits));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static long masked(long address, int bits) {
    return address >> (ALL_BITS - bits) << (ALL_BITS - bits);
  }

  /** Whether every address of another range is in this one. */
  boolean contains(CidrBlock other) {
    return other.bits >= bits && masked(other.address, bits) == address;
  }

  /** Whether it is every address that there is. */
  boolean isEverything() {
    return bits == 0;
  }
}
