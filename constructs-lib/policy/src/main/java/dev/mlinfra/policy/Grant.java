package dev.mlinfra.policy;

import java.util.Comparator;

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
  private static final Comparator<Grant> ORDER =
      Comparator.comparing(Grant::principal)
          .thenComparing(Grant::action)
          .thenComparing(Grant::resource)
          .thenComparing(Grant::condition);

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
