package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.internal.Rule;
import java.util.List;

/** The family {@code money}: what bounds the bill. */
public final class MoneyRules {
  public static final List<Rule> ALL =
      List.of(
          new Budget(),
          new BucketLifecycle(),
          new ContainerLogGroup(),
          new IdleCapacity(),
          new IdleEndpoint(),
          new IdleNotebook(),
          new JobTimeout(),
          new LogRetention(),
          new ServiceLogGroup(),
          new UnboundedCapacity());

  private MoneyRules() {}
}
