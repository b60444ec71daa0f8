package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.DataFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusedDeputyTest {
  private static final String AT = " Role AssumeRolePolicyDocument.Statement[0].Condition";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringEquals: {aws:SourceAccount: '123456789012'}}",
        "{StringEquals: {'AWS:SourceAccount': !Ref AWS::AccountId}}",
        "{ArnLike: {aws:SourceArn: !Sub 'arn:aws:states:*:${AWS::AccountId}:stateMachine:*'}}",
        "{StringLike: {aws:SourceArn: 'arn:aws:states:us-east-1:123456789012:*'}}",
        "{ArnEquals: {aws:SourceArn: !GetAtt Machine.Arn}}",
        "{StringEqualsIfExists: {aws:SourceAccount: '123456789012'}}",
        "{StringEquals: {aws:SourceOrgID: o-1234567890}}",
        "{StringEquals: {sts:ExternalId: '123456789012'}}"
      })
  void compliantWhenTheSourceIsNamed(String condition) {
    assertThat(trust("states.amazonaws.com", "Condition: " + condition))
        .containsExactly("COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec2.amazonaws.com",
        "ec2.amazonaws.com.cn",
        "!Sub 'ec2.${AWS::URLSuffix}'",
        "[ec2.amazonaws.com, lambda.amazonaws.com]",
        "pods.eks.amazonaws.com"
      })
  void compliantForAServiceThatDoesNotSayIt(String service) {
    assertThat(trust(service)).containsExactly("COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "states.amazonaws.com",
        "states.us-east-1.amazonaws.com",
        "!Sub 'states.${AWS::Region}.amazonaws.com'",
        "!Join [., [states, !Ref AWS::URLSuffix]]",
      })
  void violatedWithoutACondition(String service) {
    assertThat(trust(service))
        .singleElement()
        .asString()
        .matches("VIOLATED" + AT.replace("[", "\\[") + ": lets states\\..* act for any account");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringLike: {aws:SourceAccount: '*'}}",
        "{ArnLike: {aws:SourceArn: 'arn:aws:states:*:*:*'}}",
        "{StringNotEquals: {aws:SourceAccount: '123456789012'}}",
        "{StringEquals: {aws:RequestedRegion: us-east-1}}"
      })
  void violatedByAConditionThatBoundsNothing(String condition) {
    assertThat(trust("states.amazonaws.com", "Condition: " + condition))
        .containsExactly("VIOLATED" + AT + ": lets states.amazonaws.com act for any account");
  }

  @Test
  void theContextOfAnEncryptionNamesTheSourceWhenItHasAnAccount() {
    String context = "Condition: {StringLike: {'kms:EncryptionContext:aws:logs:arn': '%s'}}";
    assertThat(
            trust(
                "states.amazonaws.com",
                context.formatted("arn:aws:logs:us-east-1:123456789012:log-group:*")))
        .containsExactly("COMPLIANT" + AT);
    assertThat(
            trust(
                "states.amazonaws.com", context.formatted("arn:aws:logs:us-east-1:*:log-group:a")))
        .containsExactly("VIOLATED" + AT + ": lets states.amazonaws.com act for any account");
  }

  @Test
  void violatedWhenOneOfTheServicesSaysIt() {
    assertThat(trust("[ec2.amazonaws.com, sagemaker.amazonaws.com]"))
        .containsExactly(
            "VIOLATED"
                + AT
                + ": lets ec2.amazonaws.com, sagemaker.amazonaws.com act for any account");
  }

  @Test
  void violatedByATopicAndAFunction() {
    assertThat(
            Checks.of(
                new ConfusedDeputy(),
                "Resources:",
                "  Topic:",
                "    Type: AWS::SNS::TopicPolicy",
                "    Properties:",
                "      PolicyDocument:",
                "        Statement:",
                "          - Effect: Allow",
                "            Principal: {Service: s3.amazonaws.com}",
                "            Action: sns:Publish",
                "            Resource: '*'",
                "  Permission:",
                "    Type: AWS::Lambda::Permission",
                "    Properties: {Principal: events.amazonaws.com}"))
        .containsExactly(
            "VIOLATED Topic PolicyDocument.Statement[0].Condition: lets s3.amazonaws.com act for"
                + " any account",
            "VIOLATED Permission: lets events.amazonaws.com act for any account");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SourceArn: !GetAtt Rule.Arn",
        "SourceArn: 'arn:aws:s3:::bucket'",
        "SourceAccount: !Ref AWS::AccountId"
      })
  void compliantWhenTheFunctionNamesTheSource(String source) {
    assertThat(permission("s3.amazonaws.com", source)).containsExactly("COMPLIANT Permission");
  }

  @Test
  void compliantWhenTheFunctionAsksForATokenOfTheSource() {
    assertThat(permission("s3.amazonaws.com", "EventSourceToken: skill-1"))
        .containsExactly("COMPLIANT Permission");
  }

  @Test
  void violatedWhenOneBranchNamesNoSource() {
    assertThat(permission("s3.amazonaws.com", "SourceAccount: !If [C, a, !Ref AWS::NoValue]"))
        .containsExactly("VIOLATED Permission: lets s3.amazonaws.com act for any account");
  }

  @Test
  void undecidedForAServiceThatTheTableDoesNotKnow() {
    assertThat(trust("new.amazonaws.com"))
        .containsExactly(
            "UNDECIDED"
                + AT
                + ": nothing tells new.amazonaws.com for whom to act, and whether it says so is"
                + " not known");
    assertThat(
            trust(
                "new.amazonaws.com",
                "Condition: {StringEquals: {aws:SourceAccount: '123456789012'}}"))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void undecidedWhenTheSourceIsKnownOnlyWhenDeployed() {
    assertThat(
            trust(
                "states.amazonaws.com",
                "Condition: {StringEquals: {aws:SourceAccount: !ImportValue account}}"))
        .containsExactly(
            "UNDECIDED"
                + AT
                + ": only the deployment knows for which account"
                + " states.amazonaws.com may act");
    assertThat(permission("s3.amazonaws.com", "SourceArn: !ImportValue bucket"))
        .containsExactly(
            "UNDECIDED Permission: only the deployment knows for which account s3.amazonaws.com"
                + " may act");
  }

  @Test
  void notApplicableToAccountsAndDenials() {
    assertThat(
            Checks.of(
                new ConfusedDeputy(),
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      AssumeRolePolicyDocument:",
                "        Statement:",
                "          - {Effect: Allow, Action: 'sts:AssumeRole', Principal: {AWS:"
                    + " '123456789012'}}",
                "          - {Effect: Deny, Action: 'sts:AssumeRole', Principal: {Service:"
                    + " states.amazonaws.com}}"))
        .isEmpty();
    assertThat(permission("'123456789012'", "SourceAccount: '123456789012'")).isEmpty();
  }

  @Test
  void theTableNamesEveryServiceOnceAndItsSource() {
    var rows = DataFile.read(ConfusedDeputy.class, "service-trust.csv");

    assertThat(rows).extracting(row -> row.getField("service")).doesNotHaveDuplicates();
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.getField("service")).endsWith(".amazonaws.com").isLowerCase();
              assertThat(List.of(row.getField("role"), row.getField("resource")))
                  .allMatch(it -> List.of("both", "account", "arn", "none", "").contains(it))
                  .anyMatch(it -> !it.isEmpty());
              assertThat(row.getField("source")).isNotBlank();
              assertThat(row.getField("date")).matches("(\\d{4}-\\d{2}-\\d{2})?");
            });
  }

  private static List<String> trust(String service, String... more) {
    return Checks.of(
        new ConfusedDeputy(),
        "Resources:",
        "  Machine:",
        "    Type: AWS::StepFunctions::StateMachine",
        "  Role:",
        "    Type: AWS::IAM::Role",
        "    Properties:",
        "      AssumeRolePolicyDocument:",
        "        Statement:",
        "          - Effect: Allow",
        "            Action: sts:AssumeRole",
        "            Principal: {Service: " + service + "}",
        "            " + String.join("\n            ", more));
  }

  private static List<String> permission(String service, String source) {
    return Checks.of(
        new ConfusedDeputy(),
        "Resources:",
        "  Rule:",
        "    Type: AWS::Events::Rule",
        "  Permission:",
        "    Type: AWS::Lambda::Permission",
        "    Properties:",
        "      Principal: " + service,
        "      " + source);
  }
}
