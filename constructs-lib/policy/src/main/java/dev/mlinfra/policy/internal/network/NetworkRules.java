package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code network}: what is reached and what can be reached. */
public final class NetworkRules {
  public static final List<Rule> ALL =
      List.of(
          new WorkloadReach(),
          new EndpointPolicy(),
          new EndpointPolicyBound(),
          new OpenPort(),
          new DefaultSecurityGroup(),
          new BucketLockout(),
          new PublicDatabase(),
          new NotebookAccess(),
          new PublicControlPlane());

  private NetworkRules() {}
}
