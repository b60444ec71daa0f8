package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.util.List;
import org.junit.jupiter.api.Test;

/** File systems, image repositories, tables, and what is in front of them. */
class StoragePricersTest {
  private static final List<Price> PRICES =
      List.of(
          price("efs", "standard storage", 0.3),
          price("efs", "one zone storage", 0.16),
          price("efs", "elastic throughput read", 0.03),
          price("efs", "elastic throughput write", 0.06),
          price("efs", "provisioned throughput", 6),
          price("ecr", "private storage", 0.1),
          price("dynamodb", "on-demand write request units", 0.6),
          price("dynamodb", "on-demand read request units", 0.1),
          price("dynamodb", "standard table storage", 0.25),
          price("dynamodb", "provisioned read capacity unit", 0.0001),
          price("cloudfront", "HTTPS requests US", 0.01),
          price("cloudfront", "data out US/Canada/Mexico first 10 TB", 0.1));

  @Test
  void aFileSystemHoldsACopyOfTheData() {
    Estimate estimate =
        Bills.of(PRICES, "F: {Type: AWS::EFS::FileSystem, Properties: {ThroughputMode: elastic}}");

    assertThat(line(estimate, "F", "storage").expected().usd().high()).isCloseTo(30, within(1e-9));
    assertThat(line(estimate, "F", "writes").expected().usd().high()).isCloseTo(6, within(1e-9));
    assertThat(line(estimate, "F", "reads").expected().quantity()).isEqualTo(1000);
  }

  @Test
  void provisionedThroughputRunsAllMonth() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "F: {Type: AWS::EFS::FileSystem, Properties: {AvailabilityZoneName: us-east-1a,"
                + " ThroughputMode: provisioned, ProvisionedThroughputInMibps: 10}}");

    assertThat(line(estimate, "F", "throughput").worstUsd()).isEqualTo(Usd.of(60));
    assertThat(line(estimate, "F", "storage").expected().price().item())
        .isEqualTo("one zone storage");
  }

  @Test
  void aRepositoryHoldsTheImagesThatItsLifecycleKeeps() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "R: {Type: AWS::ECR::Repository, Properties: {LifecyclePolicy: {LifecyclePolicyText:"
                + " '{\"rules\":[{\"selection\":{\"countType\":\"imageCountMoreThan\",\"countNumber\":30}}]}'}}}",
            "S: {Type: AWS::ECR::Repository}");

    assertThat(line(estimate, "R", "images").expected().quantity()).isEqualTo(30 * 0.5);
    assertThat(line(estimate, "S", "images").expected().quantity()).isEqualTo(10 * 0.5);
  }

  @Test
  void aTableOnDemandCostsByItsRequests() {
    Estimate estimate =
        Bills.of(
            PRICES, "T: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST}}");

    assertThat(line(estimate, "T", "writes").expected().usd().high())
        .isCloseTo(0.001 * 0.6, within(1e-12));
    assertThat(line(estimate, "T", "storage").expected().usd().high())
        .isCloseTo(0.25, within(1e-9));
  }

  @Test
  void provisionedCapacityRunsAllMonth() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "T: {Type: AWS::DynamoDB::Table, Properties: {ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}}}");

    assertThat(line(estimate, "T", "ReadCapacityUnits").expected().quantity()).isEqualTo(5 * 730.0);
    assertThat(said(estimate, "T"))
        .containsExactly(
            "NOT_PRICED no source for dynamodb, provisioned write capacity unit in us-east-1");
  }

  @Test
  void aDistributionCostsByRequestsAndByWhatGoesOut() {
    Estimate estimate = Bills.of(PRICES, "D: {Type: AWS::CloudFront::Distribution}");

    assertThat(line(estimate, "D", "requests").expected().usd().high())
        .isCloseTo(0.1 * 0.01, within(1e-12));
    assertThat(line(estimate, "D", "data out").expected().quantity()).isCloseTo(0.1, within(1e-9));
  }
}
