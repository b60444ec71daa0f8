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

/** Logs, alarms, metrics and dashboards. */
class ObservabilityPricersTest {
  private static final List<Price> PRICES =
      List.of(
          price("cloudwatch", "logs ingestion (standard class)", 0.5),
          price("cloudwatch", "logs ingestion (infrequent access class)", 0.25),
          price("cloudwatch", "logs storage", 0.03),
          price("cloudwatch", "alarm standard resolution", 0.1),
          price("cloudwatch", "alarm high resolution", 0.3),
          price("cloudwatch", "composite alarm", 0.5),
          price("cloudwatch", "custom metric first 10000", 0.3),
          price("cloudwatch", "dashboard", 3));

  @Test
  void logsCostWhenWrittenAndWhileKept() {
    Estimate estimate =
        Bills.of(PRICES, "L: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}");

    // 1000 calls of 10 KB.
    assertThat(line(estimate, "L", "ingestion").expected().usd().high())
        .isCloseTo(0.01 * 0.5, within(1e-9));
    assertThat(line(estimate, "L", "storage").expected().quantity())
        .isCloseTo(0.01 * 30 / (730 / 24.0) * 0.15, within(1e-9));
    assertThat(estimate.unbounded()).hasSize(2);
  }

  @Test
  void aGroupWithoutRetentionKeepsAYear() {
    Estimate estimate = Bills.of(PRICES, "L: {Type: AWS::Logs::LogGroup}");

    assertThat(line(estimate, "L", "storage").expected().quantity())
        .isCloseTo(0.01 * 12 * 0.15, within(1e-9));
    assertThat(line(estimate, "L", "storage").expected().why())
        .contains("kept for ever: assumption logs.monthsWithoutRetention = 12 months");
  }

  @Test
  void groupsOfAnotherClassHaveAnotherPrice() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "I: {Type: AWS::Logs::LogGroup, Properties: {LogGroupClass: INFREQUENT_ACCESS}}",
            "D: {Type: AWS::Logs::LogGroup, Properties: {LogGroupClass: DELIVERY}}");

    assertThat(line(estimate, "I", "ingestion").expected().usd().high())
        .isCloseTo(0.01 * 0.25, within(1e-9));
    assertThat(said(estimate, "D"))
        .containsExactly("NOT_PRICED no source for log groups of class DELIVERY");
  }

  @Test
  void anAlarmCostsByItsMetricsAndHowOftenItLooks() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "A: {Type: AWS::CloudWatch::Alarm, Properties: {Period: 300}}",
            "B: {Type: AWS::CloudWatch::Alarm, Properties: {Period: 10}}",
            "C: {Type: AWS::CloudWatch::Alarm, Properties: {Metrics: [{MetricStat: {Period: 60}},"
                + " {MetricStat: {Period: 60}}, {Expression: m1/m2}]}}",
            "D: {Type: AWS::CloudWatch::CompositeAlarm}");

    assertThat(line(estimate, "A", "alarm").expected().usd()).isEqualTo(Usd.of(0.1));
    assertThat(line(estimate, "B", "alarm").expected().usd()).isEqualTo(Usd.of(0.3));
    assertThat(line(estimate, "C", "alarm").expected().usd()).isEqualTo(Usd.of(0.2));
    assertThat(line(estimate, "D", "alarm").expected().usd()).isEqualTo(Usd.of(0.5));
  }

  @Test
  void aFilterCostsAMetricAndWithDimensionsAnyNumber() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "F: {Type: AWS::Logs::MetricFilter, Properties: {MetricTransformations: [{MetricName: a}]}}",
            "G: {Type: AWS::Logs::MetricFilter, Properties: {MetricTransformations: [{MetricName: a, Dimensions: [{Key: k}]}]}}");

    assertThat(line(estimate, "F", "metrics").worstUsd()).isEqualTo(Usd.of(0.3));
    assertThat(line(estimate, "G", "metrics").worst()).isEmpty();
  }

  @Test
  void aDashboardHasOnePrice() {
    Estimate estimate = Bills.of(PRICES, "D: {Type: AWS::CloudWatch::Dashboard}");

    assertThat(line(estimate, "D", "dashboard").expected().usd()).isEqualTo(Usd.of(3));
  }
}
