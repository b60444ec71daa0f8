package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Set;

/**
 * Who takes on a role with a token of OpenID Connect is pinned: by audience and subject for GitHub,
 * by subject for a cluster of EKS.
 *
 * <p>A subject of GitHub names one repository and an environment, branch or tag of it; a wildcard
 * may stand only behind the start of that name. A subject of a cluster names a namespace and a
 * service account.
 */
final class GithubSubject implements Rule {
  private static final String GITHUB = "token.actions.githubusercontent.com";
  private static final String EKS = "oidc.eks.";

  /** A subject has a kind, a name, a second kind and a second name. */
  private static final int PARTS = 4;

  private static final Set<String> ALL_BRANCHES =
      Set.of("refs", "refs/", "refs/heads/", "refs/tags/");

  @Override
  public String id() {
    return "mlinfra::iam.github-subject";
  }

  @Override
  public String requirement() {
    return "A role for GitHub or for pods pins the audience and the subject of the token.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.TRUST)) {
      if (statement.allow()) {
        switch (provider(statement, inspection)) {
          case GITHUB -> {
            audience(statement, inspection, outcomes);
            subject(statement, "repo:acme/ml:environment:prod", inspection, outcomes);
          }
          case EKS -> subject(statement, "system:serviceaccount:ml:train", inspection, outcomes);
          default -> {
            // Other providers have claims of their own.
          }
        }
      }
    }
  }

  /** Which provider a statement trusts: by its ARN, its resource, or the keys that it tests. */
  private static String provider(Statement statement, Inspection inspection) {
    StringBuilder names = new StringBuilder();
    for (Principal principal : Principal.of(statement, inspection)) {
      if (!principal.kind().equals("Federated")) {
        continue;
      }
      names.append(principal.name().text()).append(' ');
      principal
          .resource()
          .ifPresent(
              it -> {
                names.append(Glob.of(inspection.property(it, "Url"), inspection, it).text());
                if (isOfACluster(it, inspection)) {
                  names.append(EKS);
                }
              });
      for (Clause clause : Clause.of(statement, inspection)) {
        names.append(' ').append(clause.key());
      }
    }
    if (names.indexOf(GITHUB) >= 0) {
      return GITHUB;
    }
    return names.indexOf(EKS) >= 0 ? EKS : "";
  }

  private static boolean isOfACluster(Resource provider, Inspection inspection) {
    return inspection.property(provider, "Url").references(inspection.context(provider)).stream()
        .flatMap(id -> inspection.resource(id).stream())
        .anyMatch(it -> it.type().endsWith("EKS::Cluster") || it.type().endsWith("EKS-Cluster"));
  }

  private static void audience(Statement statement, Inspection inspection, Outcomes.Of outcomes) {
    Ternary pinned =
        Clause.any(
            statement,
            inspection,
            clause ->
                clause.isAbout(GITHUB + ":aud") && clause.admits() && !clause.passesWithout()
                    ? clause.each(
                        value -> clause.isExact() ? Ternary.TRUE : value.isPattern().not())
                    : Ternary.FALSE);
    say(
        outcomes,
        pinned,
        statement,
        pinned == Ternary.FALSE
            ? "admits tokens for any audience"
            : "only the deployment knows which audience is admitted",
        "add StringEquals " + GITHUB + ":aud sts.amazonaws.com");
  }

  private static void subject(
      Statement statement, String example, Inspection inspection, Outcomes.Of outcomes) {
    Ternary pinned =
        Clause.any(
            statement,
            inspection,
            clause ->
                clause.key().endsWith(":sub") && clause.admits() && !clause.passesWithout()
                    ? clause.each(value -> isPinned(value, clause.isExact()))
                    : Ternary.FALSE);
    say(
        outcomes,
        pinned,
        statement,
        pinned == Ternary.FALSE
            ? "admits more subjects than one environment, branch or service account"
            : "only the deployment knows which subject is admitted",
        "add StringEquals of the sub claim with the whole subject, such as " + example);
  }

  private static Ternary isPinned(Glob subject, boolean exact) {
    String text = subject.text();
    int wildcard = exact ? -1 : firstWildcard(text);
    if (wildcard < 0) {
      return subject.hasUnknown() ? Ternary.UNKNOWN : Ternary.of(!text.isEmpty());
    }
    List<String> parts = List.of(text.substring(0, wildcard).split(":", PARTS));
    boolean narrow =
        parts.size() == PARTS
            && !parts.get(PARTS - 1).isEmpty()
            && !ALL_BRANCHES.contains(parts.get(PARTS - 1));
    if (!narrow) {
      return Ternary.FALSE;
    }
    return subject.hasUnknown() ? Ternary.UNKNOWN : Ternary.TRUE;
  }

  private static int firstWildcard(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '*' || text.charAt(i) == '?') {
        return i;
      }
    }
    return -1;
  }

  private static void say(
      Outcomes.Of outcomes, Ternary pinned, Statement statement, String problem, String fix) {
    outcomes.say(
        pinned.verdict(),
        statement.resource(),
        statement.at("Condition"),
        statement.entry("Condition"),
        problem,
        fix);
  }
}
