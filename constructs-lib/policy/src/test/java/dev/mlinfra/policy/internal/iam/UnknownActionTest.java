package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownActionTest {
  private static final String AT = " Policy PolicyDocument.Statement[0].Action";

  @Test
  void compliantWhenTheServiceHasTheAction() {
    assertThat(check("[s3:GetObject, s3:getobject, 's3:Get*', 's3:*', '*']"))
        .hasSize(5)
        .containsOnly("COMPLIANT" + AT);
  }

  @Test
  void violatedByAnActionThatTheServiceHasNot() {
    assertThat(check("s3:GetObjects"))
        .containsExactly(
            "VIOLATED" + AT + ": s3 has no such action in the table of " + IamFacts.date());
  }

  @Test
  void violatedByAServiceThatThereIsNot() {
    assertThat(check("s33:GetObject"))
        .containsExactly(
            "VIOLATED" + AT + ": there is no service s33 in the table of " + IamFacts.date());
    assertThat(check("GetObject"))
        .containsExactly("VIOLATED" + AT + ": is no action: it names no service");
  }

  @Test
  void violatedByAWildcardThatNamesNothing() {
    assertThat(check("s3:Got*"))
        .containsExactly(
            "VIOLATED" + AT + ": s3 has no such action in the table of " + IamFacts.date());
  }

  @ParameterizedTest
  @CsvSource({
    "s3:GetObjects, write s3:GetObject",
    "sagemaker:CreateTrainingJobs, write sagemaker:CreateTrainingJob",
    "sagmaker:CreateTrainingJob, write sagemaker:CreateTrainingJob",
    "s3:HeadBucket, look it up in the list of the service's actions",
    "nothing-like-it:DoSo, look it up in the list of the service's actions",
  })
  void theFixNamesWhatWasProbablyMeant(String action, String fix) {
    assertThat(
            Gate.standard()
                .check(
                    Models.parse(
                        "t.yaml",
                        "Resources: {P: {Type: 'AWS::IAM::Policy', Properties: {PolicyDocument:"
                            + " {Statement: {Effect: Deny, Action: '"
                            + action
                            + "', Resource: '*'}}}}}"))
                .findings())
        .filteredOn(finding -> finding.rule().equals(new UnknownAction().id()))
        .extracting(Finding::fix)
        .containsExactly(fix);
  }

  @Test
  void violatedInADenialAndInTheExceptionsOfOne() {
    assertThat(
            Policies.check(
                new UnknownAction(),
                "Effect: Deny",
                "NotAction: [s3:Put, s3:PutObject]",
                "Resource: '*'"))
        .containsExactly(
            "VIOLATED Policy PolicyDocument.Statement[0].NotAction: s3 has no such action in the"
                + " table of "
                + IamFacts.date(),
            "COMPLIANT Policy PolicyDocument.Statement[0].NotAction");
  }

  @Test
  void violatedInTrustAndInPoliciesOfResources() {
    assertThat(
            Checks.of(
                new UnknownAction(),
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties: {AssumeRolePolicyDocument: {Statement:"
                    + " [{Effect: Allow, Action: 'sts:AssumeRoles', Principal: '*'}]}}",
                "  Queue:",
                "    Type: AWS::SQS::QueuePolicy",
                "    Properties: {PolicyDocument: {Statement:"
                    + " [{Effect: Deny, Action: 'sqs:Send', Principal: '*'}]}}"))
        .hasSize(2)
        .allMatch(line -> line.startsWith("VIOLATED"));
  }

  @Test
  void undecidedWhenOneSourceAloneKnowsIt() {
    assertThat(check("s3files:CreateFileSystem"))
        .containsExactly(
            "UNDECIDED" + AT + ": one of two sources knows no such action; it is new, or gone");
  }

  @Test
  void undecidedWhenTheActionIsKnownOnlyWhenDeployed() {
    assertThat(check("!Ref Given"))
        .containsExactly("UNDECIDED" + AT + ": the action is known only when deployed");
  }

  @Test
  void undecidedOnceWhenTheStatementIsKnownOnlyWhenDeployed() {
    assertThat(
            Checks.of(
                new UnknownAction(),
                "Resources:",
                "  Policy:",
                "    Type: AWS::IAM::Policy",
                "    Properties: {PolicyDocument: {Statement: [!ImportValue statement]}}"))
        .containsExactly("UNDECIDED" + AT + ": the action is known only when deployed");
  }

  @Test
  void notApplicableWithoutPolicies() {
    assertThat(Checks.of(new UnknownAction(), "Resources: {Bucket: {Type: 'AWS::S3::Bucket'}}"))
        .isEmpty();
  }

  private static List<String> check(String action) {
    return Policies.check(new UnknownAction(), "Action: " + action, "Resource: '*'");
  }
}
