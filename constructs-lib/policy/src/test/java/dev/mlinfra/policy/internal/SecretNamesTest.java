package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HF_TOKEN",
        "WANDB_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "DB_PASSWORD",
        "adminPassword",
        "clientSecret",
        "secretString",
        "privateKeyPem",
        "connectionString",
        "storageAccountAccessKey",
        "apiKey",
        "apikey",
        "sasToken",
        "secret-token",
        "plaintext"
      })
  void secretsAreKnownByTheirNames(String name) {
    assertThat(SecretNames.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TOKENIZERS_PARALLELISM",
        "MAX_TOKENS",
        "PAD_TOKEN",
        "secretName",
        "secretKeyRef",
        "imagePullSecret",
        "passwordPolicy",
        "AWS_ACCESS_KEY_ID",
        "publicKey",
        "partitionKey",
        "tokenEndpoint",
        "nextToken",
        "disablePasswordAuthentication",
        "string",
        "data"
      })
  void otherNamesAreNot(String name) {
    assertThat(SecretNames.isSecret(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "true",
        "EMPTY",
        "dummy",
        "$(HF_TOKEN)",
        "{{ RUNPOD_SECRET_hf }}",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hf",
        "projects/p/secrets/hf/versions/1",
        "https://kv.vault.azure.net/secrets/hf",
        "/run/secrets/hf"
      })
  void whatSaysWhereASecretStandsIsNone(String text) {
    assertThat(SecretNames.kept(new Value.Text(text))).isEmpty();
  }

  @Test
  void aSecretIsKeptOrShownOrNotKnown() {
    assertThat(SecretNames.kept(new Value.Secret())).hasValue(Verdict.COMPLIANT);
    assertThat(SecretNames.kept(new Value.Text("hunter2"))).hasValue(Verdict.VIOLATED);
    assertThat(SecretNames.kept(new Value.Text("postgres://u:hunter2@db/x")))
        .hasValue(Verdict.VIOLATED);
    assertThat(SecretNames.kept(new Value.Unknown("pulumi output", new Value.Null())))
        .hasValue(Verdict.UNDECIDED);
    assertThat(SecretNames.kept(new Value.Bool(true))).isEmpty();
  }
}
