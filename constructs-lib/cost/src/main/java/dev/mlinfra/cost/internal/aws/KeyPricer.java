package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Optional;
import java.util.Set;

/** Keys of KMS. A key that rotates is billed once more after each of its first two rotations. */
final class KeyPricer implements Pricer {
  private static final double MOST_VERSIONS = 3;

  @Override
  public Set<String> types() {
    return Set.of("AWS::KMS::Key", "AWS::KMS::ReplicaKey");
  }

  @Override
  public void price(Bill bill) {
    boolean rotates = bill.property("EnableKeyRotation").asBoolean().orElse(false);
    Aws.priced(
        bill,
        "kms",
        "customer managed key",
        price -> {
          Charge one = new Charge(1, price, "1 key");
          Charge most = new Charge(MOST_VERSIONS, price, "1 key and two versions by rotation");
          bill.line("key", Kind.STORED, one, Optional.of(rotates ? most : one));
        });
    boolean asymmetric =
        bill.property("KeySpec").asText().filter(it -> !it.equals("SYMMETRIC_DEFAULT")).isPresent();
    Aws.used(
        bill,
        "requests",
        "kms",
        asymmetric ? "requests asymmetric (RSA 3072 etc.)" : "requests symmetric",
        Amount.of((double) bill.usage().predictionsPerMonth(), "usage.predictionsPerMonth")
            .times(Assumption.of("kms.requestsPerPrediction"))
            .per(10_000));
  }
}
