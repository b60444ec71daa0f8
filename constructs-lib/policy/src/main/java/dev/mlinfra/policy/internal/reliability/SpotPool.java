package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;

/**
 * Something that starts spot instances by itself.
 *
 * @param resource the resource
 * @param certain whether it certainly does; else it depends on the deployment
 * @param types the instance types that it chooses from
 * @param zones the subnets or zones that it chooses from; empty when others say where
 * @param strategy how it chooses; empty when nobody can say how
 * @param caps the prices that it does not pay more than
 */
record SpotPool(
    Resource resource,
    boolean certain,
    Choice types,
    Optional<Choice> zones,
    Optional<Setting> strategy,
    List<Setting> caps) {

  /** A property with its path. */
  record Setting(String at, Value given) {}

  /** What there is to choose from, in every case. */
  record Choice(Setting setting, List<Spread> cases) {
    Choice {
      cases = List.copyOf(cases);
    }

    Verdict atLeast(int number) {
      return Verdict.worst(cases.stream().map(it -> it.atLeast(number)).toList());
    }
  }

  SpotPool {
    caps = List.copyOf(caps);
  }

  /** A verdict about the pool, as far as there is one. */
  Verdict judge(Verdict verdict) {
    return Can.judge(certain, verdict);
  }
}
