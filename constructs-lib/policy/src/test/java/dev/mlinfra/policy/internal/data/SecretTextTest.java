package dev.mlinfra.policy.internal.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PASSWORD",
        "DB_PASSWORD",
        "dbPassword",
        "MasterUserPassword",
        "API_KEY",
        "apiKey",
        "APIKEY",
        "OPENAI_API_KEY",
        "HF_TOKEN",
        "GITHUB_TOKEN",
        "AccessToken",
        "aws_secret_access_key",
        "AWS_SECRET_ACCESS_KEY",
        "PRIVATE_KEY",
        "client-secret",
        "PASSPHRASE",
        "DB_PWD",
        "CREDENTIALS",
        "SECRET_KEY",
        "TOKEN_1"
      })
  void isTheNameOfASecret(String name) {
    assertThat(SecretText.isSecretName(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SECRET_ARN",
        "TOKEN_URL",
        "PASSWORD_PARAMETER",
        "SecretName",
        "DB_SECRET_ID",
        "secretArn",
        "AWS_ACCESS_KEY_ID",
        "TOKEN_TTL_SECONDS",
        "PASSWORD_LENGTH",
        "CREDENTIALS_FILE",
        "MAX_TOKENS",
        "MAX_NEW_TOKENS",
        "TOKENIZERS_PARALLELISM",
        "HF_TOKENIZER",
        "EOS_TOKEN",
        "PAD_TOKEN",
        "NEXT_TOKEN",
        "MODEL",
        "KEY",
        "PUBLIC_KEY",
        "PARTITION_KEY",
        "MONKEY",
        "SECRETARY",
        "",
        "---",
        "RefreshTokenValidity",
        "SECRET_PROVIDER"
      })
  void isNotTheNameOfASecret(String name) {
    assertThat(SecretText.isSecretName(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2", "correct horse battery staple", "c2VjcmV0", "abc123!"})
  void isASecret(String text) {
    assertThat(SecretText.isSecretValue(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "true",
        "None",
        "512",
        "0.5",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:a",
        "https://example.com/token",
        "/ml/prod/token",
        "s3://bucket/key",
        "./token",
        "~/.token",
        "{{resolve:secretsmanager:db:SecretString:password}}",
        "<token>",
        "$TOKEN",
        "${TOKEN}",
        "****",
        "xxxx",
        "[SEP]",
        "PLACEHOLDER - put the key here",
        "replace-me"
      })
  void isNotASecret(String text) {
    assertThat(SecretText.isSecretValue(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "AKIA, ABCDEFGHIJKLMNOP, an AWS access key id",
    "ASIA, ABCDEFGHIJKLMNOP, an AWS access key id",
    "ghp_, abcdefghijklmnopqrstuvwxyz0123456789, a GitHub token",
    "github_pat_, 11ABCDEFG0123456789abc_xyz, a GitHub token",
    "hf_, abcdefghijklmnopqrstuvwxyzABCDEFGH, a Hugging Face token",
    "rpa_, ABCDEFGHIJKLMNOPQRSTUVWXYZ, a RunPod API key",
    "sk-, abcdefghijklmnopqrstuvwx, an API key",
    "sk-proj-, abcdefghijklmnopqrstuvwx, an API key",
    "xoxb-, 123456789012-abcdef, a Slack token",
    "AIza, SyA0123456789012345678901234567890a, a Google API key",
    "-----BEGIN RSA PRIVATE, ' KEY-----', a private key",
    "postgres://user:, hunter2@db.example.com/ml, a password in an address"
  })
  void knowsTheFormsOfVendors(String start, String rest, String what) {
    assertThat(SecretText.form("x='" + start + rest + "'")).contains(what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AKIAIOSFODNN7EXAMPLE", "task-definition-for-everything-there-is", "sk-learn-model-bucket",
        "hf_model", "https://example.com:8080/path", "postgres://user:${PASSWORD}@db/ml",
        "postgres://user:{{resolve:secretsmanager:db}}@db/ml", "BEGIN PUBLIC KEY", "rpa_x"
      })
  void isNoFormOfASecret(String text) {
    assertThat(SecretText.form(text)).isEmpty();
  }
}
