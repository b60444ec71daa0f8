package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PASSWORD",
        "DB_PASSWORD",
        "dbPassword",
        "adminPassword",
        "MasterUserPassword",
        "API_KEY",
        "apiKey",
        "apikey",
        "APIKEY",
        "OPENAI_API_KEY",
        "WANDB_API_KEY",
        "HF_TOKEN",
        "GITHUB_TOKEN",
        "AccessToken",
        "sasToken",
        "aws_secret_access_key",
        "AWS_SECRET_ACCESS_KEY",
        "PRIVATE_KEY",
        "privateKeyPem",
        "PRIVATEKEY",
        "client-secret",
        "clientSecret",
        "secret-token",
        "secretString",
        "PASSPHRASE",
        "DB_PWD",
        "CREDENTIALS",
        "SECRET_KEY",
        "TOKEN_1",
        "DB_PASSWORD_PROD",
        "connectionString",
        "storageAccountAccessKey",
        "plaintext"
      })
  void isTheNameOfASecret(String name) {
    assertThat(Secrets.isName(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SECRET_ARN",
        "secretArn",
        "TOKEN_URL",
        "PASSWORD_PARAMETER",
        "SecretName",
        "secretName",
        "secretKeyRef",
        "DB_SECRET_ID",
        "AWS_ACCESS_KEY_ID",
        "TOKEN_TTL_SECONDS",
        "PASSWORD_LENGTH",
        "passwordPolicy",
        "CREDENTIALS_FILE",
        "disablePasswordAuthentication",
        "imagePullSecret",
        "tokenEndpoint",
        "RefreshTokenValidity",
        "SECRET_PROVIDER",
        "MAX_TOKENS",
        "MAX_NEW_TOKENS",
        "TOKENIZERS_PARALLELISM",
        "HF_TOKENIZER",
        "EOS_TOKEN",
        "PAD_TOKEN",
        "IMAGE_TOKEN",
        "NEXT_TOKEN",
        "nextToken",
        "MODEL",
        "KEY",
        "PUBLIC_KEY",
        "publicKey",
        "PARTITION_KEY",
        "partitionKey",
        "MONKEY",
        "SECRETARY",
        "string",
        "data",
        "",
        "---"
      })
  void isNotTheNameOfASecret(String name) {
    assertThat(Secrets.isName(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "correct horse battery staple",
        "c2VjcmV0",
        "abc123!",
        "/K7MDENG+bPxRfiCY",
        "{\"password\": \"hunter2\"}",
        "postgres://u:hunter2@db/x",
        "Server=db;Database=ml;Password=hunter2",
        "AccountName=ml;AccountKey=c2VjcmV0"
      })
  void isASecret(String text) {
    assertThat(Secrets.isSecret(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "true",
        "None",
        "EMPTY",
        "dummy",
        "512",
        "0.5",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:a",
        "projects/p/secrets/hf/versions/1",
        "https://example.com/token",
        "https://kv.vault.azure.net/secrets/hf",
        "postgres://user:${PASSWORD}@db/ml",
        "/ml/prod/token",
        "/run/secrets/hf",
        "s3://bucket/key",
        "./token",
        "~/.token",
        "{{resolve:secretsmanager:db:SecretString:password}}",
        "{{ RUNPOD_SECRET_hf }}",
        "<token>",
        "$TOKEN",
        "${TOKEN}",
        "$(HF_TOKEN)",
        "****",
        "xxxx",
        "[SEP]",
        "PLACEHOLDER - put the key here",
        "replace-me",
        "Server=db;Database=ml;Authentication=Active Directory Default"
      })
  void isNotASecret(String text) {
    assertThat(Secrets.isSecret(text)).isFalse();
    assertThat(Secrets.kept(new Value.Text(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "AKIA, ABCDEFGHIJKLMNOP, an AWS access key id",
    "hf_, abcdefghijklmnopqrstuvwxyzABCDEFGH, a Hugging Face token",
    "postgres://user:, hunter2@db.example.com/ml, a password in an address"
  })
  void knowsTheFormsOfVendors(String start, String rest, String what) {
    assertThat(Secrets.form("x='" + start + rest + "'")).contains(what);
  }

  @Test
  void theKeyInTheDocumentsOfAwsIsNone() {
    String key = "AKIA" + "ABCDEFGHIJKLMNOP";

    assertThat(Secrets.form("AKIAIOSFODNN7EXAMPLE")).isEmpty();
    assertThat(Secrets.form("AKIAIOSFODNN7EXAMPLE " + key)).hasValue("an AWS access key id");
  }

  @Test
  void aSecretIsKeptOrShownOrNotKnown() {
    assertThat(Secrets.kept(new Value.Secret())).hasValue(Verdict.COMPLIANT);
    assertThat(Secrets.kept(new Value.Text("hunter2"))).hasValue(Verdict.VIOLATED);
    assertThat(Secrets.kept(new Value.Text("postgres://u:hunter2@db/x")))
        .hasValue(Verdict.VIOLATED);
    assertThat(Secrets.kept(new Value.Unknown("pulumi output", new Value.Null())))
        .hasValue(Verdict.UNDECIDED);
    assertThat(Secrets.kept(new Value.Bool(true))).isEmpty();
  }
}
