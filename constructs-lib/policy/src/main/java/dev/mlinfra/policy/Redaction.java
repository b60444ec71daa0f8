package dev.mlinfra.policy;

import dev.mlinfra.policy.internal.Secrets;

/** Hides secrets in clear where people are shown what templates hold. */
public final class Redaction {
  /** What is shown instead. */
  public static final String SECRET = "[secret]";

  private Redaction() {}

  /**
   * The text, or {@value #SECRET}.
   *
   * @param name name of what holds the text, such as {@code MasterUserPassword}; may be empty
   * @param text any text; it is hidden when it has the form of a secret, or when the name says that
   *     it is one
   */
  public static String of(String name, String text) {
    boolean secret =
        Secrets.form(text).isPresent() || (Secrets.isName(name) && Secrets.isSecret(text));
    return secret ? SECRET : text;
  }
}
