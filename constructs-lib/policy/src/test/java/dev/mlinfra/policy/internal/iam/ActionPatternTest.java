package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionPatternTest {

  @ParameterizedTest
  @CsvSource({
    "iam:PassRole, TRUE",
    "IAM:passrole, TRUE",
    "iam:Pass*, TRUE",
    "iam:*Role, TRUE",
    "iam:Pas?Role, TRUE",
    "i*, TRUE",
    "'*', TRUE",
    "iam:PassRoles, FALSE",
    "iam:Get*, FALSE",
    "s3:*, FALSE"
  })
  void coversAsIamDoes(String pattern, Ternary expected) {
    assertThat(new ActionPattern(new Glob(pattern)).covers("iam:PassRole")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"iam:, UNKNOWN", "'', UNKNOWN", "s3:, FALSE"})
  void anUnknownEndCanCoverWhatStartsLikeIt(String start, Ternary expected) {
    assertThat(new ActionPattern(new Glob(start + Glob.UNKNOWN)).covers("iam:PassRole"))
        .isEqualTo(expected);
  }
}
