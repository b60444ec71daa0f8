package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

  @ParameterizedTest
  @CsvSource({
    "MasterUserPassword, swordfish, [secret]",
    "DB_PASSWORD, swordfish, [secret]",
    "NOTE, ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, [secret]",
    "'', ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, [secret]",
    "DB_PASSWORD, {{resolve:secretsmanager:a}}, {{resolve:secretsmanager:a}}",
    "SECRET_ARN, swordfish, swordfish",
    "Engine, postgres, postgres",
  })
  void aSecretIsHidden(String name, String text, String shown) {
    assertThat(Redaction.of(name, text)).isEqualTo(shown);
  }
}
