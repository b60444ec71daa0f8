package dev.mlinfra.review;

/** Small pieces of sentences. */
final class Words {
  private Words() {}

  /** {@code before → after}; what is not there is {@code nothing}. */
  static String change(String before, String after) {
    return orNothing(before) + " → " + orNothing(after);
  }

  static String orNothing(String text) {
    return text.isEmpty() ? "nothing" : text;
  }

  static String count(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
