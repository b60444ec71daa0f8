package dev.mlinfra.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A finding that stays, and why. It stays in the report; one that covers nothing is a finding
 * itself.
 *
 * @param rule id of the rule, such as {@code mlinfra::money.log-retention}
 * @param scope what it covers: the construct path or id of a resource, or of something above it,
 *     such as {@code prod/Data} or {@code prod}. A {@code *} stands for one part of the path:
 *     {@code *}{@code /Data} covers the stack of every environment
 * @param reason why the finding stays, for the reviewer; at least 20 characters
 */
public record Acknowledgement(String rule, String scope, String reason) {
  /** Fewer characters than this give no reason. */
  public static final int SHORTEST_REASON = 20;

  /** The key in the metadata of a resource: a list of rule, reason and, if wider, scope. */
  public static final String METADATA = "mlinfra::acknowledge";

  /** Whether it covers a finding. */
  public boolean covers(Finding finding) {
    return finding.rule().equals(rule)
        && (isAbove(finding.where())
            || finding.resource().map(id -> isAbove(id.toString())).orElse(false));
  }

  private boolean isAbove(String place) {
    List<String> wanted = parts(scope);
    List<String> given = parts(place);
    if (wanted.size() > given.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!wanted.get(i).equals("*") && !wanted.get(i).equals(given.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** A resource's id has its name after a colon, a construct path has slashes. */
  private static List<String> parts(String place) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= place.length(); i++) {
      if (i == place.length() || place.charAt(i) == '/' || place.charAt(i) == ':') {
        parts.add(place.substring(start, i));
        start = i + 1;
      }
    }
    return parts;
  }
}
