package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketLockoutTest {
  private static final String AT = " Policy PolicyDocument.Statement[0].Condition";
  private static final String OF_VPC = "StringNotEquals: {aws:SourceVpc: !Ref Vpc}";
  private static final String OF_ENDPOINT = "StringNotEquals: {aws:SourceVpce: !Ref S3}";
  private static final String OBJECTS = "[s3:GetObject, s3:PutObject]";

  @Test
  void compliantWhenItsUserComesThroughTheEndpoint() {
    assertThat(check(OBJECTS, OF_VPC, function("Isolated"))).containsExactly("COMPLIANT" + AT);
    assertThat(check(OBJECTS, OF_ENDPOINT, function("Isolated"))).containsExactly("COMPLIANT" + AT);
  }

  @Test
  void compliantWhenItsUserIsLeftOut() {
    assertThat(
            check(
                "s3:*", OF_VPC + ", ArnNotLike: {aws:PrincipalArn: [!GetAtt Role.Arn]}", outside()))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void compliantWhenNobodyIsSeenAndOnlyObjectsAreDenied() {
    assertThat(check(OBJECTS, OF_VPC, "")).containsExactly("COMPLIANT" + AT);
  }

  @Test
  void compliantWhenServicesMayActForAdministrators() {
    assertThat(check("s3:*", OF_VPC + ", Bool: {aws:ViaAWSService: 'false'}", ""))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedByAUserInNoVpc() {
    assertThat(check(OBJECTS, OF_VPC, outside()))
        .containsExactly("VIOLATED" + AT + ": locks out Function, which is in no VPC");
  }

  @Test
  void violatedByAUserThatKnowsTheBucketByItsName() {
    String named =
        outside().replace("!Sub '${Bucket.Arn}/*'", "!Sub 'arn:aws:s3:::data-${AWS::AccountId}/*'");

    assertThat(check(OBJECTS, OF_VPC, named))
        .containsExactly("VIOLATED" + AT + ": locks out Function, which is in no VPC");
    assertThat(check(OBJECTS, OF_VPC, named.replace(":::data-", ":::other-")))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedByAUserWithoutTheEndpoint() {
    assertThat(check(OBJECTS, OF_ENDPOINT, function("Private")))
        .containsExactly(
            "VIOLATED" + AT + ": locks out Function, which does not come through the endpoint");
    assertThat(check(OBJECTS, OF_VPC, function("Private")))
        .containsExactly(
            "VIOLATED" + AT + ": locks out Function, which does not come through the endpoint");
  }

  @Test
  void violatedByTheRoleOfATask() {
    assertThat(
            check(
                OBJECTS,
                OF_VPC,
                ROLE
                    + """
                      Task:
                        Type: AWS::ECS::TaskDefinition
                        Properties:
                          TaskRoleArn: !GetAtt Role.Arn
                          ContainerDefinitions: [{Image: 'a:1'}]
                      Service:
                        Type: AWS::ECS::Service
                        Properties:
                          LaunchType: FARGATE
                          TaskDefinition: !Ref Task
                          NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Private]}}
                    """))
        .containsExactly(
            "VIOLATED" + AT + ": locks out Service, which does not come through the endpoint");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ContainerProperties: {Image: 'a:1', JobRoleArn: !GetAtt Role.Arn}",
        "EcsProperties: {TaskProperties: [{TaskRoleArn: !GetAtt Role.Arn}]}",
        "NodeProperties: {NodeRangeProperties: [{Container: {JobRoleArn: !GetAtt Role.Arn}}]}"
      })
  void violatedByTheRoleOfAJob(String properties) {
    assertThat(
            check(
                OBJECTS,
                OF_VPC,
                ROLE
                    + """
                      Environment:
                        Type: AWS::Batch::ComputeEnvironment
                        Properties:
                          ComputeResources: {Type: SPOT, Subnets: [!Ref Private]}
                      Job:
                        Type: AWS::Batch::JobDefinition
                        Properties: {%s}
                    """
                        .formatted(properties)))
        .containsExactly(
            "VIOLATED" + AT + ": locks out Environment, which does not come through the endpoint");
  }

  @Test
  void compliantWhenAnotherRoleIsOfAFunctionInNoVpc() {
    assertThat(
            check(
                OBJECTS,
                OF_VPC,
                function("Isolated")
                    + """
                      OtherRole:
                        Type: AWS::IAM::Role
                      Outside:
                        Type: AWS::Lambda::Function
                        Properties: {Role: !GetAtt OtherRole.Arn}
                    """))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedByAUserInAnotherVpc() {
    assertThat(
            check(
                OBJECTS,
                "StringNotEqualsIfExists: {'aws:sourceVpc': !Ref OtherVpc}",
                function("Isolated")))
        .containsExactly(
            "VIOLATED" + AT + ": locks out Function, which does not come through the endpoint");
  }

  @Test
  void violatedWhenAnotherRoleIsLeftOut() {
    assertThat(
            check(
                OBJECTS,
                OF_VPC + ", ArnNotEquals: {aws:PrincipalArn: [!GetAtt OtherRole.Arn]}",
                outside()
                    + """
                      OtherRole:
                        Type: AWS::IAM::Role
                    """))
        .containsExactly("VIOLATED" + AT + ": locks out Function, which is in no VPC");
  }

  @Test
  void violatedByAnAddressThatAFunctionDoesNotHave() {
    assertThat(check(OBJECTS, "NotIpAddress: {aws:SourceIp: 203.0.113.0/24}", outside()))
        .containsExactly("VIOLATED" + AT + ": locks out Function, which is in no VPC");
  }

  @Test
  void violatedWhenNobodyCanMendThePolicy() {
    String mended =
        ": nobody outside the network can change the policy again, not even administrators";

    assertThat(check("s3:*", OF_VPC, "")).containsExactly("VIOLATED" + AT + mended);
    assertThat(check("s3:*", OF_VPC + ", Bool: {aws:PrincipalIsAWSService: 'false'}", ""))
        .as("leaves out services that act for themselves only")
        .containsExactly("VIOLATED" + AT + mended);
  }

  @Test
  void undecidedWhenTheNetworkIsGiven() {
    assertThat(
            check(OBJECTS, "StringNotEquals: {aws:SourceVpce: !Ref Given}", function("Isolated")))
        .containsExactly(
            "UNDECIDED" + AT + ": whether it locks out Function is known only when deployed");
  }

  @Test
  void undecidedWhenItIsNotSeenWhereAUserRuns() {
    assertThat(check(OBJECTS, OF_VPC, ROLE))
        .containsExactly(
            "UNDECIDED" + AT + ": whether it locks out Role is known only when deployed");
  }

  @Test
  void undecidedWhenWhatIsDeniedIsGiven() {
    assertThat(check("!ImportValue denied", OF_VPC, ""))
        .containsExactly(
            "UNDECIDED" + AT + ": what it denies everyone is known only when deployed");
  }

  @Test
  void undecidedWhenTheUserIsPerhapsLeftOut() {
    assertThat(
            check(
                OBJECTS,
                OF_VPC + ", StringNotLike: {aws:PrincipalArn: 'arn:aws:iam::*:role/ml-*'}",
                outside()))
        .containsExactly(
            "UNDECIDED" + AT + ": whether it locks out Function is known only when deployed");
  }

  @Test
  void notApplicableToADenyThatIsNotAboutTheNetwork() {
    assertThat(check("s3:*", "Bool: {aws:SecureTransport: 'false'}", outside())).isEmpty();
    assertThat(check("s3:*", "StringEquals: {aws:SourceVpc: !Ref OtherVpc}", outside())).isEmpty();
  }

  private static final String ROLE =
      """
        Role:
          Type: AWS::IAM::Role
          Properties:
            Policies:
              - PolicyDocument:
                  Statement:
                    - Effect: Allow
                      Action: s3:GetObject
                      Resource: !Sub '${Bucket.Arn}/*'
      """;

  private static String outside() {
    return ROLE
        + """
          Function:
            Type: AWS::Lambda::Function
            Properties: {Role: !GetAtt Role.Arn}
        """;
  }

  private static String function(String subnet) {
    return ROLE
        + """
          Function:
            Type: AWS::Lambda::Function
            Properties:
              Role: !GetAtt Role.Arn
              VpcConfig: {SubnetIds: [!Ref %s], SecurityGroupIds: [!GetAtt WorkloadGroup.GroupId]}
        """
            .formatted(subnet);
  }

  private static List<String> check(String actions, String condition, String users) {
    return Checks.of(
        new BucketLockout(),
        Networks.VPC
            + Networks.S3
            + """
              Bucket:
                Type: AWS::S3::Bucket
                Properties: {BucketName: !Sub 'data-${AWS::AccountId}'}
              Policy:
                Type: AWS::S3::BucketPolicy
                Properties:
                  Bucket: !Ref Bucket
                  PolicyDocument:
                    Statement:
                      - Effect: Deny
                        Principal: '*'
                        Action: %s
                        Resource: [!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/*']
                        Condition: {%s}
            """
                .formatted(actions, condition)
            + users);
  }
}
