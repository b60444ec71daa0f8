package dev.mlinfra.aws;

import static dev.mlinfra.testkit.CdkAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.testkit.CdkModels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A pipeline of a notebook's size, as it is often made by hand: a CSV file in a bucket, an image, a
 * task with 1 vCPU and 2 GB that trains each night for about ten minutes.
 */
class NightlyPipelineTest {
  private final TestStack stack = new TestStack();

  @BeforeEach
  void make() {
    MlDataBucket data = new MlDataBucket(stack.scope(), "Data");
    ImageRepository images =
        new ImageRepository(
            stack.scope(),
            "Images",
            ImageRepositoryProps.builder().repositoryName("ml/pipeline").keptImages(1).build());
    new FargateBatchTask(
        stack.scope(),
        "Pipeline",
        FargateBatchTaskProps.builder()
            .image(TaskImage.ofTag(images, "3f2c1ab"))
            .network(
                new MlNetwork(
                    stack.scope(),
                    "Network",
                    MlNetworkProps.builder()
                        .addAvailabilityZones("us-east-1a", "us-east-1b")
                        .build()))
            .data(data)
            .schedule("cron(0 2 * * ? *)")
            .emails(List.of("team@example.com"))
            .build());
    stack.tagged("pipeline");
  }

  @Test
  void passesTheGate() {
    assertThatTemplate(stack.scope()).passesGate(FargateBatchTaskTest.gate());
  }

  @Test
  void costsLessThanADollarAMonth() {
    Estimate estimate =
        Estimator.standard()
            .withUsages(Map.of("Test", new Usage(0, 0, 0.05)))
            .estimate(CdkModels.of(stack.scope()))
            .get(0);
    estimate
        .items()
        .forEach(
            item ->
                System.out.printf(
                    "%-60s %-20s %s%n", item.resource(), item.what(), item.expected().usd()));
    System.out.println("a month: " + estimate.expected());

    // 30.4 nights x 10 minutes x (1 vCPU at 0.04048 + 2 GB at 0.004445)
    assertThat(fargate(estimate).expected().usd().high())
        .isCloseTo(730 / 24.0 / 6 * 0.04937, within(1e-3));
    assertThat(estimate.expected().high()).isLessThan(1);
    assertThat(estimate.notPriced()).isEmpty();
  }

  @Test
  void aRunIsBounded() {
    Estimate estimate = Estimator.standard().estimate(CdkModels.of(stack.scope())).get(0);

    assertThat(estimate.jobs())
        .singleElement()
        .extracting(JobExposure::usd)
        .satisfies(usd -> assertThat(usd.orElseThrow().high()).isCloseTo(0.04937, within(1e-4)));
  }

  private static LineItem fargate(Estimate estimate) {
    return estimate.items().stream()
        .filter(item -> item.what().equals("Fargate"))
        .findFirst()
        .orElseThrow();
  }
}
