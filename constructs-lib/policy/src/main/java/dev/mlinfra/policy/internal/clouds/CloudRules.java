package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/**
 * The family {@code clouds}: the rules for what Pulumi makes in Google Cloud and Azure, and for
 * secrets wherever Pulumi hands them on.
 */
public final class CloudRules {
  public static final List<Rule> ALL =
      List.of(
          new BasicRole(),
          new ExportedKey(),
          new SharedKeyAccess(),
          new PublicPrincipal(),
          new BucketAccess(),
          new DefaultServiceAccount(),
          new PublicNetwork(),
          new OpenFirewall(),
          new IdleShutdown(),
          new SecretInput());

  private CloudRules() {}
}
