package dev.mlinfra.policy.internal.network;

/** A VPC that several tests look at. */
final class Networks {
  /**
   * {@code Public} with a route to the internet, {@code Private} with one to a NAT gateway, and
   * {@code Isolated} with none; each has a route table of its own. Nothing assigns addresses.
   */
  static final String VPC =
      """
      Resources:
        Vpc:
          Type: AWS::EC2::VPC
          Properties: {CidrBlock: 10.0.0.0/16}
        OtherVpc:
          Type: AWS::EC2::VPC
          Properties: {CidrBlock: 10.1.0.0/16}
        Internet:
          Type: AWS::EC2::InternetGateway
        Attachment:
          Type: AWS::EC2::VPCGatewayAttachment
          Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Internet}
        Public:
          Type: AWS::EC2::Subnet
          Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}
        Private:
          Type: AWS::EC2::Subnet
          Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}
        Isolated:
          Type: AWS::EC2::Subnet
          Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}
        PublicTable:
          Type: AWS::EC2::RouteTable
          Properties: {VpcId: !Ref Vpc}
        PrivateTable:
          Type: AWS::EC2::RouteTable
          Properties: {VpcId: !Ref Vpc}
        IsolatedTable:
          Type: AWS::EC2::RouteTable
          Properties: {VpcId: !Ref Vpc}
        PublicAssociation:
          Type: AWS::EC2::SubnetRouteTableAssociation
          Properties: {SubnetId: !Ref Public, RouteTableId: !Ref PublicTable}
        PrivateAssociation:
          Type: AWS::EC2::SubnetRouteTableAssociation
          Properties: {SubnetId: !Ref Private, RouteTableId: !Ref PrivateTable}
        IsolatedAssociation:
          Type: AWS::EC2::SubnetRouteTableAssociation
          Properties: {SubnetId: !Ref Isolated, RouteTableId: !Ref IsolatedTable}
        PublicRoute:
          Type: AWS::EC2::Route
          Properties:
            RouteTableId: !Ref PublicTable
            DestinationCidrBlock: 0.0.0.0/0
            GatewayId: !Ref Internet
        Nat:
          Type: AWS::EC2::NatGateway
          Properties: {SubnetId: !Ref Public}
        PrivateRoute:
          Type: AWS::EC2::Route
          Properties:
            RouteTableId: !Ref PrivateTable
            DestinationCidrBlock: 0.0.0.0/0
            NatGatewayId: !Ref Nat
        WorkloadGroup:
          Type: AWS::EC2::SecurityGroup
          Properties: {VpcId: !Ref Vpc, GroupDescription: workload}
        EndpointGroup:
          Type: AWS::EC2::SecurityGroup
          Properties:
            VpcId: !Ref Vpc
            GroupDescription: endpoints
            SecurityGroupIngress:
              - IpProtocol: tcp
                FromPort: 443
                ToPort: 443
                SourceSecurityGroupId: !GetAtt WorkloadGroup.GroupId
      """;

  private Networks() {}

  /** An interface endpoint in the VPC, for the resources of a template. */
  static String endpoint(String service) {
    return """
        %s:
          Type: AWS::EC2::VPCEndpoint
          Properties:
            VpcId: !Ref Vpc
            VpcEndpointType: Interface
            ServiceName: !Sub com.amazonaws.${AWS::Region}.%s
            SecurityGroupIds: [!GetAtt EndpointGroup.GroupId]
            SubnetIds: [!Ref Isolated]
            PrivateDnsEnabled: true
      """
        .formatted(service.replace(".", ""), service)
        .indent(0);
  }

  /** A gateway endpoint for S3 in the route table of the isolated subnet. */
  static final String S3 =
      """
        S3:
          Type: AWS::EC2::VPCEndpoint
          Properties:
            VpcId: !Ref Vpc
            ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
            RouteTableIds: [!Ref IsolatedTable]
      """
          .indent(0);
}
