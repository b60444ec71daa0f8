package dev.mlinfra.provider.runpod;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Secrets of the account. */
final class SecretKind extends Kind {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.\\-/]{0,190}");
  private static final int MOST_BYTES = 16 * 1024 * 1024;
  private static final int MOST_DESCRIPTION = 65_535;

  SecretKind() {
    super("Secret", "secret", "/account/secrets", "secrets");
  }

  @Override
  void check(Rules rules) {
    rules
        .value("name")
        .map(Object::toString)
        .filter(
            name ->
                !NAME.matcher(name).matches() || name.toUpperCase(Locale.ROOT).startsWith("RUNPOD"))
        .ifPresent(
            name ->
                rules.fail(
                    "name",
                    "is \""
                        + name
                        + "\"; it must begin with a letter or _, go on with letters, digits and _ . - /, have at"
                        + " most 191 of them, and not begin with RUNPOD"));
    rules.notEmpty("value");
    rules
        .value("value")
        .filter(value -> bytes(value) >= MOST_BYTES)
        .ifPresent(
            value ->
                rules.fail(
                    "value",
                    "has " + bytes(value) + " bytes; it must have fewer than " + MOST_BYTES));
    rules
        .value("description")
        .filter(value -> bytes(value) > MOST_DESCRIPTION)
        .ifPresent(
            value ->
                rules.fail(
                    "description",
                    "has " + bytes(value) + " bytes; it may have " + MOST_DESCRIPTION));
  }

  @Override
  List<JsonObject> bodies(Map<String, Object> inputs, Owner owner) {
    return List.of(same(inputs, List.of("name", "value", "description")));
  }

  @Override
  Map<String, Object> inputForm(JsonObject live, Map<String, Object> known) {
    Map<String, Object> form = sameForm(live, List.of("name", "description"));
    keep(form, known, List.of("value"));
    return form;
  }

  @Override
  Map<String, Object> computed(JsonObject live) {
    return Map.of("reference", reference(text(live, "name")));
  }

  @Override
  Map<String, Object> foreseen(Map<String, Object> inputs) {
    return inputs.get("name") instanceof String name
        ? Map.of("reference", reference(name))
        : Map.of();
  }

  @Override
  JsonObject patch(List<Change> changes, Map<String, Object> wanted, Owner owner) {
    return changed(
        changes,
        wanted,
        List.of("value", "description"),
        Map.of("description", new JsonPrimitive("")));
  }

  @Override
  boolean readable() {
    return false;
  }

  private static String reference(String name) {
    return "{{ RUNPOD_SECRET_" + name + " }}";
  }

  private static int bytes(Object text) {
    return text.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
