package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultSecurityGroupTest {

  @Test
  void compliantWithAGroupOfItsOwn() {
    assertThat(check(function("SecurityGroupIds: [!GetAtt WorkloadGroup.GroupId]")))
        .containsExactly("COMPLIANT Function VpcConfig.SecurityGroupIds");
    assertThat(check(function("SecurityGroupIds: [sg-0123456789abcdef0]")))
        .containsExactly("COMPLIANT Function VpcConfig.SecurityGroupIds");
  }

  @Test
  void violatedByTheDefaultGroup() {
    assertThat(
            check(
                function(
                    "SecurityGroupIds: [!GetAtt WorkloadGroup.GroupId, !GetAtt Vpc.DefaultSecurityGroup]")))
        .containsExactly(
            "VIOLATED Function VpcConfig.SecurityGroupIds: has the default security group of its"
                + " VPC");
  }

  @Test
  void violatedWhenNoGroupIsNamed() {
    assertThat(check(function("SecurityGroupIds: []")))
        .containsExactly(
            "VIOLATED Function VpcConfig.SecurityGroupIds: names no security group, so it gets the"
                + " default one of its VPC");
    assertThat(
            check(
                """
                  Endpoint:
                    Type: AWS::EC2::VPCEndpoint
                    Properties: {VpcEndpointType: Interface, SubnetIds: [!Ref Isolated]}
                  Service:
                    Type: AWS::ECS::Service
                    Properties:
                      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Isolated]}}
                  Balancer:
                    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
                    Properties: {Subnets: [!Ref Public]}
                  Instance:
                    Type: AWS::EC2::Instance
                    Properties: {SubnetId: !Ref Public}
                  Environment:
                    Type: AWS::Batch::ComputeEnvironment
                    Properties: {ComputeResources: {Subnets: [!Ref Private]}}
                  Daily:
                    Type: AWS::Events::Rule
                    Properties:
                      Targets:
                        - Arn: !Ref Function
                        - EcsParameters:
                            NetworkConfiguration: {AwsVpcConfiguration: {Subnets: [!Ref Public]}}
                """))
        .allMatch(it -> it.startsWith("VIOLATED ") && it.contains("names no security group"))
        .hasSize(6);
  }

  @Test
  void undecidedWhenTheGroupsAreGiven() {
    assertThat(check(function("SecurityGroupIds: !Ref Groups")))
        .containsExactly(
            "UNDECIDED Function VpcConfig.SecurityGroupIds: whether it has the default security"
                + " group is known only when deployed");
  }

  @Test
  void notApplicableOutsideAVpcOrWhereAnotherPlaceNamesTheGroups() {
    assertThat(
            check(
                """
                  Function:
                    Type: AWS::Lambda::Function
                  Gateway:
                    Type: AWS::EC2::VPCEndpoint
                    Properties: {VpcEndpointType: Gateway}
                  Balancer:
                    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
                    Properties: {Type: network, Subnets: [!Ref Public]}
                  Environment:
                    Type: AWS::Batch::ComputeEnvironment
                    Properties:
                      ComputeResources: {Subnets: [!Ref Private], LaunchTemplate: {LaunchTemplateId: lt-1}}
                """))
        .isEmpty();
  }

  private static String function(String groups) {
    return """
        Function:
          Type: AWS::Lambda::Function
          Properties:
            VpcConfig:
              SubnetIds: [!Ref Private]
              %s
      """
        .formatted(groups)
        .indent(0);
  }

  private static List<String> check(String resources) {
    return Checks.of(new DefaultSecurityGroup(), Networks.VPC + resources);
  }
}
