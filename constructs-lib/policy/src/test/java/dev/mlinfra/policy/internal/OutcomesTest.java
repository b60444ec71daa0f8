package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Outcomes.Outcome;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  private static final Rule RULE = Rules.ALL.get(0);
  private static final Resource TOPIC =
      Models.parse("test.yaml", "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}").resources().get(0);

  private final Outcomes outcomes = new Outcomes();
  private final Outcomes.Of of = outcomes.of(RULE);

  @Test
  void aViolationTellsEverything() {
    of.violated(TOPIC, "A.B", new Value.Text("x"), "is wrong", "mend it");

    assertThat(outcomes.all())
        .containsExactly(
            new Outcome(
                RULE, Verdict.VIOLATED, Optional.of(TOPIC), "", "A.B", "x", "is wrong", "mend it"));
  }

  @Test
  void whatIsCompliantHasNoProblem() {
    of.say(Verdict.COMPLIANT, TOPIC, "A", new Value.Text("x"), "is wrong", "mend it");
    of.say(Verdict.COMPLIANT, "test", "is wrong", "mend it");

    assertThat(outcomes.all())
        .containsExactly(
            new Outcome(RULE, Verdict.COMPLIANT, Optional.of(TOPIC), "", "A", "", "", ""),
            new Outcome(RULE, Verdict.COMPLIANT, Optional.empty(), "test", "", "", "", ""));
  }

  @Test
  void aWholeStackCanBeMeant() {
    of.say(Verdict.UNDECIDED, "test", "cannot be told", "look at it");

    assertThat(outcomes.all())
        .containsExactly(
            new Outcome(
                RULE,
                Verdict.UNDECIDED,
                Optional.empty(),
                "test",
                "",
                "",
                "cannot be told",
                "look at it"));
  }

  @Test
  void onlyTheDeploymentKnowsWhatIsNotDecided() {
    of.decided(Verdict.UNDECIDED, TOPIC, "A", new Value.Ref("P"), "is wrong", "mend it");
    of.decided(Verdict.VIOLATED, TOPIC, "A", new Value.Ref("P"), "is wrong", "mend it");
    of.undecided(TOPIC, "A", new Value.Ref("P"), "may be wrong", "look at it");

    assertThat(outcomes.all())
        .extracting(Outcome::problem)
        .containsExactly("is known only when deployed", "is wrong", "may be wrong");
  }

  @Test
  void whatIsGivenIsShownAsItIsWritten() {
    assertThat(shown(new Value.Text("x"))).isEqualTo("x");
    assertThat(shown(new Value.Sequence(List.of(new Value.Text("x"), new Value.Bool(true)))))
        .isEqualTo("[\"x\",true]");
    assertThat(shown(new Value.Missing())).isEmpty();
  }

  @Test
  void whatIsLongIsCut() {
    assertThat(shown(new Value.Text("x".repeat(200)))).isEqualTo("x".repeat(200));
    assertThat(shown(new Value.Text("x".repeat(201)))).isEqualTo("x".repeat(200) + "…");
  }

  private static String shown(Value given) {
    Outcomes outcomes = new Outcomes();
    outcomes.of(RULE).violated(TOPIC, "A", given, "is wrong", "mend it");
    return outcomes.all().get(0).given();
  }
}
