package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code iam}: least privilege. */
public final class IamRules {
  public static final List<Rule> ALL =
      List.of(
          new ActionStar(),
          new ActionWildcard(),
          new AvoidableStar(),
          new UnconditionedStar(),
          new UnknownAction(),
          new ResourceForm(),
          new PassRole(),
          new Escalation(),
          new ConfusedDeputy(),
          new PublicPrincipal(),
          new PublicFunctionUrl(),
          new AccountTrust(),
          new ManagedPolicy(),
          new LongLivedKey(),
          new TlsOnly(),
          new GithubSubject(),
          new KeyAdministration());

  private IamRules() {}
}
