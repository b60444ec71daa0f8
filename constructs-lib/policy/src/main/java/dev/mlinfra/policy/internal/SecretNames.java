package dev.mlinfra.policy.internal;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What names say of their values: which of them are secrets, and whether one stands in clear. */
public final class SecretNames {
  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+");

  private static final Set<String> SECRETS =
      Set.of(
          "apikey",
          "credential",
          "credentials",
          "passphrase",
          "passwd",
          "password",
          "plaintext",
          "pwd",
          "secret",
          "token");

  /** Most keys are none: {@code partitionKey}, {@code publicKey}, {@code cacheKey}. */
  private static final Set<String> SECRET_KEYS =
      Set.of(
          "access", "account", "api", "auth", "master", "private", "secret", "shared", "signing");

  /** What a language model calls a token, and names of objects that hold a secret. */
  private static final Set<String> HARMLESS_BEFORE =
      Set.of(
          "assistant",
          "audio",
          "bos",
          "cls",
          "end",
          "eos",
          "existing",
          "image",
          "mask",
          "max",
          "next",
          "pad",
          "page",
          "pull",
          "sep",
          "special",
          "start",
          "stop",
          "system",
          "tls",
          "unk",
          "user",
          "video");

  /** What can follow the word that matters. */
  private static final Set<String> FILLING =
      Set.of("base64", "b64", "data", "pem", "string", "text", "value");

  /** What stands where a program wants a key that the server never asks for. */
  private static final Set<String> PLACEHOLDERS =
      Set.of("dummy", "empty", "false", "n/a", "none", "not-needed", "null", "true", "unused");

  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?i)(\\$\\(|\\$\\{|\\{\\{|@Microsoft\\.KeyVault|arn:|projects/|[a-z][a-z0-9+]*://[^@]*$"
              + "|vault:|file:|/(etc|home|mnt|opt|run|secrets?|var|vault)/).*");

  private SecretNames() {}

  /** Whether a name such as {@code HF_TOKEN} or {@code adminPassword} is that of a secret. */
  public static boolean isSecret(String name) {
    List<String> words = words(name);
    while (!words.isEmpty()) {
      int last = words.size() - 1;
      String before = last == 0 ? "" : words.get(last - 1);
      if (SECRETS.contains(words.get(last))) {
        return !HARMLESS_BEFORE.contains(before);
      }
      boolean isKey = words.get(last).equals("key") && SECRET_KEYS.contains(before);
      boolean isAddress = words.get(last).equals("string") && before.equals("connection");
      if (isKey || isAddress) {
        return true;
      }
      if (!FILLING.contains(words.get(last))) {
        return false;
      }
      words.remove(last);
    }
    return false;
  }

  private static List<String> words(String name) {
    List<String> words = new ArrayList<>();
    for (String word : BETWEEN_WORDS.split(name, -1)) {
      if (!word.isEmpty()) {
        words.add(word.toLowerCase(Locale.ROOT));
      }
    }
    return words;
  }

  /**
   * Whether the value of a secret is kept as one. Empty for what can be no secret: nothing, a
   * number, a switch, a placeholder, and a text that only says where the secret stands.
   */
  public static Optional<Verdict> kept(Value value) {
    if (value instanceof Value.Secret) {
      return Optional.of(Verdict.COMPLIANT);
    }
    if (value.isSymbolic()) {
      return Optional.of(Verdict.UNDECIDED);
    }
    if (!(value instanceof Value.Text text) || text.text().isBlank()) {
      return Optional.empty();
    }
    boolean harmless =
        PLACEHOLDERS.contains(text.text().toLowerCase(Locale.ROOT))
            || REFERENCE.matcher(text.text()).matches();
    return harmless ? Optional.empty() : Optional.of(Verdict.VIOLATED);
  }
}
