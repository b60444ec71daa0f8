package dev.mlinfra.cli;

import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.PricedEnvironment;
import dev.mlinfra.template.Model;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prices what was synthesised, as environments are used. */
final class Costs {
  private Costs() {}

  /**
   * Each environment of the models; what exists once per account is one of them.
   *
   * @param environments usage and limits, by name; what is not named has the default usage and no
   *     limits
   */
  static List<PricedEnvironment> of(List<Model> models, Map<String, Environment> environments) {
    Map<String, Budget> budgets = new TreeMap<>();
    environments.forEach((name, environment) -> budgets.put(name, environment.budget()));
    return of(models, usages(environments), budgets);
  }

  static List<PricedEnvironment> of(
      List<Model> models, Map<String, Usage> usages, Map<String, Budget> budgets) {
    Estimator estimator = priced(usages);
    return PricedEnvironment.of(
        models.stream().flatMap(model -> estimator.estimate(model).stream()).toList(), budgets);
  }

  /** What prices environments as they are used; see {@link #of(List, Map)}. */
  static Estimator estimator(Map<String, Environment> environments) {
    return priced(usages(environments));
  }

  private static Map<String, Usage> usages(Map<String, Environment> environments) {
    Map<String, Usage> usages = new TreeMap<>();
    environments.forEach((name, environment) -> usages.put(name, environment.usage()));
    return usages;
  }

  private static Estimator priced(Map<String, Usage> usages) {
    return Estimator.standard().withPrices(Prices.current()).withUsages(usages);
  }
}
