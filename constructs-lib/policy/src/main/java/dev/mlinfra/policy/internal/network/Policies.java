package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Locale;

/** What the statements of policies on buckets and endpoints say. */
final class Policies {
  private Policies() {}

  /** Whether a statement is certainly about every principal. */
  static boolean isForEveryone(Statement statement) {
    Value principal = statement.entry("Principal");
    return Decide.items(principal).contains(new Value.Text("*"))
        || Decide.items(principal.entry("AWS")).contains(new Value.Text("*"));
  }

  /** Whether one of the actions of a statement certainly covers an action. */
  static Verdict covers(List<Value> actions, String action) {
    return Reach.best(
        actions.stream()
            .map(
                it ->
                    Decide.text(
                        it,
                        pattern ->
                            matches(
                                pattern.toLowerCase(Locale.ROOT), action.toLowerCase(Locale.ROOT))))
            .toList());
  }

  /** Whether a text fits a pattern in which {@code *} is any text and {@code ?} any character. */
  static boolean matches(String pattern, String text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int retry = 0;
    while (in < text.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        retry = in;
      } else if (at < pattern.length()
          && (pattern.charAt(at) == '?' || pattern.charAt(at) == text.charAt(in))) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++retry;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }
}
