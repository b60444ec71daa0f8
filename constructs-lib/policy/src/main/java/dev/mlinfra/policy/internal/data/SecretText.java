package dev.mlinfra.policy.internal.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Tells secrets in clear from texts that only speak of secrets. */
final class SecretText {
  /** What vendors' keys look like; in the order in which they are named. */
  private static final Map<String, Pattern> FORMS =
      new TreeMap<>(
          Map.of(
              "an AWS access key id",
              Pattern.compile("(?<![A-Z0-9])A[KS]IA(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}(?![A-Z0-9])"),
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

  private static final Set<String> SECRET_WORDS =
      Set.of(
          "password",
          "passwd",
          "pwd",
          "passphrase",
          "secret",
          "token",
          "credential",
          "credentials",
          "apikey",
          "accesskey",
          "privatekey",
          "secretkey");

  private static final Set<String> KEYS = Set.of("api", "access", "private", "secret");

  /** After these a name is about the secret and not the secret itself: {@code SECRET_ARN}. */
  private static final Set<String> ABOUT =
      Set.of(
          "algorithm",
          "arn",
          "audience",
          "bucket",
          "count",
          "cache",
          "enabled",
          "endpoint",
          "expiration",
          "expiry",
          "field",
          "file",
          "format",
          "header",
          "host",
          "id",
          "ids",
          "issuer",
          "length",
          "limit",
          "location",
          "manager",
          "mode",
          "name",
          "names",
          "param",
          "parameter",
          "path",
          "policy",
          "prefix",
          "provider",
          "ref",
          "region",
          "required",
          "rotation",
          "secs",
          "seconds",
          "service",
          "size",
          "source",
          "stage",
          "store",
          "suffix",
          "timeout",
          "ttl",
          "type",
          "uri",
          "url",
          "validity",
          "version");

  /** Before {@code token} these mean a piece of text: {@code EOS_TOKEN}. */
  private static final Set<String> PIECES_OF_TEXT =
      Set.of(
          "begin", "bos", "cls", "end", "eos", "mask", "max", "min", "next", "num", "pad", "per",
          "sep", "special", "start", "stop", "unk");

  private static final Pattern WORD_BORDER =
      Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private static final Pattern HARMLESS =
      Pattern.compile(
          "\\s*|(?i:true|false|none|null|yes|no|disabled|enabled)|-?[0-9.]+|arn:.*|https?://\\S*"
              + "|[/.~].*|s3://.*|<.*>|\\$.*|\\*+|x+|\\[.*\\]",
          Pattern.DOTALL);

  private static final Pattern PLACEHOLDER =
      Pattern.compile("(?i)placeholder|replace[-_ ]?(me|this)|to[-_ ]be[-_ ](set|filled)");

  private static final String DYNAMIC = "{{resolve:";

  private SecretText() {}

  /** Whether a name says that a secret stands there. */
  static boolean isSecretName(String name) {
    List<String> words = new ArrayList<>();
    for (String word : WORD_BORDER.split(name, -1)) {
      if (!word.isEmpty()) {
        words.add(word.toLowerCase(Locale.ROOT));
      }
    }
    if (words.isEmpty() || ABOUT.contains(words.get(words.size() - 1))) {
      return false;
    }
    for (int i = 0; i < words.size(); i++) {
      String before = i == 0 ? "" : words.get(i - 1);
      String word = words.get(i);
      boolean isPiece = word.equals("token") && PIECES_OF_TEXT.contains(before);
      if ((SECRET_WORDS.contains(word) && !isPiece)
          || (word.equals("key") && KEYS.contains(before))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text under such a name is a secret, and not a place, a switch or a placeholder. */
  static boolean isSecretValue(String text) {
    return !HARMLESS.matcher(text.strip()).matches()
        && !PLACEHOLDER.matcher(text).find()
        && !text.contains(DYNAMIC);
  }

  /** What a text certainly is by its form, such as {@code a GitHub token}. */
  static Optional<String> form(String text) {
    if (!PERHAPS.matcher(text).find()) {
      return Optional.empty();
    }
    return FORMS.entrySet().stream()
        .filter(it -> it.getValue().matcher(text).find())
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
