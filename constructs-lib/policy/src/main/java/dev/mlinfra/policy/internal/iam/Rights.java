package dev.mlinfra.policy.internal.iam;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one identity may do, all its policies together: allowed by some statement, refused by none,
 * and within the boundary.
 *
 * <p>A condition counts by what the holder can do about it. What the holder chooses or what is true
 * of the holder anyway (the region, the account, a second factor) bounds nothing. That the resource
 * has a tag, or that the role goes to a service, bounds what it says. Of any other condition it is
 * unknown.
 */
final class Rights {
  /** Keys that do not tell one resource from another, or that the holder can satisfy. */
  private static final Set<String> NOT_OF_THE_RESOURCE =
      Set.of(
          "aws:currenttime",
          "aws:epochtime",
          "aws:multifactorauthage",
          "aws:multifactorauthpresent",
          "aws:principalaccount",
          "aws:principalarn",
          "aws:principalorgid",
          "aws:principaltype",
          "aws:requestedregion",
          "aws:resourceaccount",
          "aws:resourceorgid",
          "aws:resourceorgpaths",
          "aws:securetransport",
          "aws:sourceip",
          "aws:sourcevpc",
          "aws:sourcevpce",
          "aws:tagkeys",
          "aws:useragent");

  /** Keys whose value says which policy or boundary may be attached. */
  private static final Set<String> OF_WHAT_IS_ATTACHED =
      Set.of("iam:policyarn", "iam:permissionsboundary");

  /**
   * One thing to do.
   *
   * @param action such as {@code iam:PassRole}
   * @param example what a resource looks like that nobody named; empty when any resource will do
   * @param passedTo the services that are given a role, for {@code iam:PassRole}
   */
  record Step(String action, Optional<String> example, List<String> passedTo) {}

  private final List<StatementScope> allows;
  private final List<StatementScope> denies;

  /** What bounds the identity, one for each branch; empty where the boundary is not known. */
  private final List<Optional<Rights>> boundaries;

  Rights(List<StatementScope> scopes, List<StatementsByHolder.Boundary> boundaries) {
    this.allows = scopes.stream().filter(scope -> scope.statement().allow()).toList();
    this.denies = scopes.stream().filter(scope -> !scope.statement().allow()).toList();
    this.boundaries =
        boundaries.stream()
            .map(
                it ->
                    it.known()
                        ? Optional.of(new Rights(it.scopes(), List.of()))
                        : Optional.<Rights>empty())
            .toList();
  }

  /** Whether the identity may do something. */
  Ternary allow(Step step) {
    Ternary granted = Ternary.any(allows, scope -> applies(scope, step));
    if (granted == Ternary.FALSE) {
      return Ternary.FALSE;
    }
    Ternary refused = Ternary.any(denies, scope -> refuses(scope, step));
    return granted.and(refused.not()).and(withinBoundary(step));
  }

  /** Whether some branch lets it through: what is deployed must be safe whichever it is. */
  private Ternary withinBoundary(Step step) {
    return boundaries.isEmpty()
        ? Ternary.TRUE
        : Ternary.any(
            boundaries,
            boundary -> boundary.map(rights -> rights.allow(step)).orElse(Ternary.UNKNOWN));
  }

  /** The statements that allow it, or may allow it. */
  List<StatementScope> allowing(Step step) {
    Ternary most = Ternary.any(allows, scope -> applies(scope, step));
    return allows.stream()
        .filter(scope -> most != Ternary.FALSE && applies(scope, step) == most)
        .toList();
  }

  private static Ternary applies(StatementScope scope, Step step) {
    Ternary covers = scope.covers(step.action());
    if (covers == Ternary.FALSE) {
      return Ternary.FALSE;
    }
    if (step.example().isEmpty()) {
      return covers.and(scope.reachesSome(step.action()));
    }
    return covers
        .and(scope.reachesBeyond(step.example().get()))
        .and(holds(scope, step, Ternary.TRUE));
  }

  private static Ternary refuses(StatementScope scope, Step step) {
    Ternary covers = scope.covers(step.action());
    if (covers == Ternary.FALSE) {
      return Ternary.FALSE;
    }
    Ternary reaches = step.example().map(scope::reachesBeyond).orElseGet(scope::reachesAll);
    Ternary refuses = covers.and(reaches).and(holds(scope, step, Ternary.FALSE));
    return scope.isCertain() ? refuses : refuses.and(Ternary.UNKNOWN);
  }

  /**
   * Whether the condition of a statement holds.
   *
   * @param chosen what is answered for what the holder can choose
   */
  private static Ternary holds(StatementScope scope, Step step, Ternary chosen) {
    return scope.isUncertain()
        ? Ternary.UNKNOWN
        : Ternary.each(scope.clauses(), clause -> holds(clause, step, chosen));
  }

  private static Ternary holds(Clause clause, Step step, Ternary chosen) {
    String key = clause.key();
    if (NOT_OF_THE_RESOURCE.contains(key)
        || key.startsWith("aws:principaltag/")
        || key.startsWith("aws:requesttag/")) {
      return chosen;
    }
    if (key.equals("iam:passedtoservice") && !step.passedTo().isEmpty()) {
      return passes(clause, step);
    }
    boolean ofTheResource = key.contains(":resourcetag/") || OF_WHAT_IS_ATTACHED.contains(key);
    if (ofTheResource && clause.admits()) {
      return clause.each(value -> value.isPattern().and(value.matches(""))).and(chosen);
    }
    return ofTheResource && clause.operator().startsWith("stringnot")
        ? Ternary.TRUE
        : Ternary.UNKNOWN;
  }

  private static Ternary passes(Clause clause, Step step) {
    Ternary named =
        Ternary.any(
            clause.values(), value -> Ternary.any(step.passedTo(), it -> ofService(value, it)));
    if (clause.admits()) {
      return named;
    }
    return clause.operator().startsWith("stringnot") ? named.not() : Ternary.UNKNOWN;
  }

  /** The end of a service's name is another one in some partitions. */
  private static Ternary ofService(Glob value, String service) {
    String name = value.text();
    int ending = name.indexOf(".amazonaws.");
    String first = ending < 0 ? name : name.substring(0, ending + 1) + "amazonaws.com";
    return new Glob(first.replace("." + Glob.NAME, ".amazonaws.com")).matches(service);
  }
}
