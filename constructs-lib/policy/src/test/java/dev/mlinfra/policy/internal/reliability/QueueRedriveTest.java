package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueRedriveTest {
  private static final String PROBLEM = ": a message that always fails comes back until it expires";

  @Test
  void compliantWithADeadLetterQueue() {
    assertThat(
            check("RedrivePolicy: {deadLetterTargetArn: !GetAtt Failures.Arn, maxReceiveCount: 5}"))
        .containsExactly("COMPLIANT Queue RedrivePolicy");
  }

  @Test
  void violatedWithoutOne() {
    assertThat(check("")).containsExactly("VIOLATED Queue RedrivePolicy" + PROBLEM);
    assertThat(check("RedrivePolicy: {}"))
        .containsExactly("VIOLATED Queue RedrivePolicy" + PROBLEM);
  }

  @Test
  void undecidedWhenGivenWhenDeployed() {
    assertThat(check("RedrivePolicy: !ImportValue policy"))
        .containsExactly("UNDECIDED Queue RedrivePolicy" + Undecided.whether(PROBLEM));
  }

  @Test
  void notApplicableToAQueueThatFeedsNoFunction() {
    assertThat(Checks.of(new QueueRedrive(), "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}"))
        .isEmpty();
  }

  private static List<String> check(String queue) {
    return Checks.of(new QueueRedrive(), QueueTemplates.of(queue, "", ""));
  }
}
