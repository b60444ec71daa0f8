package dev.mlinfra.template;

import java.util.Optional;

/**
 * A parameter of a stack.
 *
 * @param stack id of the stack
 * @param name its name
 * @param type such as {@code String} or {@code AWS::SSM::Parameter::Value<String>}
 * @param defaultValue its default; a {@link Value.Secret} with {@code NoEcho} unless it is empty
 * @param declaration everything that the template says of it
 */
public record Parameter(
    String stack, String name, String type, Optional<Value> defaultValue, Value declaration) {

  /** Whether its value is hidden from people; then no value of it is kept. */
  public boolean isSecret() {
    return declaration.entry("NoEcho").asBoolean().orElse(false);
  }

  /** Whether its value is a list in one text, separated by commas. */
  public boolean isList() {
    return type.equals("CommaDelimitedList") || type.startsWith("List<");
  }

  /** Whether the default is only the name under which the real value is kept. */
  public boolean isLookup() {
    return type.startsWith("AWS::SSM::Parameter::Value<");
  }
}
