package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Resource;
import java.util.Optional;
import java.util.Set;

/** Versions and aliases of functions: they cost what they keep ready. */
final class FunctionVersionPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::Lambda::Version", "AWS::Lambda::Alias");
  }

  @Override
  public void price(Bill bill) {
    if (!ProvisionedConcurrency.isSet(bill)) {
      bill.free("only names the code of a function, whose calls are billed at the function");
      return;
    }
    Optional<Resource> function =
        Siblings.named(bill, bill.property("FunctionName"), "AWS::Lambda::Function");
    Optional<Double> memoryMb =
        function.flatMap(it -> Numbers.of(bill.model().property(it, "MemorySize")));
    if (memoryMb.isEmpty()) {
      bill.notPriced("provisioned concurrency of a function whose memory is not known here");
      return;
    }
    boolean arm =
        bill.model()
            .property(function.get(), "Architectures")
            .item(0)
            .asText()
            .equals(Optional.of("arm64"));
    ProvisionedConcurrency.price(bill, memoryMb.get() / 1024, arm ? "ARM" : "x86");
  }
}
