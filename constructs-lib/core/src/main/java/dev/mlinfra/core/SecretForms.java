package dev.mlinfra.core;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Knows secrets by the form that their vendors give them, whatever they are called. */
public final class SecretForms {
  private static final Map<String, Pattern> FORMS =
      new TreeMap<>(
          Map.of(
              "an AWS access key id",
              Pattern.compile("(?<![A-Z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Z0-9])"),
              "a private key",
              Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----"),
              "a GitHub token",
              Pattern.compile("(?<![A-Za-z0-9])(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\\w{22,})"),
              "a Hugging Face token",
              Pattern.compile("(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30,}"),
              "a RunPod API key",
              Pattern.compile("(?<![A-Za-z0-9])(rpa_[A-Za-z0-9]{20,}|runpod-api-[A-Za-z0-9]{20,})"),
              "an API key",
              Pattern.compile("(?<![A-Za-z0-9-])sk-(proj-|ant-)?[A-Za-z0-9]{20,}"),
              "a Slack token",
              Pattern.compile("(?<![A-Za-z0-9])xox[abprs]-[A-Za-z0-9-]{10,}"),
              "a Google API key",
              Pattern.compile("(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}"),
              "a password in an address",
              Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s:@]+:[^/\\s:@$<{*]+@")));

  /** A text without any of these has none of the forms; spares nine searches. */
  private static final Pattern PERHAPS =
      Pattern.compile(
          "A[KS]IA|PRIVATE KEY|gh[pousr]_|github_pat|hf_|rpa_|runpod-api|sk-|xox|AIza|://");

  private SecretForms() {}

  /**
   * What secret a text holds.
   *
   * @param text any text, such as a value of a file; the secret may stand anywhere in it
   * @return what it is, such as {@code a GitHub token}, the first by name of several; empty for a
   *     text without one of the known forms, which can still be a secret
   */
  public static Optional<String> of(String text) {
    if (!PERHAPS.matcher(text).find()) {
      return Optional.empty();
    }
    return FORMS.entrySet().stream()
        .filter(it -> it.getValue().matcher(text).find())
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
