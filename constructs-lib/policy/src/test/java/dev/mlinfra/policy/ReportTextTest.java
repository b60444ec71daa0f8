package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportTextTest {

  @Test
  void goesResourceByResourceWithErrorsFirst() {
    assertThat(ReportText.of(Findings.EVERYTHING))
        .isEqualTo(
            """
            dev/Data/Policy/Resource (AWS::IAM::Policy) at cdk.out/Data.template.json:12:5
              made by com.example.DataStack.<init> (DataStack.java:14)
              error    mlinfra::iam.action-star
                       PolicyDocument.Statement[0].Action: allows every action
                       given: *
                       fix: name the actions that are needed
              warning  mlinfra::iam.action-star
                       PolicyDocument.Statement[1].Action: the action is known only when deployed
                       fix: name the actions that are needed

            dev/Data
              warning  mlinfra::gate.not-read
                       a macro runs at deploy time
                       fix: check what it makes in another way

            Acknowledged:
              mlinfra::iam.action-star in dev (1 finding): the reviewer of this test has seen it

            1 error, 2 not decided, 1 acknowledged; 41 places checked, IAM's actions as of 2026-09-26
            """);
  }

  @Test
  void countsWhenThereIsNothingElseToSay() {
    assertThat(ReportText.of(Findings.NOTHING))
        .isEqualTo(
            "0 errors, 0 not decided, 0 acknowledged; 1 place checked, IAM's actions as of 2026-09-26\n");
  }

  @Test
  void noTemplateMovesTheCursorOrTurnsText() {
    assertThat(ReportText.of(Findings.of("a\u001b[2Jb", "c\nd\r", "\u202ee \u0085")))
        .contains("a\\u001b[2Jb\n", "given: c\\u000ad\\u000d\n", "\\u202ee \\u0085\n");
  }
}
