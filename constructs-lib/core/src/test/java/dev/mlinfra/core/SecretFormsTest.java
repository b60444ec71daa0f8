package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFormsTest {

  // In two parts, for scanners of secrets read this file too.
  @ParameterizedTest
  @CsvSource({
    "AKIA, ABCDEFGHIJKLMNOP, an AWS access key id",
    "ASIA, ABCDEFGHIJKLMNOP, an AWS access key id",
    "ghp_, abcdefghijklmnopqrstuvwxyz0123456789, a GitHub token",
    "github_pat_, 11ABCDEFG0123456789abc_xyz, a GitHub token",
    "hf_, abcdefghijklmnopqrstuvwxyzABCDEFGH, a Hugging Face token",
    "rpa_, ABCDEFGHIJKLMNOPQRSTUVWXYZ, a RunPod API key",
    "runpod-api-, ABCDEFGHIJKLMNOPQRSTUVWXYZ, a RunPod API key",
    "sk-, abcdefghijklmnopqrstuvwx, an API key",
    "sk-proj-, abcdefghijklmnopqrstuvwx, an API key",
    "xoxb-, 123456789012-abcdef, a Slack token",
    "AIza, SyA0123456789012345678901234567890a, a Google API key",
    "-----BEGIN RSA PRIVATE, ' KEY-----', a private key",
    "postgres://user:, hunter2@db.example.com/ml, a password in an address"
  })
  void knowsTheFormsOfVendors(String start, String rest, String what) {
    assertThat(SecretForms.of("x='" + start + rest + "'")).contains(what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "task-definition-for-everything-there-is",
        "sk-learn-model-bucket",
        "hf_model",
        "https://example.com:8080/path",
        "postgres://user:${PASSWORD}@db/ml",
        "postgres://user:{{resolve:secretsmanager:db}}@db/ml",
        "BEGIN PUBLIC KEY",
        "rpa_x"
      })
  void isNoFormOfASecret(String text) {
    assertThat(SecretForms.of(text)).isEmpty();
  }
}
