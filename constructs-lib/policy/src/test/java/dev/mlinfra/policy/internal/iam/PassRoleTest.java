package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassRoleTest {
  private static final String RESOURCE = " Policy PolicyDocument.Statement[0].Resource";
  private static final String CONDITION = " Policy PolicyDocument.Statement[0].Condition";
  private static final String TO_BATCH =
      "Condition: {StringEquals: {iam:PassedToService: ecs-tasks.amazonaws.com}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!GetAtt Role.Arn",
        "!Sub 'arn:aws:iam::${AWS::AccountId}:role/${Role}'",
        "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}-task'",
        "arn:aws:iam::123456789012:role/service-role/task"
      })
  void compliantWithANamedRoleToANamedService(String resource) {
    assertThat(check("Action: iam:PassRole", "Resource: " + resource, TO_BATCH))
        .containsExactly("COMPLIANT" + RESOURCE, "COMPLIANT" + CONDITION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringEquals: {iam:PassedToService: [batch.amazonaws.com, ecs-tasks.amazonaws.com]}}",
        "{StringLike: {iam:passedtoservice: ecs-tasks.amazonaws.com}}",
        "{'ForAnyValue:StringEquals': {iam:PassedToService: ecs-tasks.amazonaws.com}}",
        "{StringEqualsIfExists: {iam:PassedToService: !Sub 'ecs-tasks.${AWS::URLSuffix}'}}"
      })
  void compliantWithEveryFormOfTheCondition(String condition) {
    assertThat(
            check("Action: iam:PassRole", "Resource: !GetAtt Role.Arn", "Condition: " + condition))
        .containsExactly("COMPLIANT" + RESOURCE, "COMPLIANT" + CONDITION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'*'",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam::123456789012:role/ml-agent-*",
        "arn:aws:iam::*:role/task",
        "arn:aws:iam::*"
      })
  void violatedByAWildcard(String resource) {
    assertThat(check("Action: iam:PassRole", "Resource: " + resource, TO_BATCH))
        .containsExactly(
            "VIOLATED"
                + RESOURCE
                + ": passes roles that it does not name: "
                + resource.replace("'", ""),
            "COMPLIANT" + CONDITION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Action: iam:*",
        "Action: '*'",
        "Action: [s3:GetObject, 'IAM:pass*']",
        "NotAction: s3:*"
      })
  void violatedHoweverItIsAllowed(String action) {
    assertThat(check(action, "Resource: '*'"))
        .containsExactly(
            "VIOLATED" + RESOURCE + ": passes roles that it does not name: *",
            "VIOLATED" + CONDITION + ": passes roles to any service");
  }

  @Test
  void violatedByEveryRoleButSome() {
    assertThat(check("Action: iam:PassRole", "NotResource: !GetAtt Role.Arn", TO_BATCH))
        .containsExactly(
            "VIOLATED Policy PolicyDocument.Statement[0].NotResource: passes every role but some",
            "COMPLIANT" + CONDITION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringLike: {iam:PassedToService: '*.amazonaws.com'}}",
        "{StringNotEquals: {iam:PassedToService: lambda.amazonaws.com}}",
        "{StringEquals: {aws:RequestedRegion: us-east-1}}"
      })
  void violatedByAConditionThatNamesNoService(String condition) {
    assertThat(
            check("Action: iam:PassRole", "Resource: !GetAtt Role.Arn", "Condition: " + condition))
        .containsExactly(
            "COMPLIANT" + RESOURCE, "VIOLATED" + CONDITION + ": passes roles to any service");
  }

  @Test
  void violatedWhenOneBranchHasNoCondition() {
    assertThat(
            check(
                "Action: iam:PassRole",
                "Resource: !GetAtt Role.Arn",
                "Condition: !If",
                "  - Unknown",
                "  - {StringEquals: {iam:PassedToService: ecs-tasks.amazonaws.com}}",
                "  - !Ref AWS::NoValue"))
        .containsExactly(
            "COMPLIANT" + RESOURCE, "VIOLATED" + CONDITION + ": passes roles to any service");
  }

  @Test
  void undecidedWhenTheRoleIsKnownOnlyWhenDeployed() {
    assertThat(
            check(
                "Action: iam:PassRole",
                "Resource: [!ImportValue role, !Sub 'arn:aws:iam::123456789012:role/${Name}']",
                TO_BATCH))
        .containsExactly(
            "UNDECIDED" + RESOURCE + ": passes roles that only the deployment knows: ${…}",
            "UNDECIDED"
                + RESOURCE
                + ": passes roles that only the deployment knows:"
                + " arn:aws:iam::123456789012:role/${…}",
            "COMPLIANT" + CONDITION);
  }

  @Test
  void undecidedWhenTheServiceIsKnownOnlyWhenDeployed() {
    assertThat(
            check(
                "Action: iam:PassRole",
                "Resource: !GetAtt Role.Arn",
                "Condition: {StringEquals: {iam:PassedToService: !ImportValue service}}"))
        .containsExactly(
            "COMPLIANT" + RESOURCE,
            "UNDECIDED" + CONDITION + ": passes roles to services that only the deployment knows");
  }

  @Test
  void undecidedWhenTheActionIsKnownOnlyWhenDeployed() {
    assertThat(check("Action: !ImportValue action", "Resource: '*'"))
        .containsExactly(
            "UNDECIDED" + RESOURCE + ": passes roles that only the deployment knows: *",
            "UNDECIDED" + CONDITION + ": passes roles to services that only the deployment knows");
  }

  /** Each resource is within the one before it; a narrower one is never worse. */
  @Test
  void aNarrowerResourceNeverTurnsPassIntoFail() {
    List<String> narrowing =
        List.of(
            "'*'",
            "arn:aws:iam::*:*",
            "arn:aws:iam::123456789012:role/*",
            "arn:aws:iam::123456789012:role/ml-*",
            "arn:aws:iam::123456789012:role/ml-task");
    for (int wide = 0; wide < narrowing.size(); wide++) {
      for (int narrow = wide; narrow < narrowing.size(); narrow++) {
        assertThat(worst(narrowing.get(narrow)))
            .as("%s within %s", narrowing.get(narrow), narrowing.get(wide))
            .isLessThanOrEqualTo(worst(narrowing.get(wide)));
      }
    }
  }

  private static Verdict worst(String resource) {
    return Verdict.worst(
        check("Action: iam:PassRole", "Resource: " + resource, TO_BATCH).stream()
            .map(line -> Verdict.valueOf(line.substring(0, line.indexOf(' '))))
            .toList());
  }

  @Test
  void notApplicableWithoutPassRole() {
    assertThat(check("Action: iam:GetRole", "Resource: '*'")).isEmpty();
    assertThat(check("NotAction: iam:*", "Resource: '*'")).isEmpty();
    assertThat(check("Action: '*'", "Resource: arn:aws:s3:::bucket/*")).isEmpty();
    assertThat(check("Action: iam:*", "Resource: arn:aws:iam::123456789012:user/*")).isEmpty();
    assertThat(check("Action: '*'", "Resource: !GetAtt Queue.Arn")).isEmpty();
    assertThat(check("Action: '*'", "Resource: ''")).isEmpty();
  }

  @Test
  void notApplicableToADenyAndABoundary() {
    assertThat(
            Checks.of(
                new PassRole(),
                "Resources:",
                "  Denied:",
                "    Type: AWS::IAM::Policy",
                "    Properties:",
                "      PolicyDocument: {Statement: {Effect: Deny, Action: '*', Resource: '*'}}",
                "  WorkloadBoundary:",
                "    Type: AWS::IAM::ManagedPolicy",
                "    Properties:",
                "      PolicyDocument: {Statement: {Effect: Allow, Action: '*', Resource: '*'}}"))
        .isEmpty();
  }

  private static List<String> check(String... statement) {
    return Checks.of(
        new PassRole(),
        "Parameters:",
        "  Name: {Type: String}",
        "Conditions:",
        "  Unknown: !Equals [!Ref Name, a]",
        "Resources:",
        "  Role:",
        "    Type: AWS::IAM::Role",
        "  Queue:",
        "    Type: AWS::SQS::Queue",
        "  Policy:",
        "    Type: AWS::IAM::Policy",
        "    Properties:",
        "      PolicyDocument:",
        "        Statement:",
        "          - Effect: Allow",
        "            " + String.join("\n            ", statement));
  }
}
