package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Endpoints and notebooks of SageMaker. */
class SageMakerPricersTest {
  private static final List<Price> PRICES =
      List.of(
          price("sagemaker", "instance ml.g5.xlarge", 2),
          price("sagemaker", "serverless inference 2048 MB", 0.00004),
          price("sagemaker", "notebook storage", 0.1));

  private static final String ENDPOINT =
      "E: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: {'Fn::GetAtt': [C, EndpointConfigName]}}}";

  private static String config(String variant) {
    return "C: {Type: AWS::SageMaker::EndpointConfig, Properties: {ProductionVariants: [{"
        + variant
        + "}]}}";
  }

  @Test
  void anEndpointRunsItsInstancesAllMonth() {
    Estimate estimate =
        Bills.of(PRICES, ENDPOINT, config("InstanceType: ml.g5.xlarge, InitialInstanceCount: 2"));

    LineItem instances = line(estimate, "E", "ml.g5.xlarge");
    assertThat(instances.expected().usd()).isEqualTo(Usd.of(2 * 730 * 2));
    assertThat(instances.worst()).contains(instances.expected());
    assertThat(said(estimate, "C")).allMatch(it -> it.startsWith("ELSEWHERE"));
  }

  @Test
  void anEndpointThatScalesIsBoundedByItsTarget() {
    Estimate estimate =
        Bills.of(
            PRICES,
            ENDPOINT,
            config("InstanceType: ml.g5.xlarge, InitialInstanceCount: 1"),
            "A: {Type: AWS::ApplicationAutoScaling::ScalableTarget, Properties: {MaxCapacity: 5, ResourceId:"
                + " {'Fn::Join': ['', [endpoint/, {'Fn::GetAtt': [E, EndpointName]}, /variant/v]]}}}");

    assertThat(line(estimate, "E", "ml.g5.xlarge").worst().orElseThrow().quantity())
        .isEqualTo(5 * 730.0);
  }

  @Test
  void aServerlessVariantCostsByTheSecondUpToItsConcurrency() {
    Estimate estimate =
        Bills.of(
            PRICES,
            ENDPOINT,
            config("ServerlessConfig: {MemorySizeInMB: 2048, MaxConcurrency: 3}"));

    LineItem seconds = line(estimate, "E", "serverless inference");
    assertThat(seconds.expected().quantity()).isEqualTo(1000 * 2);
    assertThat(seconds.worst().orElseThrow().quantity()).isEqualTo(3 * 730.0 * 3600);
  }

  @Test
  void aNotebookRunsUntilItIsStopped() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "N: {Type: AWS::SageMaker::NotebookInstance, Properties: {InstanceType: ml.g5.xlarge, VolumeSizeInGB: 50}}");

    assertThat(line(estimate, "N", "ml.g5.xlarge").expected().usd()).isEqualTo(Usd.of(1460));
    assertThat(line(estimate, "N", "volume").expected().usd().high()).isCloseTo(5, within(1e-9));
  }

  @Test
  void whatIsNotInTheTemplateIsSaid() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "E: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: theirs}}",
            "N: {Type: AWS::SageMaker::NotebookInstance, Properties: {InstanceType: ml.p9.huge}}");

    assertThat(said(estimate, "E"))
        .containsExactly("NOT_PRICED its endpoint configuration is not in the template");
    assertThat(said(estimate, "N"))
        .containsExactly("NOT_PRICED no source for sagemaker, instance ml.p9.huge in us-east-1");
  }
}
