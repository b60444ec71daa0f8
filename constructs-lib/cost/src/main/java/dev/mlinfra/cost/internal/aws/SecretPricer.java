package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Secrets of Secrets Manager, and how often they are read. */
final class SecretPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::SecretsManager::Secret");
  }

  @Override
  public void price(Bill bill) {
    int copies = 1 + bill.property("ReplicaRegions").asList().size();
    Amount secrets = Amount.of(copies, "secret and its replicas");
    Aws.bounded(bill, "secret", Kind.STORED, "secretsmanager", "secret", secrets, secrets);
    Aws.used(bill, "reads", "secretsmanager", "API calls", Calls.of(bill).per(10_000));
  }
}
