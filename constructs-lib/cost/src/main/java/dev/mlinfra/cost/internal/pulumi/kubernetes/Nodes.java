package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NodePricer;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.PulumiPricers;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.template.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a node costs that a pod may run on. */
final class Nodes {
  private Nodes() {}

  /**
   * The dearest node of an object's environment: nothing here knows where the scheduler puts a pod.
   *
   * @throws NotPriced when there are no nodes, or some without a price, which may be the dearest
   */
  static Price dearest(Inputs object) {
    List<Rate> rates =
        Environment.resources(object)
            .filter(PulumiPricers::isMade)
            .flatMap(it -> nodes(object.of(it)))
            .toList();
    return rates.stream()
        .map(Rate::most)
        .max(Comparator.comparingDouble(price -> price.usd().high()))
        .orElseThrow(
            () ->
                new NotPriced("what a job costs: the nodes of its cluster are not in this graph"));
  }

  private static Stream<Rate> nodes(Inputs resource) {
    Resource pool = resource.resource();
    Optional<PulumiPricer> pricer = PulumiPricers.of(pool);
    try {
      return pricer.orElse(null) instanceof NodePricer nodes
          ? nodes.nodes(resource).stream()
          : Stream.empty();
    } catch (NotPriced reason) {
      throw new NotPriced(
          "what a job costs: nodes of %s have no price (%s)"
              .formatted(pool.label(), reason.getMessage()));
    }
  }
}
