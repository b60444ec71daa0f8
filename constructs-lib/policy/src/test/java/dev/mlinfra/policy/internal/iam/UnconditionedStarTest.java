package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnconditionedStarTest {
  private static final String AT = " Policy PolicyDocument.Statement[0].Condition";

  @Test
  void compliantWithACondition() {
    assertThat(
            check(
                "cloudwatch:PutMetricData",
                "Condition: {StringEquals: {'cloudwatch:namespace': app}}"))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedWithoutACondition() {
    String expected =
        "VIOLATED" + AT + ": allows cloudwatch:PutMetricData on everything without a condition";
    assertThat(check("cloudwatch:PutMetricData")).containsExactly(expected);
    assertThat(check("cloudwatch:PutMetricData", "Condition: {}"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("VIOLATED");
    assertThat(check("[xray:PutTraceSegments, 'CloudWatch:putmetricdata']"))
        .containsExactly(expected);
  }

  @Test
  void violatedWhenOneBranchHasNoCondition() {
    assertThat(
            check(
                "lambda:CreateEventSourceMapping",
                "Condition: !If [Sometimes, {StringEquals: {a: b}}, !Ref AWS::NoValue]"))
        .singleElement()
        .asString()
        .startsWith("VIOLATED" + AT);
  }

  @Test
  void undecidedWhenTheConditionIsKnownOnlyWhenDeployed() {
    assertThat(check("cloudwatch:PutMetricData", "Condition: !ImportValue x"))
        .containsExactly(
            "UNDECIDED"
                + AT
                + ": whether cloudwatch:PutMetricData has a condition is known only when deployed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ecr:GetAuthorizationToken",
        "ec2:DescribeInstances",
        "xray:PutTraceSegments",
        "kms:CreateKey",
        "s3:PutAccountPublicAccessBlock",
        "iam:PassRole",
        "'cloudwatch:*'"
      })
  void notApplicableToWhatNoConditionNarrowsAndToTheMatterOfOtherRules(String action) {
    assertThat(check(action)).isEmpty();
  }

  @Test
  void notApplicableToABoundedResource() {
    assertThat(
            Policies.check(
                new UnconditionedStar(),
                "Action: cloudwatch:PutMetricData",
                "Resource: arn:aws:cloudwatch:eu-west-1:123456789012:dataset/a"))
        .isEmpty();
  }

  /** A key that no action has any more would be a rule that never speaks. */
  @Test
  void everyNarrowingKeyIsOneOfAnActionThatTheRuleIsAbout() {
    List<IamAction> actions =
        IamFacts.expand("*").stream().filter(UnconditionedStar::isNarrowable).toList();
    assertThat(UnconditionedStar.NARROWING)
        .allMatch(key -> actions.stream().anyMatch(it -> it.conditionKeys().contains(key)));
  }

  private static List<String> check(String action, String... more) {
    String[] lines = new String[more.length + 2];
    lines[0] = "Action: " + action;
    lines[1] = "Resource: '*'";
    System.arraycopy(more, 0, lines, 2, more.length);
    return Policies.check(new UnconditionedStar(), lines);
  }
}
