package dev.mlinfra.policy.internal.iam;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is known of one action.
 *
 * @param service such as {@code s3}
 * @param name such as {@code GetObject}
 * @param level what it does
 * @param known who knows it
 * @param required the types of resources that a caller must be allowed; empty when the action works
 *     with {@code *} alone
 * @param otherwise what the second source takes for required, where the two differ; else the same
 *     as {@code required}
 * @param optional further types that a statement can name
 * @param conditionKeys the keys of conditions that its requests carry, besides the global ones
 */
public record IamAction(
    String service,
    String name,
    AccessLevel level,
    Known known,
    Set<String> required,
    Set<String> otherwise,
    Set<String> optional,
    Set<String> conditionKeys) {

  /**
   * Services in which an action with several optional types always acts on one of them: a bucket by
   * its own name or by an access point's, a rule on one bus or another. The table says "optional"
   * for these as it does for what can be left out.
   */
  private static final Set<String> ONE_OF_SEVERAL =
      Set.of("cassandra", "elasticloadbalancing", "events", "lambda", "s3");

  /** A bucket is shown before an access point to it. */
  private static final Comparator<String> BY_LENGTH =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private static final int SHOWN = 4;

  /** What an action does. */
  public enum AccessLevel {
    LIST,
    READ,
    WRITE,
    TAGGING,
    PERMISSIONS_MANAGEMENT
  }

  /** Who knows an action. */
  public enum Known {
    /** Both sources, and they agree. */
    BOTH,
    /** Both sources, but they name other required types. */
    DIFFER,
    /** One source alone: it is new, or gone. */
    ONE
  }

  public IamAction {
    required = Set.copyOf(required);
    otherwise = Set.copyOf(otherwise);
    optional = Set.copyOf(optional);
    conditionKeys = Set.copyOf(conditionKeys);
  }

  /** As policies name it, such as {@code s3:GetObject}. */
  public String id() {
    return service + ":" + name;
  }

  /** Every type of resource that a statement can name, sorted. */
  Set<String> types() {
    Set<String> all = new TreeSet<>(required);
    all.addAll(optional);
    all.addAll(otherwise);
    return all;
  }

  /** Whether a statement can always name what the action acts on, so that it needs no {@code *}. */
  boolean alwaysHasResource() {
    return !required.isEmpty() || isOneOfSeveral();
  }

  /** Whether the two sources answer {@link #alwaysHasResource} in two ways. */
  boolean isDisputed() {
    return known == Known.DIFFER && !isOneOfSeveral() && required.isEmpty() != otherwise.isEmpty();
  }

  /** What it acts on, for people: the types that it requires, or else the others. */
  String actsOn() {
    Set<String> named = required.isEmpty() ? optional : required;
    return named.stream().sorted(BY_LENGTH).limit(SHOWN).collect(Collectors.joining(" or "))
        + (named.size() > SHOWN ? " …" : "");
  }

  /** How an ARN of what it acts on looks; empty when it acts on none, or the table has no form. */
  Optional<String> exampleArn() {
    return (required.isEmpty() ? optional : required)
        .stream()
            .sorted(BY_LENGTH)
            .flatMap(type -> IamFacts.forms(service, type).stream())
            .map(ArnPattern::toString)
            .findFirst();
  }

  private boolean isOneOfSeveral() {
    return optional.size() > 1
        && (level == AccessLevel.TAGGING || ONE_OF_SEVERAL.contains(service));
  }
}
