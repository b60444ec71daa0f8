package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.Set;

/** File systems of EFS: they hold the data beside the buckets, and are read and written. */
final class FileSystemPricer implements Pricer {
  private static final String TYPE = "AWS::EFS::FileSystem";

  @Override
  public Set<String> types() {
    return Set.of(TYPE);
  }

  @Override
  public void price(Bill bill) {
    int systems = Siblings.of(bill, TYPE).size();
    Amount gb =
        Amount.of(bill.usage().dataGb(), "GB, usage.dataGb, a copy beside the buckets,")
            .share(systems, "file systems");
    boolean oneZone = !bill.property("AvailabilityZoneName").isMissing();
    Aws.stored(bill, "storage", "efs", oneZone ? "one zone storage" : "standard storage", gb);
    switch (bill.property("ThroughputMode").asText().orElse("bursting")) {
      case "elastic" -> {
        Aws.used(bill, "writes", "efs", "elastic throughput write", gb);
        Aws.used(
            bill,
            "reads",
            "efs",
            "elastic throughput read",
            gb.times(Assumption.of("efs.readsPerMonth")));
      }
      case "provisioned" -> provisioned(bill);
      default -> {
        // Bursting comes with what is stored.
      }
    }
  }

  private static void provisioned(Bill bill) {
    Value given = bill.property("ProvisionedThroughputInMibps");
    Optional<Double> mibps = Numbers.of(given);
    if (mibps.isEmpty()) {
      bill.notPriced("the provisioned throughput is only known at deployment");
      return;
    }
    Amount amount = Amount.of(mibps.get(), "ProvisionedThroughputInMibps");
    Aws.bounded(bill, "throughput", Kind.RUNNING, "efs", "provisioned throughput", amount, amount);
  }
}
