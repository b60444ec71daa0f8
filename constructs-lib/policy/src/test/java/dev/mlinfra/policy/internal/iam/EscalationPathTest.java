package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.DataFile;
import org.junit.jupiter.api.Test;

/** The table of ways to more rights. */
class EscalationPathTest {

  @Test
  void everyPathHasAnIdAndActions() {
    assertThat(EscalationPath.ALL).extracting(EscalationPath::id).doesNotHaveDuplicates();
    assertThat(EscalationPath.ALL)
        .allSatisfy(
            path -> {
              assertThat(path.beyond()).isNotEmpty();
              assertThat(path.beyond().keySet()).allMatch(EscalationPathTest::isAction);
              assertThat(path.beyond().values())
                  .allMatch(it -> it.matches("[a-z0-9-]+:.*\\{name}.*"));
              assertThat(path.with()).allMatch(EscalationPathTest::isAction);
              assertThat(path.holder()).isIn("any", "role", "user");
              assertThat(path.gives()).isNotBlank();
            });
  }

  @Test
  void aPathThatPassesARoleSaysToWhichService() {
    assertThat(EscalationPath.ALL)
        .allSatisfy(
            path ->
                assertThat(path.beyond().containsKey("iam:PassRole"))
                    .isEqualTo(!path.passedTo().isEmpty()));
  }

  @Test
  void everyRowNamesItsSource() {
    assertThat(DataFile.read(EscalationPath.class, "escalation-paths.csv"))
        .allSatisfy(
            row -> {
              assertThat(row.getField("source")).isNotBlank();
              assertThat(row.getField("date")).matches("\\d{4}-\\d{2}-\\d{2}");
            });
  }

  @Test
  void knowsTheWaysOfBatchAndKubernetesToo() {
    assertThat(EscalationPath.ALL)
        .extracting(EscalationPath::id)
        .contains("batch-101", "batch-102", "eks-101", "eks-103", "states-101", "scheduler-101")
        .contains("pipes-101", "lambda-001", "sagemaker-002", "sts-001");
  }

  private static boolean isAction(String text) {
    return text.matches("[a-z0-9-]+:[A-Za-z0-9]+");
  }
}
