package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Set;

/**
 * Buckets of S3: what lies in them and what predictions read and write. Lifecycle rules move old
 * objects to cheaper classes, but nothing says how old the data is, so all of it counts as
 * standard.
 */
final class BucketPricer implements Pricer {
  private static final List<Tier> STORAGE =
      List.of(
          new Tier("standard storage first 50 TB", 50 * 1024),
          new Tier("standard storage next 450 TB", 450 * 1024),
          new Tier("standard storage over 500 TB", Double.POSITIVE_INFINITY));

  /** What the price list charges for so many GB. */
  private record Tier(String item, double gb) {}

  @Override
  public Set<String> types() {
    return Set.of("AWS::S3::Bucket");
  }

  @Override
  public void price(Bill bill) {
    if (!holdsData(bill)) {
      Aws.stored(
          bill, "storage", "s3", STORAGE.get(0).item(), Amount.of(Assumption.of("s3.otherGb")));
      return;
    }
    long buckets = dataBuckets(bill);
    storage(bill, bill.usage().dataGb() / buckets, buckets);
    Amount predictions =
        new Amount(
            (double) bill.usage().predictionsPerMonth() / buckets,
            "%d usage.predictionsPerMonth / %d buckets"
                .formatted(bill.usage().predictionsPerMonth(), buckets));
    Aws.used(
        bill,
        "reads",
        "s3",
        "standard GET/SELECT/other",
        predictions.times(Assumption.of("s3.readsPerPrediction")).per(1000));
    Aws.used(
        bill,
        "writes",
        "s3",
        "standard PUT/COPY/POST/LIST",
        predictions.times(Assumption.of("s3.writesPerPrediction")).per(1000));
  }

  private static void storage(Bill bill, double gb, long buckets) {
    String why =
        "%s usage.dataGb / %d buckets, all of it standard: usage does not say how old it is"
            .formatted(Numbers.text(bill.usage().dataGb()), buckets);
    double left = gb;
    for (Tier tier : STORAGE) {
      double here = Math.min(left, tier.gb());
      if (here > 0 || tier.equals(STORAGE.get(0))) {
        Aws.stored(bill, "storage", "s3", tier.item(), new Amount(here, why));
      }
      left -= here;
    }
  }

  /** The environment's data lies in the buckets tagged for it; where none is, in all of them. */
  private static boolean holdsData(Bill bill) {
    return isData(bill, bill.resource()) || taggedBuckets(bill) == 0;
  }

  private static long dataBuckets(Bill bill) {
    long tagged = taggedBuckets(bill);
    return tagged > 0 ? tagged : Siblings.of(bill, "AWS::S3::Bucket").size();
  }

  private static long taggedBuckets(Bill bill) {
    return Siblings.of(bill, "AWS::S3::Bucket").stream().filter(it -> isData(bill, it)).count();
  }

  private static boolean isData(Bill bill, Resource bucket) {
    ResolvedModel model = bill.model();
    return model.property(bucket, "Tags").asList().stream()
        .anyMatch(
            tag ->
                tag.entry("Key").asText().filter("workload"::equals).isPresent()
                    && tag.entry("Value").asText().filter("data"::equals).isPresent());
  }
}
