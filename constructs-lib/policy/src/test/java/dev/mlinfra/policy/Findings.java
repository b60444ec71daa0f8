package dev.mlinfra.policy;

import dev.mlinfra.core.Position;
import dev.mlinfra.policy.Report.Acknowledged;
import dev.mlinfra.policy.Report.RuleDescription;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceLine;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** A report with one finding of every kind, for the tests of what shows reports. */
final class Findings {
  static final String REASON = "the reviewer of this test has seen it";

  static final Finding ERROR =
      new Finding(
          "mlinfra::iam.action-star",
          Severity.ERROR,
          "dev/Data/Policy/Resource",
          Optional.of(new ResourceId("dev/Data", "Policy0815")),
          "AWS::IAM::Policy",
          "PolicyDocument.Statement[0].Action",
          "*",
          "allows every action",
          "name the actions that are needed",
          Optional.of(new SourceLine("com.example.DataStack", "<init>", "DataStack.java", 14)),
          Optional.of(new Position("cdk.out/Data.template.json", 12, 5)));
  static final Finding WARNING =
      new Finding(
          "mlinfra::gate.not-read",
          Severity.WARNING,
          "dev/Data",
          Optional.empty(),
          "",
          "",
          "",
          "a macro runs at deploy time",
          "check what it makes in another way",
          Optional.empty(),
          Optional.empty());
  static final Finding SECOND =
      new Finding(
          ERROR.rule(),
          Severity.WARNING,
          ERROR.where(),
          ERROR.resource(),
          ERROR.type(),
          "PolicyDocument.Statement[1].Action",
          "",
          "the action is known only when deployed",
          ERROR.fix(),
          ERROR.source(),
          ERROR.position());

  static final LocalDate DAY = LocalDate.of(2026, 9, 26);

  static final Report NOTHING = new Report(List.of(), List.of(), rules(), 1, 0, DAY);
  static final Report EVERYTHING =
      new Report(
          List.of(ERROR, WARNING, SECOND),
          List.of(
              new Acknowledged(
                  ERROR, new Acknowledgement("mlinfra::iam.action-star", "dev", REASON))),
          rules(),
          41,
          2,
          DAY);

  private Findings() {}

  /** A report of one error with these texts. */
  static Report of(String where, String given, String problem) {
    return new Report(List.of(error(where, given, problem)), List.of(), rules(), 1, 0, DAY);
  }

  static Finding error(String where, String given, String problem) {
    return new Finding(
        ERROR.rule(),
        Severity.ERROR,
        where,
        Optional.empty(),
        "",
        "",
        given,
        problem,
        "mend it",
        Optional.empty(),
        Optional.empty());
  }

  static List<RuleDescription> rules() {
    return List.of(
        new RuleDescription("mlinfra::gate.not-read", "Everything can be read."),
        new RuleDescription("mlinfra::iam.action-star", "A policy names actions."));
  }
}
