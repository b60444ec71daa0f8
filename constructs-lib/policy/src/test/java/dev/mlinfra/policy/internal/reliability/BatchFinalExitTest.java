package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchFinalExitTest {
  private static final String VIOLATED =
      "VIOLATED Job RetryStrategy.EvaluateOnExit: a failure that no condition names, such as a"
          + " fault of the program, is retried";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{Action: EXIT, OnReason: '*'}",
        "{Action: exit, OnStatusReason: '*'}",
        "{Action: EXIT, OnExitCode: '*', OnReason: '*'}"
      })
  void compliantWhenTheRestExits(String last) {
    assertThat(
            check(
                "{Attempts: 3, EvaluateOnExit: [{Action: RETRY, OnReason: 'Cannot*'}, "
                    + last
                    + "]}"))
        .containsExactly("COMPLIANT Job RetryStrategy.EvaluateOnExit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{Action: RETRY, OnStatusReason: 'Host EC2*'}]",
        "[{Action: EXIT, OnExitCode: '1'}]",
        "[{Action: EXIT, OnReason: '*', OnExitCode: '1'}]",
        "[{Action: RETRY, OnReason: '*'}, {Action: EXIT, OnReason: '*'}]"
      })
  void violatedWhenTheRestIsRetried(String list) {
    assertThat(check("{Attempts: 3, EvaluateOnExit: " + list + "}")).containsExactly(VIOLATED);
  }

  @Test
  void violatedByAttemptsAlone() {
    assertThat(check("{Attempts: 3}")).containsExactly(VIOLATED);
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    String undecided = Undecided.whether(VIOLATED.replace("VIOLATED", "UNDECIDED"));
    assertThat(check("{Attempts: !ImportValue attempts}")).containsExactly(undecided);
    assertThat(check("{Attempts: 3, EvaluateOnExit: [{Action: EXIT, OnReason: !ImportValue it}]}"))
        .containsExactly(undecided);
  }

  @Test
  void notApplicableToAJobThatIsNotRetried() {
    assertThat(check("{Attempts: 1}")).isEmpty();
    assertThat(check("{}")).isEmpty();
  }

  private static List<String> check(String retries) {
    return Checks.of(
        new BatchFinalExit(),
        "Resources:",
        "  Job:",
        "    Type: AWS::Batch::JobDefinition",
        "    Properties: {RetryStrategy: " + retries + "}");
  }
}
