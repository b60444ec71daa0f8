package dev.mlinfra.policy.internal.iam;

/** IAM's wildcards: {@code *} stands for any characters, {@code ?} for exactly one. */
public final class Wildcards {
  private Wildcards() {}

  /**
   * Whether every text that one pattern names is certainly named by another; both in the same case.
   */
  public static boolean covers(String pattern, String narrower) {
    // A wildcard of the narrower one is a text like any other, but a star is never one character.
    return matches(pattern, narrower, false);
  }

  /**
   * Whether a text is one that a pattern names; both in the same case. It goes back to the last
   * star only, so the time is at most the product of the lengths.
   */
  static boolean matches(String pattern, String text) {
    return matches(pattern, text, true);
  }

  private static boolean matches(String pattern, String text, boolean starIsOne) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == text.charAt(t)
              || (pattern.charAt(p) == '?' && (starIsOne || text.charAt(t) != '*')))) {
        p++;
        t++;
      } else if (star >= 0) {
        // What the last star stands for is one character longer.
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
