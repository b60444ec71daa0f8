package dev.mlinfra.core;

import java.util.List;

/**
 * What programs must keep to themselves, by name; values are never in a file.
 *
 * @param names secrets of Secrets Manager to make
 * @param parameters {@code SecureString} parameters of Systems Manager that exist
 */
public record SecretSettings(List<String> names, List<String> parameters) {

  public SecretSettings {
    names = List.copyOf(names);
    parameters = List.copyOf(parameters);
  }
}
