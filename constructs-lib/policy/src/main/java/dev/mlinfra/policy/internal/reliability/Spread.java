package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** How many different things, such as instance types or subnets, are certainly named. */
final class Spread {
  private final Set<String> names = new HashSet<>();
  private boolean many;
  private boolean open;

  /** One spread for each branch of a list; {@code add} counts one item. */
  static List<Spread> of(Value list, BiConsumer<Spread, Value> add) {
    return list.alternatives().stream().map(it -> ofBranch(it, add)).toList();
  }

  private static Spread ofBranch(Value list, BiConsumer<Spread, Value> add) {
    Spread spread = new Spread();
    list.oneOrMany().forEach(item -> add.accept(spread, item));
    return spread;
  }

  /** Counts one thing; the same name counts once. */
  void add(String name) {
    names.add(name);
  }

  /** Counts something that stands for any number, such as a family. */
  void addMany() {
    many = true;
  }

  /** There can be more than can be counted here. */
  void leaveOpen() {
    open = true;
  }

  /** Whether at least so many are named. */
  Verdict atLeast(int number) {
    if (many || names.size() >= number) {
      return Verdict.COMPLIANT;
    }
    return open ? Verdict.UNDECIDED : Verdict.VIOLATED;
  }
}
