package dev.mlinfra.policy.internal;

import dev.mlinfra.core.SecretForms;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells secrets in clear from texts that only speak of secrets. */
public final class Secrets {
  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+");

  private static final Set<String> SECRETS =
      Set.of(
          "accesskey",
          "apikey",
          "credential",
          "credentials",
          "passphrase",
          "passwd",
          "password",
          "plaintext",
          "privatekey",
          "pwd",
          "secret",
          "secretkey",
          "token");

  /** Most keys are none: {@code partitionKey}, {@code publicKey}, {@code cacheKey}. */
  private static final Set<String> SECRET_KEYS =
      Set.of(
          "access", "account", "api", "auth", "master", "private", "secret", "shared", "signing");

  /** Before {@code token} these mean a piece of text or of a list: {@code EOS_TOKEN}. */
  private static final Set<String> PIECES =
      Set.of(
          "assistant",
          "audio",
          "begin",
          "bos",
          "cls",
          "end",
          "eos",
          "image",
          "mask",
          "max",
          "min",
          "next",
          "num",
          "pad",
          "page",
          "per",
          "sep",
          "special",
          "start",
          "stop",
          "system",
          "unk",
          "user",
          "video");

  /** Before {@code secret} these mean the name of an object that holds one. */
  private static final Set<String> OBJECTS = Set.of("existing", "image", "pull", "tls");

  /**
   * What can follow the word that matters. After any other word a name is about the secret and not
   * the secret itself: {@code SECRET_ARN}, {@code TOKEN_TTL_SECONDS}.
   */
  private static final Set<String> FILLING =
      Set.of(
          "b64",
          "base64",
          "data",
          "dev",
          "pem",
          "prod",
          "production",
          "staging",
          "string",
          "test",
          "text",
          "value");

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** Switches, numbers, masks, and what stands where a program wants a key nobody asks for. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?is)\\s*|true|false|none|null|yes|no|n/a|disabled|enabled|dummy|empty|not-needed|unused"
              + "|-?[0-9.]+|<.*>|\\*+|x+|\\[.*]"
              + "|.*(placeholder|replace[-_ ]?(me|this)|to[-_ ]be[-_ ](set|filled)).*");

  /** Texts that say where a secret stands. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?is)\\$.*|\\{\\{.*|.*\\{\\{resolve:.*|@Microsoft\\.KeyVault.*|arn:.*|projects/.*"
              + "|vault:.*|file:.*|[a-z][a-z0-9+.-]*://\\S*|[/.~][\\w./@{}$:~-]*");

  /** {@code Server=db;Database=ml}, without a password among the settings. */
  private static final Pattern OPEN_CONNECTION =
      Pattern.compile(
          "(?is)(?!.*(password|pwd|key|secret|token|signature)\\s*=)[\\w ]+=[^;]*(;[\\w ]+=[^;]*)+;?");

  /** The keys in the documents of AWS. */
  private static final Pattern EXAMPLE = Pattern.compile("A[KS]IA[A-Z0-9]{9}EXAMPLE");

  private Secrets() {}

  /** Whether a name such as {@code HF_TOKEN} or {@code adminPassword} is that of a secret. */
  public static boolean isName(String name) {
    List<String> words = words(name);
    while (!words.isEmpty()) {
      int last = words.size() - 1;
      String word = words.get(last);
      String before = last == 0 ? "" : words.get(last - 1);
      if (SECRETS.contains(word)) {
        return !(word.equals("token") && PIECES.contains(before))
            && !(word.equals("secret") && OBJECTS.contains(before));
      }
      boolean isKey = word.equals("key") && SECRET_KEYS.contains(before);
      boolean isConnection = word.equals("string") && before.equals("connection");
      if (isKey || isConnection) {
        return true;
      }
      if (!FILLING.contains(word) && !NUMBER.matcher(word).matches()) {
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

  /** What a text certainly is by its form, such as {@code a GitHub token}. */
  public static Optional<String> form(String text) {
    return SecretForms.of(
        text.contains("EXAMPLE") ? EXAMPLE.matcher(text).replaceAll("EXAMPLE") : text);
  }

  /** Whether a text under such a name is a secret, and not a place, a switch or a placeholder. */
  public static boolean isSecret(String text) {
    String stripped = text.strip();
    return form(text).isPresent()
        || !(PLACEHOLDER.matcher(stripped).matches()
            || REFERENCE.matcher(stripped).matches()
            || OPEN_CONNECTION.matcher(stripped).matches());
  }

  /**
   * Whether the value under such a name is kept as a secret. Empty for what can be no secret:
   * nothing, a number, a switch, a placeholder, and a text that only says where the secret stands.
   */
  public static Optional<Verdict> kept(Value value) {
    if (value instanceof Value.Secret) {
      return Optional.of(Verdict.COMPLIANT);
    }
    if (value.isSymbolic()) {
      return Optional.of(Verdict.UNDECIDED);
    }
    return value instanceof Value.Text text && isSecret(text.text())
        ? Optional.of(Verdict.VIOLATED)
        : Optional.empty();
  }
}
