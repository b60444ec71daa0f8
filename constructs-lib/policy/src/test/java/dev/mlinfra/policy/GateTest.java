package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.SourceLine;
import dev.mlinfra.template.Stack;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final String RULE = "mlinfra::iam.action-star";
  private static final String REASON = "the reviewer of this test has seen it";
  private static final List<String> POLICY =
      List.of(
          "Resources:",
          "  Policy:",
          "    Type: AWS::IAM::Policy",
          "    Properties:",
          "      PolicyDocument:",
          "        Statement: [{Effect: Allow, Action: '*', Resource: '*'}]");

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
  void anAcknowledgementThatCoversSomethingIsNoFinding() {
    assertThat(problems(check(acknowledging(RULE, "test", "twenty characters ok"), "")))
        .isNotEmpty()
        .noneMatch(it -> it.contains("acknowledgement"));
  }

  @Test
  void errorsStandBeforeWarnings() {
    Report report =
        acknowledging("mlinfra::iam.typo", "test", REASON)
            .check(Models.parse("test.yaml", "Transform: Macro\n" + String.join("\n", POLICY)));

    assertThat(report.warnings()).isNotEmpty();
    assertThat(problems(report)).anyMatch(it -> it.contains("names no rule"));
    assertThat(report.findings()).isSortedAccordingTo(Comparator.comparing(Finding::severity));
  }

  @Test
  void whatIsCompliantIsCountedButNoFinding() {
    Report report = ofAction("s3:GetObject");

    assertThat(about(report.findings())).isEmpty();
    assertThat(report.places()).isGreaterThan(report.findings().size());
    assertThat(report.undecided()).isZero();
  }

  @Test
  void whatIsNotDecidedIsCounted() {
    Report report = ofAction("!ImportValue action");

    assertThat(report.undecided()).isPositive().isEqualTo(report.warnings().size());
  }

  private static Report ofAction(String action) {
    return Gate.standard()
        .check(
            Models.parse(
                "test.yaml",
                String.join("\n", POLICY)
                    .replace("Action: '*', Resource: '*'", "Action: " + action + ", Resource: r")));
  }

  @Test
  void whatCannotBeReadIsAWarning() {
    Report report =
        Gate.standard().check(Models.parse("test.yaml", "Transform: Macro\nResources: {}"));

    assertThat(report.warnings()).extracting(Finding::rule).contains("mlinfra::gate.not-read");
  }

  @Test
  void theUsersOwnLineIsNamedBeforeAConstructs() {
    assertThat(madeBy("dev.mlinfra.aws.TrainingRole", "com.example.Training", "com.example.Main"))
        .isEqualTo("com.example.Training");
    assertThat(madeBy("dev.mlinfra.aws.internal.Arns", "dev.mlinfra.infra.aws.TrainingStack"))
        .isEqualTo("dev.mlinfra.infra.aws.TrainingStack");
    assertThat(madeBy("dev.mlinfra.aws.TrainingRole", "dev.mlinfra.aws.Other"))
        .isEqualTo("dev.mlinfra.aws.TrainingRole");
  }

  @Test
  void severalReportsAreOneWithErrorsFirst() {
    Report one = check(Gate.standard(), "");
    Report gap =
        Gate.standard().check(Models.parse("test.yaml", "Transform: Macro\nResources: {}"));

    Report both = Report.of(List.of(gap, one));

    assertThat(both.findings()).hasSize(gap.findings().size() + one.findings().size());
    assertThat(both.findings()).isSortedAccordingTo(Comparator.comparing(Finding::severity));
    assertThat(both.places()).isEqualTo(gap.places() + one.places());
    assertThat(both.rules()).isEqualTo(one.rules());
    assertThatThrownBy(() -> Report.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  /** The class in whose line a finding's resource was made. */
  private static String madeBy(String... trace) {
    Stack stack = Models.parse("test.yaml", String.join("\n", POLICY)).stack("test").orElseThrow();
    Resource given = stack.resources().get("Policy");
    Resource traced =
        new Resource(
            given.id(),
            given.type(),
            given.properties(),
            given.attributes(),
            given.constructPath(),
            Stream.of(trace).map(it -> new SourceLine(it, "<init>", "X.java", 1)).toList(),
            given.position());
    Stack changed = stack.withResources(Map.of("Policy", traced));
    return Gate.standard()
        .check(new Model(SourceKind.TEMPLATE, List.of(changed), List.of()))
        .errors()
        .get(0)
        .source()
        .orElseThrow()
        .className();
  }

  private static Gate acknowledging(String rule, String scope, String reason) {
    return Gate.standard().acknowledging(List.of(new Acknowledgement(rule, scope, reason)));
  }

  private static Report check(Gate gate, String... more) {
    String yaml = String.join("\n", POLICY) + "\n" + String.join("\n", more);
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
