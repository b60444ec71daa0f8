package dev.mlinfra.local.runpod;

import tools.jackson.databind.node.ObjectNode;

/** Credentials of container registries: written once, never shown. */
final class Registries extends Resources {
  private final Account account;

  Registries(Account account) {
    super("registry", "registries");
    this.account = account;
  }

  @Override
  String create(ObjectNode body) {
    String id = account.newId();
    stored.put(
        id, JSON.createObjectNode().put("id", id).put("name", body.get("name").stringValue()));
    return id;
  }

  @Override
  void update(String id, ObjectNode body) {
    throw new IllegalStateException("REST v2 has no update of registries");
  }

  @Override
  void beforeDelete(String id) {
    if (account.pods.pullsWith(id)) {
      throw Refusal.badRequest("registry " + id + " is in use by a pod and cannot be deleted");
    }
    account.templates.forgetRegistry(id);
  }
}
