package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvoidableStarTest {
  private static final String AT = " Policy PolicyDocument.Statement[0].Resource";
  private static final String OBJECTS =
      ": allows everything, although s3:GetObject acts on object or accesspointobject";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:s3:::bucket/*",
        "arn:aws:s3:::b*",
        "'arn:aws:s3:::*/models/*'",
        "!GetAtt Bucket.Arn",
        "!Sub '${Bucket.Arn}/*'",
        "!Sub 'arn:aws:s3:::${Given}/*'",
      })
  void compliantWhenTheResourceIsBounded(String resource) {
    assertThat(check("s3:GetObject", resource)).containsExactly("COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ecr:GetAuthorizationToken",
        "ec2:DescribeSubnets",
        "xray:PutTraceSegments",
        "cloudwatch:PutMetricData",
        "'ssmmessages:*'"
      })
  void compliantWhenNoActionHasAResource(String action) {
    assertThat(check(action, "'*'")).containsExactly("COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'*'",
        "arn:aws:s3:::*",
        "'arn:aws:s3:*:*:*'",
        "'arn:aws:s3:::*/*'",
        "!Sub 'arn:${AWS::Partition}:s3:::*'",
        "!If [Sometimes, '*', '*']",
      })
  void violatedByEverythingWhenAnActionHasAResource(String resource) {
    assertThat(check("s3:GetObject", resource)).contains("VIOLATED" + AT + OBJECTS);
  }

  @Test
  void violatedByOneOfSeveralActionsAndResources() {
    assertThat(check("[ecr:GetAuthorizationToken, iam:PassRole]", "['*', arn:aws:iam::1:role/a]"))
        .containsExactly(
            "VIOLATED" + AT + ": allows everything, although iam:PassRole acts on role",
            "COMPLIANT" + AT);
  }

  @Test
  void violatedByEverythingButSome() {
    assertThat(
            Policies.check(
                new AvoidableStar(), "Action: s3:GetObject", "NotResource: arn:aws:s3:::secret/*"))
        .containsExactly("VIOLATED Policy PolicyDocument.Statement[0].NotResource" + OBJECTS);
  }

  @Test
  void violatedByWhatAWildcardNames() {
    assertThat(check("sqs:Send*", "'*'"))
        .containsExactly(
            "VIOLATED" + AT + ": allows everything, although sqs:SendMessage acts on queue");
    assertThat(check("'*'", "'*'"))
        .containsExactly("VIOLATED" + AT + ": allows every action on everything");
  }

  @Test
  void compliantWhenTheStarIsOfAnotherServiceThanTheActionWithAResource() {
    assertThat(
            check("[kms:Decrypt, s3:ListAllMyBuckets]", "[arn:aws:kms:*:1:key/a, arn:aws:s3:::*]"))
        .containsExactly("COMPLIANT" + AT, "COMPLIANT" + AT);
  }

  @Test
  void undecidedWhenTheResourceIsKnownOnlyWhenDeployed() {
    assertThat(check("s3:GetObject", "!Ref Given"))
        .containsExactly("UNDECIDED" + AT + ": the resource is known only when deployed");
    assertThat(check("ecr:GetAuthorizationToken", "!Ref Given")).containsExactly("COMPLIANT" + AT);
  }

  @Test
  void undecidedWhenTheActionIsNotKnown() {
    String expected = "UNDECIDED" + AT + ": whether every action needs it is not known";
    assertThat(check("!Ref Given", "'*'")).containsExactly(expected);
    assertThat(check("s3:NoSuchAction", "'*'")).containsExactly(expected);
  }

  @Test
  void undecidedWhenTheSourcesDiffer() {
    assertThat(check("dms:ImportCertificate", "'*'"))
        .containsExactly("UNDECIDED" + AT + ": whether every action needs it is not known");
  }

  @Test
  void undecidedWhenTheStatementIsKnownOnlyWhenDeployed() {
    assertThat(
            Checks.of(
                new AvoidableStar(),
                "Resources:",
                "  Policy:",
                "    Type: AWS::IAM::Policy",
                "    Properties: {PolicyDocument: {Statement: [!ImportValue statement]}}"))
        .containsExactly("UNDECIDED" + AT + ": the resource is known only when deployed");
  }

  @Test
  void notApplicableToADeny() {
    assertThat(
            Policies.check(
                new AvoidableStar(), "Effect: Deny", "Action: s3:GetObject", "Resource: '*'"))
        .isEmpty();
  }

  @Test
  void theFixShowsWhatTheActionActsOn() {
    assertThat(
            Checks.fixes(
                new AvoidableStar(), Policies.model("Action: sqs:SendMessage", "Resource: '*'")))
        .containsExactly(
            "name it, such as arn:${Partition}:sqs:${Region}:${Account}:${QueueName}; \"*\" is for"
                + " actions that have nothing to name");
  }

  private static List<String> check(String action, String resource) {
    return Policies.check(new AvoidableStar(), "Action: " + action, "Resource: " + resource);
  }
}
