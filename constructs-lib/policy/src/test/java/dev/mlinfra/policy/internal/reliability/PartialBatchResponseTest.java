package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartialBatchResponseTest {
  private static final String PROBLEM = ": one message that fails brings back the whole batch";

  @Test
  void compliantWhenFailuresAreReported() {
    assertThat(check("FunctionResponseTypes: [ReportBatchItemFailures]"))
        .containsExactly("COMPLIANT Mapping FunctionResponseTypes");
  }

  @Test
  void violatedWhenTheyAreNot() {
    assertThat(check("BatchSize: 10"))
        .containsExactly("VIOLATED Mapping FunctionResponseTypes" + PROBLEM);
    assertThat(check("FunctionResponseTypes: []"))
        .containsExactly("VIOLATED Mapping FunctionResponseTypes" + PROBLEM);
  }

  @Test
  void undecidedWhenGivenWhenDeployed() {
    assertThat(check("FunctionResponseTypes: !ImportValue types"))
        .containsExactly("UNDECIDED Mapping FunctionResponseTypes" + Undecided.whether(PROBLEM));
  }

  @Test
  void notApplicableToSingleMessages() {
    assertThat(check("BatchSize: 1")).isEmpty();
  }

  private static List<String> check(String mapping) {
    return Checks.of(new PartialBatchResponse(), QueueTemplates.of("", mapping, ""));
  }
}
