package dev.mlinfra.policy;

import dev.mlinfra.policy.internal.iam.Wildcards;
import java.util.Comparator;
import java.util.Locale;

/**
 * One action that a policy allows or denies on one resource.
 *
 * @param principal who: an identity such as {@code dev/Training:Role11E5256C}, or what a resource's
 *     or a role's own policy names, such as {@code Service lambda.amazonaws.com}
 * @param action such as {@code s3:GetObject}; {@code deny s3:GetObject} for a denial, {@code all
 *     but iam:PassRole} for {@code NotAction}
 * @param resource such as <code>${dev/Data:Bucket.Arn}/models/*</code>: what only the deployment
 *     knows stands in <code>${}</code>
 * @param condition such as {@code StringEquals aws:SourceAccount = 123456789012}; empty without one
 */
public record Grant(String principal, String action, String resource, String condition)
    implements Comparable<Grant> {
  private static final String DENY = "deny ";
  private static final String ALL_BUT = "all but ";

  private static final Comparator<Grant> ORDER =
      Comparator.comparing(Grant::principal)
          .thenComparing(Grant::action)
          .thenComparing(Grant::resource)
          .thenComparing(Grant::condition);

  /** Whether it denies. */
  public boolean isDenial() {
    return action.startsWith(DENY);
  }

  /**
   * Whether it certainly says everything that another one says: a principal, an action and a
   * resource that are the same or wider by their wildcards, and no condition that the other has
   * not. What the texts do not show is not known, so {@code false} means that it may be narrower.
   */
  public boolean covers(Grant other) {
    return isDenial() == other.isDenial()
        && coversPrincipal(other.principal)
        && covers(action.toLowerCase(Locale.ROOT), other.action.toLowerCase(Locale.ROOT))
        && covers(resource, other.resource)
        // A condition narrows an allowance, and a denial as well.
        && (condition.isEmpty() || condition.equals(other.condition));
  }

  private boolean coversPrincipal(String other) {
    return principal.equals(other)
        || principal.equals("*")
        || (principal.equals("AWS *") && other.startsWith("AWS "));
  }

  /** An exception with a wildcard leaves out more, not less, so only the same one is covered. */
  private static boolean covers(String wider, String narrower) {
    if (wider.contains(ALL_BUT) || narrower.contains(ALL_BUT)) {
      return wider.equals(narrower) || wider.equals("*");
    }
    return Wildcards.covers(wider, narrower);
  }

  @Override
  public int compareTo(Grant other) {
    return ORDER.compare(this, other);
  }

  /** {@code principal | action | resource}, and {@code | condition} if there is one. */
  @Override
  public String toString() {
    String line = principal + " | " + action + " | " + resource;
    return condition.isEmpty() ? line : line + " | " + condition;
  }
}
