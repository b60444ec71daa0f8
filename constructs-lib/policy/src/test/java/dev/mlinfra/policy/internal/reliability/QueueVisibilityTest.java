package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueVisibilityTest {
  private static final String PROBLEM =
      ": a message can be seen again while the function that it feeds still works on it";

  @Test
  void compliantWhenHiddenForLong() {
    assertThat(check("VisibilityTimeout: 360", "", "Timeout: 60"))
        .containsExactly("COMPLIANT Queue VisibilityTimeout");
    assertThat(check("", "", "")).containsExactly("COMPLIANT Queue VisibilityTimeout");
  }

  @Test
  void compliantForAnyFunctionWhenHiddenForVeryLong() {
    assertThat(check("VisibilityTimeout: 5400", "", "Timeout: !ImportValue timeout"))
        .containsExactly("COMPLIANT Queue VisibilityTimeout");
  }

  @Test
  void violatedWhenSeenTooSoon() {
    assertThat(check("VisibilityTimeout: 359", "", "Timeout: 60"))
        .containsExactly("VIOLATED Queue VisibilityTimeout" + PROBLEM);
    assertThat(check("", "", "Timeout: 6"))
        .containsExactly("VIOLATED Queue VisibilityTimeout" + PROBLEM);
  }

  @Test
  void violatedWhenTheWindowIsForgotten() {
    assertThat(check("VisibilityTimeout: 360", "MaximumBatchingWindowInSeconds: 60", "Timeout: 60"))
        .containsExactly("VIOLATED Queue VisibilityTimeout" + PROBLEM);
  }

  @Test
  void undecidedWhenGivenWhenDeployed() {
    assertThat(check("VisibilityTimeout: !ImportValue seconds", "", "Timeout: 60"))
        .containsExactly("UNDECIDED Queue VisibilityTimeout" + Undecided.whether(PROBLEM));
    assertThat(check("VisibilityTimeout: 360", "", "Timeout: !ImportValue timeout"))
        .containsExactly("UNDECIDED Queue VisibilityTimeout" + Undecided.whether(PROBLEM));
  }

  @Test
  void notApplicableToAQueueThatFeedsNoFunction() {
    assertThat(
            Checks.of(
                new QueueVisibility(),
                "Resources: {Queue: {Type: 'AWS::SQS::Queue',"
                    + " Properties: {VisibilityTimeout: 1}}}"))
        .isEmpty();
  }

  private static List<String> check(String queue, String mapping, String function) {
    return Checks.of(new QueueVisibility(), QueueTemplates.of(queue, mapping, function));
  }
}
