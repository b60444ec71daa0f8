package dev.mlinfra.provider.runpod;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Which resource of which stack something at RunPod is.
 *
 * <p>RunPod has neither tags nor idempotency keys, and names need not be unique. So pods and
 * endpoints carry two environment variables, and everything else a suffix of its name, both made
 * from the URN.
 *
 * @param stack {@code project/stack}, with the configured owner before it
 * @param resource 8 letters that no other resource of the owner has
 * @param name the name of the resource in the program
 */
record Owner(String stack, String resource, String name) {
  static final String PREFIX = "MLINFRA_";
  static final String STACK_VARIABLE = "MLINFRA_OWNER";
  static final String RESOURCE_VARIABLE = "MLINFRA_RESOURCE";

  private static final int LETTERS = 8;

  /**
   * The owner of a URN.
   *
   * @param account who else uses the account with the same project and stack; empty for nobody
   */
  static Owner of(String account, String urn) {
    String[] parts = urn.split("::", 4);
    if (parts.length < 4) {
      throw new ProviderException("'" + urn + "' is no URN of a resource");
    }
    String stack = parts[1] + "/" + parts[0].replace("urn:pulumi:", "");
    String whole = account.isEmpty() ? stack : account + "/" + stack;
    return new Owner(whole, hash(account + " " + urn), parts[3]);
  }

  /** The name of a resource that was given none. */
  String autoName() {
    return name + "-" + resource;
  }

  /** The environment variables that mark a container. */
  Map<String, String> variables() {
    return Map.of(STACK_VARIABLE, stack, RESOURCE_VARIABLE, resource);
  }

  private static String hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, LETTERS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
