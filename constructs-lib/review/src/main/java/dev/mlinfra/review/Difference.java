package dev.mlinfra.review;

/**
 * One property that has another value.
 *
 * @param path such as {@code LifecycleConfiguration.Rules[results].ExpirationInDays}: in brackets
 *     stands the name of an item where it has one, else its number
 * @param before what stood there; empty when nothing did; a secret is {@code [secret]}
 * @param after what stands there now, in the same way
 */
public record Difference(String path, String before, String after) {
  /** {@code path: before → after}. */
  @Override
  public String toString() {
    return path + ": " + Words.change(before, after);
  }
}
