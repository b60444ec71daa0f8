package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Optional;

/** How far Application Auto Scaling lets a service or an endpoint grow. */
final class ScalableTargets {
  private ScalableTargets() {}

  /** The target that scales the resource that is priced. */
  static Optional<Resource> of(Bill bill) {
    return Siblings.of(bill, "AWS::ApplicationAutoScaling::ScalableTarget").stream()
        .filter(
            target -> {
              Value id = bill.model().property(target, "ResourceId");
              return Siblings.names(bill, id, bill.resource());
            })
        .findFirst();
  }

  /** The most that the target allows; empty when only the deployment knows it. */
  static Optional<Double> max(Bill bill, Resource target) {
    return Numbers.of(bill.model().property(target, "MaxCapacity"));
  }
}
