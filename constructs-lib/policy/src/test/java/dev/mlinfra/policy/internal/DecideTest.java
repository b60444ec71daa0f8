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
  void aTextNumberOrBooleanIsTestedAsText() {
    assertThat(Decide.text(new Value.Text("a"), "a"::equals)).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.text(new Value.Bool(true), "true"::equals)).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.text(new Value.Text("b"), "a"::equals)).isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.text(NOTHING, it -> true)).isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.text(PARAMETER, it -> true)).isEqualTo(Verdict.UNDECIDED);
    assertThat(Decide.text(new Value.Secret(), it -> true)).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void everyBranchCounts() {
    Value both = new Value.If("C", new Value.Text("a"), new Value.Text("b"));
    assertThat(Decide.oneOf(both, "a", "b")).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.oneOf(both, "a")).isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.oneOf(new Value.If("C", new Value.Text("a"), PARAMETER), "a"))
        .isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void trueIsTrueInAnyCase() {
    assertThat(Decide.isTrue(new Value.Bool(true))).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.isTrue(new Value.Text("True"))).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.isTrue(new Value.Text("yes"))).isEqualTo(Verdict.VIOLATED);
  }

  @Test
  void aNumberIsTested() {
    assertThat(Decide.number(new Value.Text("7"), it -> it.intValueExact() == 7))
        .isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.number(new Value.Text("8"), it -> it.intValueExact() == 7))
        .isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.number(new Value.Text("seven"), it -> true)).isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.number(PARAMETER, it -> true)).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void nothingOrAnExplicitNullIsAbsent() {
    assertThat(Decide.isAbsent(NOTHING)).isTrue();
    assertThat(Decide.isAbsent(new Value.Null())).isTrue();
    assertThat(Decide.isAbsent(new Value.Text(""))).isFalse();
    assertThat(Decide.absentOr(NOTHING, it -> false)).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.absentOr(new Value.Text("a"), "a"::equals)).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.absentOr(new Value.Text("b"), "a"::equals)).isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.absentOr(PARAMETER, it -> true)).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void theOppositeOfWhatIsNotDecidedIsNotDecided() {
    assertThat(Decide.not(Verdict.COMPLIANT)).isEqualTo(Verdict.VIOLATED);
    assertThat(Decide.not(Verdict.VIOLATED)).isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.not(Verdict.UNDECIDED)).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void itemsAreThoseOfAllBranches() {
    Value a = new Value.Text("a");
    Value b = new Value.Text("b");
    Value c = new Value.Text("c");
    assertThat(Decide.items(a)).containsExactly(a);
    assertThat(Decide.items(NOTHING)).isEmpty();
    assertThat(
            Decide.items(
                new Value.If(
                    "C", new Value.Sequence(List.of(a, new Value.If("D", b, NOTHING))), c)))
        .containsExactly(a, b, c);
  }

  @Test
  void oneIsEnoughForTheBest() {
    assertThat(Decide.best(List.of(Verdict.VIOLATED, Verdict.COMPLIANT, Verdict.UNDECIDED)))
        .isEqualTo(Verdict.COMPLIANT);
    assertThat(Decide.best(List.of())).isEqualTo(Verdict.VIOLATED);
  }
}
