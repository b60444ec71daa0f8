package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final String RULE = "mlinfra::iam.action-star";
  private static final String REASON = "the reviewer of this test has seen it";

  @Test
  void aFindingNamesRulePlaceValueAndFix() {
    Report report = check(Gate.standard(), "");

    assertThat(about(report.errors()))
        .containsExactly(
            RULE
                + ": test:Policy: PolicyDocument.Statement[0].Action: allows every action;"
                + " given: *; fix: name the actions that are needed");
    assertThat(report.places()).isPositive();
  }

  @Test
  void anAcknowledgementInTheTemplateCoversItsResource() {
    Report report =
        check(
            Gate.standard(),
            "    Metadata:",
            "      mlinfra::acknowledge:",
            "        - rule: " + RULE,
            "          reason: " + REASON);

    assertThat(about(report.findings())).isEmpty();
    assertThat(report.acknowledged())
        .extracting(Report.Acknowledged::acknowledgement)
        .contains(new Acknowledgement(RULE, "test:Policy", REASON));
  }

  @Test
  void anAcknowledgementCoversWhatIsBelowItsScope() {
    assertThat(about(check(acknowledging(RULE, "test", REASON), "").findings())).isEmpty();
    assertThat(about(check(acknowledging(RULE, "*", REASON), "").findings())).isEmpty();
    assertThat(about(check(acknowledging(RULE, "tes", REASON), "").findings())).isNotEmpty();
  }

  @Test
  void anAcknowledgementThatCoversNothingIsAFinding() {
    assertThat(problems(check(acknowledging(RULE, "other", REASON), "")))
        .contains("the acknowledgement of " + RULE + " covers no finding");
  }

  @Test
  void anAcknowledgementWithoutAReasonCoversNothing() {
    Report report = check(acknowledging(RULE, "test", "because"), "");

    assertThat(problems(report))
        .contains(
            "allows every action",
            "the acknowledgement of " + RULE + " has a reason of fewer than 20 characters");
  }

  @Test
  void anAcknowledgementOfNoRuleIsAFinding() {
    assertThat(problems(check(acknowledging("mlinfra::iam.typo", "test", REASON), "")))
        .contains("the acknowledgement of mlinfra::iam.typo names no rule of the gate");
  }

  @Test
  void whatCannotBeReadIsAWarning() {
    Report report =
        Gate.standard().check(Models.parse("test.yaml", "Transform: Macro\nResources: {}"));

    assertThat(report.warnings()).extracting(Finding::rule).contains("mlinfra::gate.not-read");
  }

  private static Gate acknowledging(String rule, String scope, String reason) {
    return Gate.standard().acknowledging(List.of(new Acknowledgement(rule, scope, reason)));
  }

  private static Report check(Gate gate, String... more) {
    String yaml =
        String.join(
            "\n",
            "Resources:",
            "  Policy:",
            "    Type: AWS::IAM::Policy",
            "    Properties:",
            "      PolicyDocument:",
            "        Statement: [{Effect: Allow, Action: '*', Resource: '*'}]",
            String.join("\n", more));
    return gate.check(Models.parse("test.yaml", yaml));
  }

  /** The findings of the one rule; more rules than it look at the template. */
  private static List<String> about(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.rule().equals(RULE))
        .map(Finding::toString)
        .toList();
  }

  private static List<String> problems(Report report) {
    return report.findings().stream().map(Finding::problem).toList();
  }
}
