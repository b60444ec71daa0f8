package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyAdministrationTest {
  private static final String ROLE =
      "VIOLATED Role: is a workload that can delete keys or change who uses them, by Role"
          + " Policies[0].PolicyDocument.Statement";
  private static final String KEY =
      "VIOLATED Key KeyPolicy.Statement.Principal: can do everything with the key and is not the"
          + " account, or is a workload";

  @Test
  void compliantWhenAWorkloadUsesAKey() {
    assertThat(role("lambda", "Action: ['kms:Decrypt', 'kms:GenerateDataKey*']"))
        .containsExactly("COMPLIANT Role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Action: kms:*",
        "Action: '*'",
        "Action: kms:ScheduleKeyDeletion",
        "Action: [kms:Decrypt, 'kms:Put*']",
        "NotAction: s3:*"
      })
  void violatedByAWorkloadThatAdministers(String action) {
    assertThat(role("lambda", action)).containsExactly(ROLE);
  }

  @Test
  void compliantWhenADenyTakesItAway() {
    assertThat(
            role(
                "lambda",
                "Action: '*'",
                "{Effect: Deny, Action: ['kms:Schedule*', 'kms:PutKeyPolicy'], Resource: '*'}"))
        .containsExactly("COMPLIANT Role");
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    assertThat(role("lambda", "Action: !ImportValue action"))
        .containsExactly(
            "UNDECIDED Role: is a workload of which only the deployment knows whether it can"
                + " delete keys, by Role Policies[0].PolicyDocument.Statement");
    assertThat(key("{AWS: !ImportValue admin}", "kms:*"))
        .contains(
            "UNDECIDED Key KeyPolicy.Statement.Principal: only the deployment knows who can do"
                + " everything with the key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}",
        "{AWS: !Ref AWS::AccountId}",
        "{AWS: 'arn:aws:iam::123456789012:root'}"
      })
  void compliantWhenTheAccountHasEveryRight(String principal) {
    assertThat(key(principal, "kms:*")).contains("COMPLIANT Key KeyPolicy.Statement.Principal");
  }

  @Test
  void compliantWhenAnAdministratorAdministersAndAWorkloadUses() {
    assertThat(key("{AWS: !GetAtt Admin.Arn}", "kms:ScheduleKeyDeletion"))
        .contains("COMPLIANT Key KeyPolicy.Statement.Principal");
    assertThat(key("{AWS: !GetAtt Role.Arn}", "kms:Decrypt"))
        .contains("COMPLIANT Key KeyPolicy.Statement.Principal");
    assertThat(key("{Service: logs.amazonaws.com}", "kms:Encrypt*"))
        .contains("COMPLIANT Key KeyPolicy.Statement.Principal");
  }

  @Test
  void violatedByAKeyThatSomebodyElseAdministers() {
    assertThat(key("{AWS: !GetAtt Admin.Arn}", "kms:*")).contains(KEY);
    assertThat(key("{AWS: !GetAtt Role.Arn}", "kms:PutKeyPolicy")).contains(KEY);
    assertThat(key("{Service: logs.amazonaws.com}", "kms:*")).contains(KEY);
    assertThat(key("'*'", "kms:*")).contains(KEY);
  }

  @Test
  void notApplicableToADeploymentOrAPerson() {
    assertThat(role("cloudformation", "Action: '*'")).isEmpty();
    assertThat(
            Checks.of(
                new KeyAdministration(),
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      AssumeRolePolicyDocument:",
                "        Statement: {Effect: Allow, Principal: {AWS: '123456789012'}}",
                "      Policies:",
                "        - PolicyDocument: {Statement: {Effect: Allow, Action: '*', Resource:"
                    + " '*'}}"))
        .isEmpty();
  }

  private static List<String> role(String service, String action, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      AssumeRolePolicyDocument:",
                "        Statement: {Effect: Allow, Principal: {Service: "
                    + service
                    + ".amazonaws.com}}",
                "      Policies:",
                "        - PolicyDocument:",
                "            Statement:"));
    String item = more.length == 0 ? "              " : "              - ";
    lines.add(item + "{Effect: Allow, " + action + ", Resource: '*'}");
    for (String statement : more) {
      lines.add(item + statement);
    }
    return Checks.of(new KeyAdministration(), lines.toArray(String[]::new));
  }

  private static List<String> key(String principal, String action) {
    return Checks.of(
        new KeyAdministration(),
        "Resources:",
        "  Role:",
        "    Type: AWS::IAM::Role",
        "    Properties:",
        "      AssumeRolePolicyDocument:",
        "        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}}",
        "  Admin:",
        "    Type: AWS::IAM::Role",
        "  Key:",
        "    Type: AWS::KMS::Key",
        "    Properties:",
        "      KeyPolicy:",
        "        Statement: {Effect: Allow, Action: '"
            + action
            + "', Principal: "
            + principal
            + "}");
  }
}
