package dev.mlinfra.cost;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.internal.Pricing;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Works out what was synthesised costs. Immutable, and safe to use from several threads.
 *
 * <p>Nothing is asked of a provider: prices are those of a {@link PriceBook}, how much is used is
 * what the environment says.
 */
public final class Estimator {
  private final PriceBook prices;
  private final Map<String, Usage> usages;

  private Estimator(PriceBook prices, Map<String, Usage> usages) {
    this.prices = prices;
    this.usages = Map.copyOf(usages);
  }

  /** An estimator with the prices that come along, and the default usage for every environment. */
  public static Estimator standard() {
    return new Estimator(PriceBook.bundled(), Map.of());
  }

  /** The same with other prices. */
  public Estimator withPrices(PriceBook prices) {
    return new Estimator(prices, usages);
  }

  /**
   * The same, knowing how environments are used.
   *
   * @param usages by the name of the environment; what is not named has the default usage
   */
  public Estimator withUsages(Map<String, Usage> usages) {
    return new Estimator(prices, usages);
  }

  /** One estimate for each environment in the model, in the order of its stacks. */
  public List<Estimate> estimate(Model model) {
    ResolvedModel resolved = ResolvedModel.of(model);
    Map<String, Pricing> byEnvironment = new LinkedHashMap<>();
    for (Stack stack : model.stacks()) {
      byEnvironment.computeIfAbsent(
          model.environment(stack.id()),
          name -> new Pricing(resolved, prices, name, usages.getOrDefault(name, usual())));
    }
    for (Resource resource : resolved.resources()) {
      byEnvironment.get(model.environment(resource.id().stack())).price(resource);
    }
    List<Estimate> estimates = new ArrayList<>();
    byEnvironment.values().forEach(pricing -> estimates.add(pricing.estimate()));
    return List.copyOf(estimates);
  }

  private static Usage usual() {
    return Defaults.of(Pattern.BATCH).usage();
  }
}
