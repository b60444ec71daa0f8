package dev.mlinfra.cost;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Smaller sizes of the same EC2 family. */
record SmallerSizes(PriceBook prices) implements Substitutes {
  /** Families in which every size up to {@link #MOST_WITH_ONE} has one accelerator, the same. */
  private static final Set<String> ONE_ACCELERATOR =
      Set.of("g4ad", "g4dn", "g5", "g5g", "g6", "g6e");

  private static final int MOST_WITH_ONE = 4;

  /** Letters of families that have no accelerator. */
  private static final String GENERAL = "[cmrt][0-9].*";

  @Override
  public List<Price> of(Price price) {
    Optional<Size> size = Size.of(price);
    return size.isEmpty()
        ? List.of()
        : prices.prices().stream()
            .filter(other -> isAlike(price, other))
            .filter(other -> Size.of(other).filter(size.get()::canShrinkTo).isPresent())
            .sorted(
                Comparator.comparingDouble((Price other) -> other.usd().high())
                    .reversed()
                    .thenComparing(Price::item))
            .toList();
  }

  private static boolean isAlike(Price price, Price other) {
    return other.provider().equals(price.provider())
        && other.region().equals(price.region())
        && other.service().equals(price.service())
        && other.unit().equals(price.unit())
        && other.usd().high() < price.usd().high();
  }

  /** Family and size of a type such as {@code g5.2xlarge}. */
  private record Size(String family, int xlarges) {
    private static final String XLARGE = "xlarge";

    static Optional<Size> of(Price price) {
      String[] parts = price.item().split("\\.", 2);
      if (!price.provider().equals("aws")
          || !price.service().startsWith("ec2")
          || parts.length < 2
          || !parts[1].matches("[0-9]{0,2}" + XLARGE)) {
        return Optional.empty();
      }
      String number = parts[1].substring(0, parts[1].length() - XLARGE.length());
      return Optional.of(new Size(parts[0], number.isEmpty() ? 1 : Integer.parseInt(number)));
    }

    boolean canShrinkTo(Size other) {
      return family.equals(other.family)
          && other.xlarges < xlarges
          && (family.matches(GENERAL)
              || (ONE_ACCELERATOR.contains(family) && xlarges <= MOST_WITH_ONE));
    }
  }
}
