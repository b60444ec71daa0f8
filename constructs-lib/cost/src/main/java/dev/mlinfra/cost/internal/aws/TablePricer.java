package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.Set;

/** Tables of DynamoDB: requests or provisioned capacity, and storage. */
final class TablePricer implements Pricer {
  private static final String SIMPLE = "AWS::Serverless::SimpleTable";

  @Override
  public Set<String> types() {
    return Set.of("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", SIMPLE);
  }

  @Override
  public void price(Bill bill) {
    boolean onDemand =
        bill.resource().type().equals(SIMPLE)
            ? bill.property("ProvisionedThroughput").isMissing()
            : bill.property("BillingMode").asText().filter("PAY_PER_REQUEST"::equals).isPresent();
    int replicas = Math.max(1, bill.property("Replicas").asList().size());
    if (onDemand) {
      Amount calls = Calls.of(bill).times(replicas, "replicas");
      Aws.used(
          bill,
          "writes",
          "dynamodb",
          "on-demand write request units",
          calls.times(Assumption.of("dynamodb.writesPerCall")).per(1_000_000));
      Aws.used(
          bill,
          "reads",
          "dynamodb",
          "on-demand read request units",
          Calls.of(bill).times(Assumption.of("dynamodb.readsPerCall")).per(1_000_000));
    } else {
      provisioned(bill, "ReadCapacityUnits", "provisioned read capacity unit");
      provisioned(bill, "WriteCapacityUnits", "provisioned write capacity unit");
    }
    Aws.stored(
        bill,
        "storage",
        "dynamodb",
        "standard table storage",
        Amount.of(Assumption.of("dynamodb.gb")).times(replicas, "replicas"));
  }

  private static void provisioned(Bill bill, String property, String item) {
    Value units = bill.property("ProvisionedThroughput." + property);
    if (Numbers.of(units).isEmpty()) {
      bill.notPriced(property + " is not in the template or only known at deployment");
      return;
    }
    double given = Numbers.of(units).get();
    Aws.always(
        bill,
        property,
        "dynamodb",
        item,
        given * 730,
        "%s %s x 730 h".formatted(Numbers.text(given), property));
  }
}
