package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.ResourceId;
import java.util.Optional;
import java.util.Set;

/** Stacks in stacks: what they hold is billed where it stands, if its template is at hand. */
final class NestedStackPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::CloudFormation::Stack");
  }

  @Override
  public void price(Bill bill) {
    Optional<ResourceId> id = Optional.of(bill.resource().id());
    if (bill.model().model().stacks().stream().anyMatch(stack -> stack.nestedIn().equals(id))) {
      bill.elsewhere("what it holds is billed in its own stack");
    } else {
      bill.notPriced("its template is not at hand");
    }
  }
}
