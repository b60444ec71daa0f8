package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Models;
import org.junit.jupiter.api.Test;

class PermissionsTest {
  private static Permissions of(String... lines) {
    return Permissions.of(Models.parse("t.yaml", String.join("\n", lines)));
  }

  @Test
  void policiesOfEveryKindCount() {
    Permissions permissions =
        of(
            "Resources:",
            "  Role:",
            "    Type: AWS::IAM::Role",
            "    Properties:",
            "      Policies: [{PolicyName: inline, PolicyDocument: {Statement:"
                + " {Effect: Allow, Action: 'a:Inline', Resource: '*'}}}]",
            "      ManagedPolicyArns: [!Ref Managed, 'arn:aws:iam::aws:policy/ReadOnlyAccess']",
            "  Managed:",
            "    Type: AWS::IAM::ManagedPolicy",
            "    Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: ['a:M1', 'a:M2'], Resource: r}]},"
                + " Users: [someone]}",
            "  Attached:",
            "    Type: AWS::IAM::Policy",
            "    Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: 'a:P', Resource:"
                + " [!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/models/*']}]}, Roles: [!Ref Role]}",
            "  OfTheRole:",
            "    Type: AWS::IAM::RolePolicy",
            "    Properties: {RoleName: !Ref Role, PolicyDocument: {Statement: [{Effect: Allow, Action: 'a:R', Resource: r}]}}",
            "  Bucket: {Type: 'AWS::S3::Bucket'}");

    assertThat(permissions.identity())
        .extracting(Grant::toString)
        .containsExactly(
            "someone | a:M1 | r",
            "someone | a:M2 | r",
            "t:Role | a:Inline | *",
            "t:Role | a:M1 | r",
            "t:Role | a:M2 | r",
            "t:Role | a:P | ${t:Bucket.Arn}",
            "t:Role | a:P | ${t:Bucket.Arn}/models/*",
            "t:Role | a:R | r",
            "t:Role | managed policy | arn:aws:iam::aws:policy/ReadOnlyAccess");
  }

  @Test
  void aPolicyThatNobodyHasYetIsShown() {
    assertThat(
            of(
                    "Resources:",
                    "  P:",
                    "    Type: AWS::IAM::ManagedPolicy",
                    "    Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: 'a:A', Resource: r}]}}")
                .identity())
        .extracting(Grant::toString)
        .containsExactly("whoever has t:P | a:A | r");
  }

  @Test
  void denialsOppositesAndConditionsAreShown() {
    assertThat(
            of(
                    "Resources:",
                    "  G:",
                    "    Type: AWS::IAM::Group",
                    "    Properties:",
                    "      Policies:",
                    "      - PolicyDocument:",
                    "          Statement:",
                    "          - {Effect: Deny, NotAction: ['b:B', 'a:A'], NotResource: r}",
                    "          - Effect: Allow",
                    "            Action: 'c:C'",
                    "            Resource: !Ref AWS::StackId",
                    "            Condition: {StringEquals: {'k:2': [y, x], 'k:1': !Ref AWS::Region}}")
                .identity())
        .extracting(Grant::toString)
        .containsExactly(
            "t:G | c:C | ${{\"Ref\":\"AWS::StackId\"}} | StringEquals k:1 ="
                + " ${{\"Ref\":\"AWS::Region\"}}; StringEquals k:2 = x or y",
            "t:G | deny all but a:A, b:B | all but r");
  }

  @Test
  void bothBranchesOfAConditionCount() {
    assertThat(
            of(
                    "Parameters: {A: {Type: String}}",
                    "Conditions: {C: !Equals [!Ref A, b]}",
                    "Resources:",
                    "  U:",
                    "    Type: AWS::IAM::User",
                    "    Properties:",
                    "      Policies:",
                    "      - PolicyDocument:",
                    "          Statement:",
                    "          - !If [C, {Effect: Allow, Action: 'a:A', Resource: r}, !Ref AWS::NoValue]",
                    "          - {Effect: Allow, Action: !If [C, 'a:B', ['a:C', 'a:D']], Resource: r}")
                .identity())
        .extracting(Grant::action)
        .containsExactly("a:A", "a:B", "a:C", "a:D");
  }

  @Test
  void whatAConditionLeavesOutAsThingsAreCountsToo() {
    assertThat(
            of(
                    "Parameters: {A: {Type: String, Default: no}}",
                    "Conditions: {C: !Equals [!Ref A, yes]}",
                    "Resources:",
                    "  P:",
                    "    Type: AWS::IAM::Policy",
                    "    Condition: C",
                    "    Properties: {Roles: [r], PolicyDocument: {Statement: {Action: 'a:A', Resource: r}}}")
                .identity())
        .extracting(Grant::toString)
        .containsExactly("r | a:A | r");
  }

  @Test
  void trustNamesWhoTakesARoleOn() {
    Permissions permissions =
        of(
            "Resources:",
            "  R:",
            "    Type: AWS::IAM::Role",
            "    Properties:",
            "      AssumeRolePolicyDocument:",
            "        Statement:",
            "        - {Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: [b.amazonaws.com, a.amazonaws.com]}}",
            "        - {Effect: Allow, Action: 'sts:AssumeRole', Principal: '*'}",
            "        - {Effect: Deny, Action: 'sts:AssumeRole', NotPrincipal: {AWS: '123456789012'}}");

    assertThat(permissions.trust())
        .extracting(Grant::toString)
        .containsExactly(
            "* | sts:AssumeRole | t:R",
            "Service a.amazonaws.com | sts:AssumeRole | t:R",
            "Service b.amazonaws.com | sts:AssumeRole | t:R",
            "all but AWS 123456789012 | deny sts:AssumeRole | t:R");
    assertThat(permissions.text())
        .startsWith(
            "# identity | action | resource | condition\n\n# who takes it on | action | role")
        .endsWith("deny sts:AssumeRole | t:R\n");
  }

  @Test
  void resourcesHavePoliciesToo() {
    assertThat(
            of(
                    "Resources:",
                    "  K:",
                    "    Type: AWS::KMS::Key",
                    "    Properties: {KeyPolicy: {Statement: [{Effect: Allow, Action: 'kms:*', Resource: '*', Principal:"
                        + " {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}}]}}",
                    "  E:",
                    "    Type: AWS::ECR::Repository",
                    "    Properties: {RepositoryPolicyText: {Statement: [{Effect: Allow, Action: 'ecr:A', Principal:"
                        + " {Service: s}}]}}",
                    "  B: {Type: 'AWS::S3::BucketPolicy', Properties: {Bucket: b, PolicyDocument: {Statement:"
                        + " [{Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::b/*', Principal: '*'}]}}}",
                    "  P: {Type: 'AWS::Lambda::Permission', Properties: {Action: 'lambda:InvokeFunction',"
                        + " FunctionName: !Ref F, Principal: s3.amazonaws.com, SourceAccount: '123456789012'}}",
                    "  F: {Type: 'AWS::Lambda::Function'}")
                .resource())
        .extracting(Grant::toString)
        .containsExactly(
            "* | deny s3:* | arn:aws:s3:::b/*",
            "AWS arn:aws:iam::${{\"Ref\":\"AWS::AccountId\"}}:root | kms:* | t:K",
            "Service s | ecr:A | t:E",
            "s3.amazonaws.com | lambda:InvokeFunction | ${t:F} | SourceAccount = 123456789012");
  }
}
