package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicPrincipalTest {
  private static final String AT = " Policy PolicyDocument.Statement[0].Principal";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{AWS: !GetAtt Role.Arn}",
        "{AWS: 'arn:aws:iam::123456789012:root'}",
        "{Service: s3.amazonaws.com}",
        "{Service: !ImportValue service}",
        "{CanonicalUser: abc}"
      })
  void compliantWhenSomebodyIsNamed(String principal) {
    assertThat(check("Principal: " + principal)).containsExactly("COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringEquals: {aws:PrincipalOrgID: o-1234567890}}",
        "{StringEquals: {aws:SourceVpce: vpce-1}}",
        "{StringEquals: {aws:SourceVpc: !Ref Vpc}}",
        "{StringEquals: {aws:SourceAccount: '123456789012'}}",
        "{StringEquals: {AWS:SourceOwner: '123456789012'}}",
        "{ArnLike: {aws:SourceArn: 'arn:aws:s3:*:*:bucket'}}",
        "{ArnEquals: {aws:SourceArn: 'arn:aws:sns:us-east-1:123456789012:topic'}}",
        "{StringEquals: {kms:CallerAccount: '123456789012'}}",
        "{ArnLike: {aws:PrincipalArn: 'arn:aws:iam::123456789012:role/*'}}",
        "{IpAddress: {aws:SourceIp: 192.0.2.0/24}}"
      })
  void compliantWhenAConditionBoundsEverybody(String condition) {
    assertThat(check("Principal: '*'", "Condition: " + condition))
        .containsExactly("COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'*'", "{AWS: '*'}", "{AWS: ['123456789012', '*']}"})
  void violatedByEverybody(String principal) {
    assertThat(check("Principal: " + principal))
        .containsExactly("VIOLATED" + AT + ": lets everybody in");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{Bool: {aws:SecureTransport: 'true'}}",
        "{StringEqualsIfExists: {aws:PrincipalOrgID: o-1234567890}}",
        "{StringNotEquals: {aws:PrincipalOrgID: o-1234567890}}",
        "{StringLike: {aws:PrincipalOrgID: '*'}}",
        "{ArnLike: {aws:SourceArn: 'arn:aws:sns:*:*:*'}}",
        "{IpAddress: {aws:SourceIp: 0.0.0.0/0}}",
        "{StringEquals: {sts:ExternalId: abc}}"
      })
  void violatedByAConditionThatBoundsNobody(String condition) {
    assertThat(check("Principal: '*'", "Condition: " + condition))
        .containsExactly("VIOLATED" + AT + ": lets everybody in");
  }

  @Test
  void violatedByEverybodyBut() {
    assertThat(check("NotPrincipal: {AWS: '123456789012'}"))
        .containsExactly(
            "VIOLATED Policy PolicyDocument.Statement[0].NotPrincipal: lets everybody in");
  }

  @Test
  void violatedByARoleAndAFunctionAndALayer() {
    assertThat(
            Checks.of(
                new PublicPrincipal(),
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      AssumeRolePolicyDocument:",
                "        Statement: {Effect: Allow, Action: 'sts:AssumeRole', Principal: {AWS:"
                    + " '*'}}",
                "  Function:",
                "    Type: AWS::Lambda::Permission",
                "    Properties: {Principal: '*'}",
                "  Layer:",
                "    Type: AWS::Lambda::LayerVersionPermission",
                "    Properties: {Principal: '*'}"))
        .containsExactlyInAnyOrder(
            "VIOLATED Role AssumeRolePolicyDocument.Statement.Principal: lets everybody in",
            "VIOLATED Function Principal: lets everybody in",
            "VIOLATED Layer Principal: lets everybody in");
  }

  @Test
  void compliantFunctionAndLayerOfAnOrganisation() {
    assertThat(
            Checks.of(
                new PublicPrincipal(),
                "Resources:",
                "  Function:",
                "    Type: AWS::Lambda::Permission",
                "    Properties: {Principal: '*', PrincipalOrgID: o-1234567890}",
                "  Layer:",
                "    Type: AWS::Lambda::LayerVersionPermission",
                "    Properties: {Principal: '*', OrganizationId: o-1234567890}"))
        .containsExactlyInAnyOrder("COMPLIANT Function Principal", "COMPLIANT Layer Principal");
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    String unknown = "UNDECIDED" + AT + ": only the deployment knows whether everybody is let in";
    assertThat(check("Principal: {AWS: !ImportValue principal}")).containsExactly(unknown);
    assertThat(
            check(
                "Principal: '*'",
                "Condition: {StringEquals: {aws:PrincipalOrgID: !ImportValue organisation}}"))
        .containsExactly(unknown);
  }

  @Test
  void notApplicableToADenyAnEndpointAndADomainInAVpc() {
    assertThat(
            Checks.of(
                new PublicPrincipal(),
                "Resources:",
                "  Denied:",
                "    Type: AWS::S3::BucketPolicy",
                "    Properties:",
                "      PolicyDocument: {Statement: {Effect: Deny, Principal: '*', Action: 's3:*'}}",
                "  Endpoint:",
                "    Type: AWS::EC2::VPCEndpoint",
                "    Properties:",
                "      PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: '*'}}",
                "  Domain:",
                "    Type: AWS::OpenSearchService::Domain",
                "    Properties:",
                "      VPCOptions: {SubnetIds: [subnet-1]}",
                "      AccessPolicies: {Statement: {Effect: Allow, Principal: '*', Action: '*'}}"))
        .isEmpty();
  }

  private static List<String> check(String... statement) {
    return Checks.of(
        new PublicPrincipal(),
        "Resources:",
        "  Role:",
        "    Type: AWS::IAM::Role",
        "  Vpc:",
        "    Type: AWS::EC2::VPC",
        "  Policy:",
        "    Type: AWS::S3::BucketPolicy",
        "    Properties:",
        "      PolicyDocument:",
        "        Statement:",
        "          - Effect: Allow",
        "            Action: s3:GetObject",
        "            Resource: arn:aws:s3:::bucket/*",
        "            " + String.join("\n            ", statement));
  }
}
