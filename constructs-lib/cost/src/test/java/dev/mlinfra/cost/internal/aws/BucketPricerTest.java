package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.lines;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import java.util.List;
import org.junit.jupiter.api.Test;

class BucketPricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("s3", "standard storage first 50 TB", 0.02),
          price("s3", "standard storage next 450 TB", 0.01),
          price("s3", "standard GET/SELECT/other", 0.1),
          price("s3", "standard PUT/COPY/POST/LIST", 1));

  private static String bucket(String name, String workload) {
    return name
        + ": {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: workload, Value: "
        + workload
        + "}]}}";
  }

  @Test
  void holdsTheDataOfItsEnvironment() {
    Estimate estimate = Bills.of(PRICES, "B: {Type: AWS::S3::Bucket}");

    LineItem storage = line(estimate, "B", "storage");
    assertThat(storage.expected().usd().high()).isCloseTo(100 * 0.02, within(1e-9));
    assertThat(storage.expected().why())
        .isEqualTo("100 usage.dataGb, all of it standard: usage does not say how old it is");
    assertThat(storage.worst()).isEmpty();
  }

  @Test
  void predictionsReadInputAndModelAndWriteAResult() {
    Estimate estimate = Bills.of(PRICES, "B: {Type: AWS::S3::Bucket}");

    assertThat(line(estimate, "B", "reads").expected().usd().high())
        .isCloseTo(1000 * 2 / 1000.0 * 0.1, within(1e-9));
    assertThat(line(estimate, "B", "writes").expected().usd().high())
        .isCloseTo(1000 * 1 / 1000.0 * 1, within(1e-9));
  }

  @Test
  void severalBucketsShareTheData() {
    Estimate estimate =
        Bills.of(PRICES, "A: {Type: AWS::S3::Bucket}", "B: {Type: AWS::S3::Bucket}");

    assertThat(line(estimate, "A", "storage").expected().quantity()).isEqualTo(50);
    assertThat(line(estimate, "B", "storage").expected().quantity()).isEqualTo(50);
  }

  @Test
  void dataLiesInTheBucketsThatAreTaggedForIt() {
    Estimate estimate = Bills.of(PRICES, bucket("Data", "data"), bucket("Logs", "shared"));

    assertThat(line(estimate, "Data", "storage").expected().quantity()).isEqualTo(100);
    LineItem logs = line(estimate, "Logs", "storage");
    assertThat(logs.expected().quantity()).isEqualTo(1);
    assertThat(logs.expected().why()).isEqualTo("assumption s3.otherGb = 1 GB");
  }

  @Test
  void muchDataFallsIntoTheNextTier() {
    Estimate estimate =
        Bills.of(PriceBook.of(PRICES), new Usage(0, 0, 60 * 1024), "B: {Type: AWS::S3::Bucket}");

    assertThat(lines(estimate, "B"))
        .filteredOn(it -> it.what().equals("storage"))
        .extracting(it -> it.expected().quantity())
        .containsExactly(50 * 1024.0, 10 * 1024.0);
  }

  @Test
  void aBucketForOthersHoldsNoData() {
    Estimate estimate = Bills.of(PRICES, bucket("State", "shared"));

    assertThat(line(estimate, "State", "storage").expected().quantity()).isEqualTo(1);
  }
}
