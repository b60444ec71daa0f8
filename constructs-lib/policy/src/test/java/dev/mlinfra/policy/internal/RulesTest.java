package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class RulesTest {
  static final List<Rule> ALL = Rules.ALL;

  @Test
  void noTwoRulesHaveOneId() {
    assertThat(ALL).extracting(Rule::id).doesNotHaveDuplicates();
  }

  /** The name of the family is the package, the name of the rule is the class. */
  @ParameterizedTest
  @FieldSource("ALL")
  void theIdTellsWhereTheRuleStands(Rule rule) {
    String[] packages = rule.getClass().getPackageName().split("\\.", -1);
    String name = rule.getClass().getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-");
    assertThat(rule.id())
        .isEqualToIgnoringCase("mlinfra::" + packages[packages.length - 1] + "." + name)
        .isLowerCase();
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void theRequirementIsASentence(Rule rule) {
    assertThat(rule.requirement()).matches("[A-Z].*\\.").hasSizeBetween(20, 160);
  }

  /** Each rule is tested where it is satisfied, broken, undecided, and where it says nothing. */
  @ParameterizedTest
  @FieldSource("ALL")
  void hasATestForEveryCase(Rule rule) throws ReflectiveOperationException {
    Class<?> test = Class.forName(rule.getClass().getName() + "Test");
    List<String> names = Arrays.stream(test.getDeclaredMethods()).map(Method::getName).toList();
    for (String situation : List.of("compliant", "violated", "undecided", "notApplicable")) {
      assertThat(names).as(test + ": " + situation).anyMatch(name -> name.startsWith(situation));
    }
  }

  /** A rule reads what anybody wrote, so values of any kind may stand anywhere. */
  @ParameterizedTest
  @FieldSource("ALL")
  void saysNothingOfAnEmptyTemplate(Rule rule) {
    assertThatCode(
            () ->
                assertThat(Checks.of(rule, "Resources: {}"))
                    .noneMatch(line -> line.startsWith("COMPLIANT")))
        .doesNotThrowAnyException();
  }
}
