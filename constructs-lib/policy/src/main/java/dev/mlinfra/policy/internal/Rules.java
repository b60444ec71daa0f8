package dev.mlinfra.policy.internal;

import dev.mlinfra.policy.internal.clouds.CloudRules;
import dev.mlinfra.policy.internal.data.DataRules;
import dev.mlinfra.policy.internal.iam.IamRules;
import dev.mlinfra.policy.internal.kubernetes.KubernetesRules;
import dev.mlinfra.policy.internal.money.MoneyRules;
import dev.mlinfra.policy.internal.network.NetworkRules;
import dev.mlinfra.policy.internal.reliability.ReliabilityRules;
import dev.mlinfra.policy.internal.tags.TagRules;
import java.util.List;
import java.util.stream.Stream;

/** Every rule, family by family. */
public final class Rules {
  public static final List<Rule> ALL =
      Stream.of(
              IamRules.ALL,
              TagRules.ALL,
              MoneyRules.ALL,
              NetworkRules.ALL,
              DataRules.ALL,
              ReliabilityRules.ALL,
              KubernetesRules.ALL,
              CloudRules.ALL)
          .flatMap(List::stream)
          .toList();

  private Rules() {}
}
