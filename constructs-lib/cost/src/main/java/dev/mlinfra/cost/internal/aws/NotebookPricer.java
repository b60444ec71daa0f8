package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Optional;
import java.util.Set;

/** Notebook instances of SageMaker: they run until somebody stops them. */
final class NotebookPricer implements Pricer {
  private static final double DEFAULT_VOLUME_GB = 5;

  @Override
  public Set<String> types() {
    return Set.of("AWS::SageMaker::NotebookInstance");
  }

  @Override
  public void price(Bill bill) {
    Optional<String> type = bill.property("InstanceType").asText();
    if (type.isEmpty()) {
      bill.notPriced("the instance type is only known at deployment");
    } else {
      Aws.always(
          bill,
          type.get(),
          SageMaker.SERVICE,
          SageMaker.item(type.get()),
          730,
          "730 h: a notebook runs until it is stopped");
    }
    double gb = Numbers.of(bill, "VolumeSizeInGB", DEFAULT_VOLUME_GB).orElse(DEFAULT_VOLUME_GB);
    Aws.sized(bill, "volume", SageMaker.SERVICE, "notebook storage", gb, Numbers.text(gb) + " GB");
  }
}
