package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportJsonTest {

  /** Programs read this: a change of it needs another name of the schema. */
  @Test
  void hasTheShapeThatItsNamePromises() {
    assertThat(json(Findings.EVERYTHING))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"schema": "mlinfra/findings/v1",
                     "summary": {"errors": 1, "warnings": 2, "acknowledged": 1, "places": 41,
                                 "undecided": 2, "iamFacts": "2026-09-26"},
                     "findings": [%s,
                       {"rule": "mlinfra::gate.not-read", "severity": "warning",
                        "where": "dev/Data", "problem": "a macro runs at deploy time",
                        "fix": "check what it makes in another way"},
                       {"rule": "mlinfra::iam.action-star", "severity": "warning",
                        "where": "dev/Data/Policy/Resource", "stack": "dev/Data",
                        "resource": "Policy0815", "type": "AWS::IAM::Policy",
                        "at": "PolicyDocument.Statement[1].Action",
                        "problem": "the action is known only when deployed",
                        "fix": "name the actions that are needed",
                        "source": {"class": "com.example.DataStack", "method": "<init>",
                                   "file": "DataStack.java", "line": 14},
                        "position": {"file": "cdk.out/Data.template.json", "line": 12,
                                     "column": 5}}],
                     "acknowledged": [
                       {"rule": "mlinfra::iam.action-star", "scope": "dev",
                        "reason": "the reviewer of this test has seen it", "finding": %s}],
                     "rules": [
                       {"id": "mlinfra::gate.not-read", "requirement": "Everything can be read."},
                       {"id": "mlinfra::iam.action-star",
                        "requirement": "A policy names actions."}]}
                    """
                        .formatted(ERROR, ERROR)));
  }

  @Test
  void ofNothingHasEmptyLists() {
    JsonNode json = json(Findings.NOTHING);

    assertThat(json.path("findings").isEmpty()).isTrue();
    assertThat(json.path("acknowledged").isEmpty()).isTrue();
    assertThat(json.at("/summary/places").asInt()).isEqualTo(1);
  }

  @Test
  void isAsciiWhateverTheTerminalTakes() {
    String json = ReportJson.of(Findings.of("Größe", "…", "x"));

    assertThat(json).isASCII().contains("Gr\\u00F6\\u00DFe");
    assertThat(JsonMapper.shared().readTree(json).at("/findings/0/where").asString())
        .isEqualTo("Größe");
  }

  private static final String ERROR =
      """
      {"rule": "mlinfra::iam.action-star", "severity": "error",
       "where": "dev/Data/Policy/Resource", "stack": "dev/Data", "resource": "Policy0815",
       "type": "AWS::IAM::Policy", "at": "PolicyDocument.Statement[0].Action", "given": "*",
       "problem": "allows every action", "fix": "name the actions that are needed",
       "source": {"class": "com.example.DataStack", "method": "<init>", "file": "DataStack.java",
                  "line": 14},
       "position": {"file": "cdk.out/Data.template.json", "line": 12, "column": 5}}
      """;

  private static JsonNode json(Report report) {
    return JsonMapper.shared().readTree(ReportJson.of(report));
  }
}
