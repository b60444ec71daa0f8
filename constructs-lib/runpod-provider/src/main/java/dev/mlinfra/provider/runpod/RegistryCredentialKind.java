package dev.mlinfra.provider.runpod;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/** Credentials of registries: the API neither shows nor changes them. */
final class RegistryCredentialKind extends Kind {

  RegistryCredentialKind() {
    super("RegistryCredential", "registry credential", "/registries", "registries");
  }

  @Override
  void check(Rules rules) {
    rules.notEmpty("name");
    rules.notEmpty("username");
    rules.notEmpty("password");
  }

  @Override
  List<JsonObject> bodies(Map<String, Object> inputs, Owner owner) {
    return List.of(same(inputs, List.of("name", "username", "password")));
  }

  @Override
  Map<String, Object> inputForm(JsonObject live, Map<String, Object> known) {
    Map<String, Object> form = sameForm(live, List.of("name"));
    keep(form, known, List.of("username", "password"));
    return form;
  }

  @Override
  JsonObject patch(List<Change> changes, Map<String, Object> wanted, Owner owner) {
    return new JsonObject();
  }

  /** After an import nobody knows them; what the program says is believed. */
  @Override
  boolean isTakenOver(Change change) {
    return change.before() == null && !change.path().equals("name");
  }

  @Override
  boolean readable() {
    return false;
  }
}
