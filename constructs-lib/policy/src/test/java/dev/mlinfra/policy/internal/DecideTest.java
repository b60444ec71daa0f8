package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecideTest {
  private static final Value NOTHING = new Value.Missing();
  private static final Value PARAMETER = new Value.Ref("P");

  @Test
  void whateverTheDeploymentPutsThereIsPresent() {
    assertThat(Decide.present(PARAMETER)).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.present(new Value.Unknown("pulumi output", new Value.Null())))
        .isEqualTo(Verdict.COMPLIANT);
  }

  @Test
  void aPartOfASymbolMayBeThereOrNot() {
    assertThat(Decide.present(PARAMETER.at("A.B"))).isEqualTo(Verdict.UNDECIDED);
    assertThat(Decide.present(new Value.Transform("M", new Value.Null())))
        .isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void nothingIsNotPresent() {
    assertThat(Decide.present(NOTHING)).isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.present(new Value.Null())).isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.present(new Value.If("C", PARAMETER, NOTHING))).isEqualTo(Verdict.VIOLATED);
  }

  @Test
  void whatIsLookedUpWhenDeployedIsUndecided() {
    Value looked = new Value.Text("{{resolve:ssm:/a}}");
    assertThat(Decide.oneOf(looked, "a")).isEqualTo(Verdict.UNDECIDED);
    assertThat(Decide.number(looked, number -> true)).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void oneIsEnoughForTheBest() {
    assertThat(Decide.best(List.of(Verdict.VIOLATED, Verdict.COMPLIANT, Verdict.UNDECIDED)))
        .isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.best(List.of())).isEqualTo(Verdict.VIOLATED);
  }
}
