package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*, anything, TRUE",
    "a*, abc, TRUE",
    "a*c, abcbc, TRUE",
    "a*c, abcb, FALSE",
    "a?c, abc, TRUE",
    "a?c, ac, FALSE",
    "a**c, ac, TRUE",
    "a.c, abc, FALSE",
    "A, a, FALSE",
    "abc, abc, TRUE",
    "abc, abcd, FALSE",
    "'', '', TRUE",
    "'', a, FALSE"
  })
  void starsAndQuestionMarks(String pattern, String text, Ternary expected) {
    assertThat(new Glob(pattern).matches(text)).isEqualTo(expected);
  }

  @Test
  void whatIsUnknownCanBeAnything() {
    Glob glob = new Glob("role/" + Glob.UNKNOWN + "-task");

    assertThat(glob.matches("role/a-task")).isEqualTo(Ternary.UNKNOWN);
    assertThat(glob.matches("role/a")).isEqualTo(Ternary.FALSE);
    assertThat(glob.isPattern()).isEqualTo(Ternary.UNKNOWN);
  }

  @Test
  void aNameOfTheModelIsNoPatternAndEqualToNothingKnown() {
    Glob glob = new Glob("role/" + Glob.NAME);

    assertThat(glob.matches("role/a")).isEqualTo(Ternary.FALSE);
    assertThat(glob.isPattern()).isEqualTo(Ternary.FALSE);
    assertThat(new Glob("role/" + Glob.NAME + "*").isPattern()).isEqualTo(Ternary.TRUE);
  }

  @RepeatedTest(value = 300, name = "seed {currentRepetition}")
  void agreesWithARegularExpression(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    String pattern = random(random, "ab*?", 8);
    String text = random(random, "ab", 8);

    String regex = pattern.replace("?", ".").replace("*", ".*");
    assertThat(new Glob(pattern).matches(text))
        .as("%s matches %s", pattern, text)
        .isEqualTo(Ternary.of(text.matches(regex)));
  }

  @Test
  void isQuickWhereBacktrackingWouldNotEnd() {
    Glob glob = new Glob("a*".repeat(40) + "b");

    assertThat(glob.matches("a".repeat(2_000))).isEqualTo(Ternary.FALSE);
  }

  private static String random(Random random, String alphabet, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest + 1); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
