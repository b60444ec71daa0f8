package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActionStarTest {

  @Test
  void compliantWhenEveryActionIsNamed() {
    assertThat(check("Action: [s3:GetObject, s3:PutObject]"))
        .containsExactly(
            "COMPLIANT Policy PolicyDocument.Statement[0].Action",
            "COMPLIANT Policy PolicyDocument.Statement[0].Action");
  }

  @Test
  void violatedByEveryAction() {
    assertThat(check("Action: '*'"))
        .containsExactly("VIOLATED Policy PolicyDocument.Statement[0].Action: allows every action");
  }

  @Test
  void violatedByEveryActionOfAService() {
    assertThat(check("Action: ['s3:*', s3:GetObject]"))
        .containsExactly(
            "VIOLATED Policy PolicyDocument.Statement[0].Action: allows every action of a service",
            "COMPLIANT Policy PolicyDocument.Statement[0].Action");
  }

  @Test
  void violatedByWildcardsThatNameAsMuch() {
    assertThat(check("Action: ['s3:?*', 's3:**', '*:*', '**']"))
        .containsExactly(
            "VIOLATED Policy PolicyDocument.Statement[0].Action: allows every action of a service",
            "VIOLATED Policy PolicyDocument.Statement[0].Action: allows every action of a service",
            "VIOLATED Policy PolicyDocument.Statement[0].Action: allows every action",
            "VIOLATED Policy PolicyDocument.Statement[0].Action: allows every action");
  }

  @Test
  void undecidedWhenTheStatementIsKnownOnlyWhenDeployed() {
    assertThat(
            Checks.of(
                new ActionStar(),
                "Resources:",
                "  Policy:",
                "    Type: AWS::IAM::Policy",
                "    Properties: {PolicyDocument: {Statement: [!ImportValue statement]}}"))
        .containsExactly(
            "UNDECIDED Policy PolicyDocument.Statement[0].Action: the action is known only when"
                + " deployed");
  }

  @Test
  void violatedByEveryActionButSome() {
    assertThat(check("NotAction: iam:*"))
        .containsExactly(
            "VIOLATED Policy PolicyDocument.Statement[0].NotAction: allows every action but some");
  }

  @Test
  void undecidedWhenTheActionIsKnownOnlyWhenDeployed() {
    assertThat(check("Action: !ImportValue some-action"))
        .containsExactly(
            "UNDECIDED Policy PolicyDocument.Statement[0].Action: the action is known only when"
                + " deployed");
  }

  @Test
  void notApplicableToADeny() {
    assertThat(check("Action: '*'", "Deny")).isEmpty();
  }

  private static List<String> check(String action) {
    return check(action, "Allow");
  }

  private static List<String> check(String action, String effect) {
    return Checks.of(
        new ActionStar(),
        "Resources:",
        "  Policy:",
        "    Type: AWS::IAM::Policy",
        "    Properties:",
        "      PolicyDocument:",
        "        Statement:",
        "          - Effect: " + effect,
        "            " + action,
        "            Resource: arn:aws:s3:::bucket/*");
  }
}
