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

class InstancePricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("ec2", "g5.xlarge", 1),
          price("ec2-spot", "g5.xlarge", 0.3, 0.5),
          price("ebs", "gp3 storage", 0.1),
          price("ebs", "gp2 storage", 0.1),
          price("vpc", "public IPv4 address in use or idle", 0.01),
          price("cloudwatch", "custom metric first 10000", 0.3));

  @Test
  void runsAllMonth() {
    Estimate estimate =
        Bills.of(PRICES, "I: {Type: AWS::EC2::Instance, Properties: {InstanceType: g5.xlarge}}");

    LineItem machine = line(estimate, "I", "g5.xlarge");
    assertThat(machine.expected().usd().high()).isEqualTo(730);
    assertThat(machine.worstUsd()).isEqualTo(Usd.of(730));
    assertThat(machine.maxHourlyUsd()).isEqualTo(1);
    // The image's own 8 GB.
    assertThat(line(estimate, "I", "gp3 volume").expected().quantity()).isEqualTo(8);
  }

  @Test
  void aTemplateCanMakeItSpotAndGiveItDisks() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "T: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: g5.xlarge,"
                + " InstanceMarketOptions: {MarketType: spot}, BlockDeviceMappings: [{Ebs: {VolumeSize: 200}}]}}}",
            "I: {Type: AWS::EC2::Instance, Properties: {LaunchTemplate: {LaunchTemplateId: {Ref: T}, Version: 1}}}");

    LineItem machine = line(estimate, "I", "g5.xlarge spot");
    assertThat(machine.expected().usd()).isEqualTo(new Usd(0.3 * 730, 0.5 * 730));
    assertThat(machine.worstUsd()).isEqualTo(Usd.of(730));
    assertThat(line(estimate, "I", "gp2 volume").expected().quantity()).isEqualTo(200);
    assertThat(said(estimate, "T")).allMatch(it -> it.startsWith("ELSEWHERE"));
  }

  @Test
  void aPublicAddressAndDetailedMonitoringCost() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "I: {Type: AWS::EC2::Instance, Properties: {InstanceType: g5.xlarge, Monitoring: true,"
                + " NetworkInterfaces: [{AssociatePublicIpAddress: true, DeviceIndex: 0}]}}");

    assertThat(line(estimate, "I", "public IPv4 address").expected().usd().high())
        .isCloseTo(7.3, within(1e-9));
    assertThat(line(estimate, "I", "detailed monitoring").expected().usd().high())
        .isCloseTo(2.1, within(1e-9));
  }

  @Test
  void aTypeWithoutAPriceIsNamed() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "A: {Type: AWS::EC2::Instance, Properties: {InstanceType: u9.large}}",
            "B: {Type: AWS::EC2::Instance}",
            "C: {Type: AWS::EC2::Instance, Properties: {InstanceType: g5.xlarge, Tenancy: host}}");

    assertThat(said(estimate, "A"))
        .containsExactly("NOT_PRICED no source for u9.large in us-east-1");
    assertThat(said(estimate, "B"))
        .containsExactly("NOT_PRICED the instance type is not in the template");
    assertThat(said(estimate, "C"))
        .containsExactly("NOT_PRICED no source for instances of tenancy host");
  }
}
