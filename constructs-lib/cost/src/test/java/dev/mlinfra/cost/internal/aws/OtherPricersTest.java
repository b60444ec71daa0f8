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

/** Clusters, APIs, zones, budgets, Config, builds and nested stacks. */
class OtherPricersTest {
  private static final List<Price> PRICES =
      List.of(
          price("eks", "cluster standard support", 0.1),
          price("eks", "cluster extended support (total)", 0.6),
          price("apigateway", "HTTP API first 300M", 1),
          price("apigateway", "REST API first 333M", 3.5),
          price("apigateway", "WebSocket messages first 1B", 1),
          price("route53", "hosted zone", 0.5),
          price("budgets", "action-enabled budget after 62 budget-days/month", 0.1),
          price("config", "rule evaluations first 100K", 0.001),
          price("config", "configuration items (continuous)", 0.003),
          price("codebuild", "Linux general1.small", 0.005));

  @Test
  void aClusterThatMayStayOnAnOldVersionCostsMoreAtMost() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "A: {Type: AWS::EKS::Cluster}",
            "B: {Type: AWS::EKS::Cluster, Properties: {UpgradePolicy: {SupportType: STANDARD}, ComputeConfig: {Enabled: true}}}");

    assertThat(line(estimate, "A", "control plane").expected().usd().high())
        .isCloseTo(73, within(1e-9));
    assertThat(line(estimate, "A", "control plane").worstUsd().high()).isCloseTo(438, within(1e-9));
    assertThat(line(estimate, "B", "control plane").worstUsd().high()).isCloseTo(73, within(1e-9));
    assertThat(said(estimate, "B"))
        .containsExactly(
            "NOT_PRICED Auto Mode starts nodes for pods, which are not in the template");
  }

  @Test
  void anApiCostsByItsRequests() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "R: {Type: AWS::ApiGateway::RestApi}",
            "H: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}",
            "W: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}");

    assertThat(line(estimate, "R", "requests").expected().usd().high())
        .isCloseTo(0.0035, within(1e-12));
    assertThat(line(estimate, "H", "requests").expected().usd().high())
        .isCloseTo(0.001, within(1e-12));
    assertThat(line(estimate, "W", "requests").expected().price().item())
        .isEqualTo("WebSocket messages first 1B");
  }

  @Test
  void onlyTheCacheOfAStageCosts() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "A: {Type: AWS::ApiGateway::Stage}",
            "B: {Type: AWS::ApiGateway::Stage, Properties: {CacheClusterEnabled: true}}");

    assertThat(said(estimate, "A")).allMatch(it -> it.startsWith("FREE"));
    assertThat(said(estimate, "B"))
        .containsExactly("NOT_PRICED no source for apigateway, cache 0.5 GB in us-east-1");
  }

  @Test
  void aZoneHasOnePrice() {
    Estimate estimate = Bills.of(PRICES, "Z: {Type: AWS::Route53::HostedZone}");

    assertThat(line(estimate, "Z", "zone").expected().usd()).isEqualTo(Usd.of(0.5));
  }

  @Test
  void onlyABudgetThatActsCosts() {
    Estimate estimate =
        Bills.of(
            PRICES, "B: {Type: AWS::Budgets::Budget}", "A: {Type: AWS::Budgets::BudgetsAction}");

    assertThat(said(estimate, "B")).containsExactly("FREE a budget without actions costs nothing");
    assertThat(line(estimate, "A", "budget with an action").expected().usd().high())
        .isCloseTo(730 / 24.0 * 0.1, within(1e-9));
  }

  @Test
  void configCostsByWhatItRecordsAndEvaluates() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "R: {Type: AWS::Config::ConfigRule}",
            "C: {Type: AWS::Config::ConfigurationRecorder}");

    assertThat(line(estimate, "R", "evaluations").expected().usd().high())
        .isCloseTo(100 * 0.001, within(1e-9));
    assertThat(line(estimate, "C", "items").expected().usd().high())
        .isCloseTo(1000 * 0.003, within(1e-9));
  }

  @Test
  void aBuildCostsByTheMinuteUpToItsTimeout() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "B: {Type: AWS::CodeBuild::Project, Properties: {TimeoutInMinutes: 30,"
                + " Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL}}}");

    assertThat(line(estimate, "B", "minutes").expected().usd().high())
        .isCloseTo(40 * 10 * 0.005, within(1e-9));
    assertThat(Bills.job(estimate, "B").usd().orElseThrow().high())
        .isCloseTo(30 * 0.005, within(1e-9));
  }

  @Test
  void aNestedStackWithoutItsTemplateIsSaid() {
    Estimate estimate = Bills.of(PRICES, "N: {Type: AWS::CloudFormation::Stack}");

    assertThat(said(estimate, "N")).containsExactly("NOT_PRICED its template is not at hand");
  }

  @Test
  void aCustomResourceOfAnyTypeIsBilledAtWhatServesIt() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "A: {Type: Custom::Anything}",
            "B: {Type: AWS::CloudFormation::CustomResource}");

    assertThat(said(estimate, "A")).allMatch(it -> it.startsWith("ELSEWHERE"));
    assertThat(said(estimate, "B")).allMatch(it -> it.startsWith("ELSEWHERE"));
  }

  @Test
  void aTypeWithoutARuleIsNotFree() {
    Estimate estimate = Bills.of(PRICES, "X: {Type: AWS::New::Thing}");

    assertThat(said(estimate, "X")).containsExactly("NOT_PRICED no rule for AWS::New::Thing");
  }
}
