package dev.mlinfra.cost.internal.pulumi;

import java.util.List;

/** Prices what adds nodes to a cluster of Kubernetes. */
public interface NodePricer extends PulumiPricer {

  /**
   * What an hour of its nodes costs, by the kinds of node that it has.
   *
   * @throws NotPriced when that is not known
   */
  List<Rate> nodes(Inputs in);
}
