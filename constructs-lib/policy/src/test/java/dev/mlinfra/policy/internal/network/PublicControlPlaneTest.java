package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicControlPlaneTest {

  @Test
  void compliantWhenPrivate() {
    assertThat(check("EndpointPublicAccess: false, EndpointPrivateAccess: true"))
        .containsExactly("COMPLIANT Cluster ResourcesVpcConfig.PublicAccessCidrs");
  }

  @Test
  void compliantWhenOpenToNamedAddresses() {
    assertThat(check("EndpointPublicAccess: true, PublicAccessCidrs: [203.0.113.0/24]"))
        .containsExactly("COMPLIANT Cluster ResourcesVpcConfig.PublicAccessCidrs");
  }

  @Test
  void violatedByDefault() {
    assertThat(check("SubnetIds: [subnet-1]"))
        .containsExactly(
            "VIOLATED Cluster ResourcesVpcConfig.PublicAccessCidrs: everyone on the internet reaches"
                + " the control plane");
  }

  @Test
  void violatedWhenOpenToEveryone() {
    assertThat(check("EndpointPublicAccess: true, PublicAccessCidrs: [203.0.113.0/24, 0.0.0.0/0]"))
        .containsExactly(
            "VIOLATED Cluster ResourcesVpcConfig.PublicAccessCidrs: everyone on the internet reaches"
                + " the control plane");
  }

  @Test
  void violatedByTheClusterOfACustomResource() {
    assertThat(
            Checks.of(
                new PublicControlPlane(),
                """
                Resources:
                  Cluster:
                    Type: Custom::AWSCDK-EKS-Cluster
                    Properties: {Config: {resourcesVpcConfig: {endpointPublicAccess: true}}}
                """))
        .containsExactly(
            "VIOLATED Cluster Config.resourcesVpcConfig.publicAccessCidrs: everyone on the internet"
                + " reaches the control plane");
  }

  @Test
  void undecidedWhenTheAddressesAreGiven() {
    assertThat(check("PublicAccessCidrs: !Ref Office"))
        .containsExactly(
            "UNDECIDED Cluster ResourcesVpcConfig.PublicAccessCidrs: whether everyone reaches the"
                + " control plane is known only when deployed");
  }

  @Test
  void notApplicableToNodes() {
    assertThat(
            Checks.of(
                new PublicControlPlane(), "Resources: {Nodes: {Type: 'AWS::EKS::Nodegroup'}}"))
        .isEmpty();
  }

  private static List<String> check(String config) {
    return Checks.of(
        new PublicControlPlane(),
        "Resources:",
        "  Cluster:",
        "    Type: AWS::EKS::Cluster",
        "    Properties: {ResourcesVpcConfig: {" + config + "}}");
  }
}
