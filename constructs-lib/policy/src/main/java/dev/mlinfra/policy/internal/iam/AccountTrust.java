package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import java.util.List;
import java.util.Set;

/**
 * Another account as a whole takes on a role only under a condition that tells whom it acts for.
 *
 * <p>The own account may: its policies say who in it can. A role or user of another account is
 * named already.
 */
final class AccountTrust implements Rule {
  private static final Set<String> KEYS =
      Set.of(
          "sts:externalid",
          "aws:principalarn",
          "aws:principalorgid",
          "aws:principalorgpaths",
          "aws:userid");

  @Override
  public String id() {
    return "mlinfra::iam.account-trust";
  }

  @Override
  public String requirement() {
    return "Another account is trusted with an external id, an organisation or named roles only.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.TRUST)) {
      if (!statement.allow()) {
        continue;
      }
      List<Principal> accounts =
          Principal.of(statement, inspection).stream()
              .filter(principal -> principal.isAccount() != Ternary.FALSE)
              .toList();
      if (!accounts.isEmpty()) {
        check(statement, accounts, inspection, outcomes);
      }
    }
  }

  private static void check(
      Statement statement, List<Principal> accounts, Inspection inspection, Outcomes.Of outcomes) {
    Ternary own =
        Ternary.each(
            accounts, principal -> principal.isOwnAccount(inspection, statement.resource()));
    Ternary holds = own.or(Clause.any(statement, inspection, AccountTrust::bounds));
    outcomes.say(
        holds.verdict(),
        statement.resource(),
        statement.at("Principal"),
        statement.entry("Principal"),
        holds == Ternary.FALSE
            ? "lets everybody in another account take on the role"
            : "only the deployment knows whether another account can take on the role",
        "name the role of the other account, or add a condition on sts:ExternalId or"
            + " aws:PrincipalOrgID");
  }

  private static Ternary bounds(Clause clause) {
    if (!clause.admits() || clause.passesWithout() || !KEYS.contains(clause.key())) {
      return Ternary.FALSE;
    }
    return clause.each(
        value ->
            value.hasUnknown() && !clause.key().equals("sts:externalid")
                ? Ternary.UNKNOWN
                : Ternary.of(clause.isExact() || !value.text().startsWith("*")));
  }
}
