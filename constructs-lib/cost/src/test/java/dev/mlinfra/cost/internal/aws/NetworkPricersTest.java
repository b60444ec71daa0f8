package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.lines;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gateways, endpoints, addresses and load balancers. */
class NetworkPricersTest {
  private static final List<Price> PRICES =
      List.of(
          price("nat-gateway", "gateway", 0.05),
          price("nat-gateway", "data processed", 0.1),
          price("vpc-endpoint", "interface endpoint", 0.01),
          price("vpc-endpoint", "interface data processed first 1 PB", 0.01),
          price("vpc", "public IPv4 address in use or idle", 0.005),
          price("elb", "application load balancer", 0.02),
          price("elb", "application load balancer LCU", 0.01));

  @Test
  void aGatewayCostsByTheHourAndByWhatGoesThrough() {
    Estimate estimate =
        Bills.of(PRICES, "A: {Type: AWS::EC2::NatGateway}", "B: {Type: AWS::EC2::NatGateway}");

    assertThat(line(estimate, "A", "hours").expected().usd().high()).isCloseTo(36.5, within(1e-9));
    // A tenth of 100 GB through two gateways.
    assertThat(line(estimate, "A", "data processed").expected().quantity())
        .isCloseTo(5, within(1e-9));
    assertThat(line(estimate, "A", "data processed").expected().why())
        .isEqualTo(
            "100 GB, usage.dataGb x assumption nat.shareOfData = 0.1 of the data / 2 gateways");
  }

  @Test
  void anInterfaceCostsInEachSubnetAndAGatewayNothing() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "I: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcEndpointType: Interface, SubnetIds: [a, b, c]}}",
            "G: {Type: AWS::EC2::VPCEndpoint, Properties: {}}",
            "L: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcEndpointType: GatewayLoadBalancer}}");

    assertThat(line(estimate, "I", "hours").expected().usd().high()).isCloseTo(21.9, within(1e-9));
    assertThat(said(estimate, "G")).allMatch(it -> it.startsWith("FREE"));
    assertThat(said(estimate, "L"))
        .containsExactly("NOT_PRICED no source for endpoints of type GatewayLoadBalancer");
  }

  @Test
  void subnetsThatAreNotKnownCountAsOne() {
    Estimate estimate =
        Bills.ofText(
            PriceBook.of(PRICES),
            Bills.USAGE,
            "{Parameters: {S: {Type: 'List<AWS::EC2::Subnet::Id>'}}, Resources: {I: {Type: AWS::EC2::VPCEndpoint,"
                + " Properties: {VpcEndpointType: Interface, SubnetIds: {Ref: S}}}}}");

    assertThat(line(estimate, "I", "hours").expected().quantity()).isEqualTo(730);
    assertThat(line(estimate, "I", "hours").expected().why()).contains("only known at deployment");
  }

  @Test
  void anAddressCostsInUseOrIdle() {
    Estimate estimate = Bills.of(PRICES, "A: {Type: AWS::EC2::EIP}");

    assertThat(line(estimate, "A", "public IPv4 address").expected().usd().high())
        .isCloseTo(3.65, within(1e-9));
  }

  @Test
  void aBalancerCostsByTheHourByLoadAndItsAddresses() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "B: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [a, b]}}",
            "P: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Scheme: internal}}",
            "G: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: gateway}}");

    assertThat(line(estimate, "B", "hours").expected().usd().high()).isCloseTo(14.6, within(1e-9));
    // 1000 calls of 100 KB are 0.1 GB.
    assertThat(line(estimate, "B", "load").expected().quantity()).isCloseTo(0.1, within(1e-9));
    assertThat(line(estimate, "B", "public IPv4 address").expected().quantity())
        .isEqualTo(2 * 730.0);
    assertThat(lines(estimate, "P")).extracting(LineItem::what).containsExactly("hours", "load");
    assertThat(said(estimate, "G"))
        .containsExactly("NOT_PRICED no source for load balancers of type gateway");
  }
}
