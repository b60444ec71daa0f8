package dev.mlinfra.local.runpod;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Secrets of the account: unique names, values that are never shown. */
final class Secrets extends Resources {
  private final Account account;
  private final Map<String, String> values = new LinkedHashMap<>();

  Secrets(Account account) {
    super("secret", "secrets");
    this.account = account;
  }

  @Override
  String create(ObjectNode body) {
    String name = body.get("name").stringValue();
    if (name.toUpperCase(Locale.ROOT).startsWith("RUNPOD")) {
      throw Refusal.badRequest("secret names must not begin with RUNPOD");
    }
    if (stored.values().stream().anyMatch(one -> one.get("name").stringValue().equals(name))) {
      throw Refusal.of(409, "a secret named " + name + " exists already");
    }
    String id = account.newId();
    ObjectNode secret = JSON.createObjectNode().put("id", id).put("name", name);
    secret.set("description", or(body, "description", JSON::nullNode));
    stored.put(id, secret);
    values.put(id, body.get("value").stringValue());
    return id;
  }

  @Override
  void update(String id, ObjectNode body) {
    merge(require(id), body, List.of("description"));
    if (body.has("value")) {
      values.put(id, body.get("value").stringValue());
    }
  }

  @Override
  void delete(String id) {
    super.delete(id);
    values.remove(id);
  }

  String value(String id) {
    return values.get(id);
  }

  /** The value that a container gets; RunPod leaves the text when there is no such secret. */
  String valueOf(String name) {
    return stored.values().stream()
        .filter(one -> one.get("name").stringValue().equals(name))
        .map(one -> values.get(one.get("id").stringValue()))
        .findFirst()
        .orElse("{{ RUNPOD_SECRET_" + name + " }}");
  }
}
