package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
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

  private static final String ALL = ", all of it standard: usage does not say how old it is";
  private static final String DATA = "data";
  private static final Set<String> MAY_HOLD = Set.of("", "training", "prediction");

  /** What the price list charges for so many GB. */
  private record Tier(String item, double gb) {}

  @Override
  public Set<String> types() {
    return Set.of("AWS::S3::Bucket");
  }

  @Override
  public void price(Bill bill) {
    List<Resource> holders = dataBuckets(bill);
    if (holders.stream().noneMatch(bucket -> bucket.id().equals(bill.resource().id()))) {
      Aws.stored(
          bill, "storage", "s3", STORAGE.get(0).item(), Amount.of(Assumption.of("s3.otherGb")));
      return;
    }
    storage(
        bill, Amount.of(bill.usage().dataGb(), "usage.dataGb").share(holders.size(), "buckets"));
    Amount predictions =
        Amount.of((double) bill.usage().predictionsPerMonth(), "usage.predictionsPerMonth")
            .share(holders.size(), "buckets");
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

  private static void storage(Bill bill, Amount gb) {
    double left = gb.count();
    for (Tier tier : STORAGE) {
      double here = Math.min(left, tier.gb());
      if (here > 0 || tier.equals(STORAGE.get(0))) {
        String part = here < gb.count() ? ", of it %s GB".formatted(Numbers.text(here)) : "";
        Aws.stored(bill, "storage", "s3", tier.item(), new Amount(here, gb.why() + part + ALL));
      }
      left -= here;
    }
  }

  /** The data lies in the buckets tagged for it; where none is, in all that are not for others. */
  private static List<Resource> dataBuckets(Bill bill) {
    List<Resource> buckets = Siblings.of(bill, "AWS::S3::Bucket");
    List<Resource> tagged =
        buckets.stream().filter(bucket -> workload(bill, bucket).equals(DATA)).toList();
    return tagged.isEmpty()
        ? buckets.stream().filter(bucket -> MAY_HOLD.contains(workload(bill, bucket))).toList()
        : tagged;
  }

  private static String workload(Bill bill, Resource bucket) {
    return bill.model().property(bucket, "Tags").asList().stream()
        .filter(tag -> tag.entry("Key").asText().filter("workload"::equals).isPresent())
        .findFirst()
        .flatMap(tag -> tag.entry("Value").asText())
        .orElse("");
  }
}
