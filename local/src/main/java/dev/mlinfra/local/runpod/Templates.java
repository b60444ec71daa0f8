package dev.mlinfra.local.runpod;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Templates: settings of containers, taken over by pods and endpoints when those are made. */
final class Templates extends Resources {
  private final Account account;

  Templates(Account account) {
    super("template", "templates");
    this.account = account;
  }

  @Override
  String create(ObjectNode body) {
    String id = account.newId();
    ObjectNode template = JSON.createObjectNode().put("id", id);
    template.set("name", body.get("name"));
    template.setAll(container(body, JSON.createObjectNode()));
    account.requireRegistry(body);
    template.set("mounts", or(body, "mounts", JSON::createObjectNode));
    JsonNodeFactory nodes = JSON.getNodeFactory();
    template.set("category", or(body, "category", () -> nodes.stringNode("NVIDIA")));
    template.set("public", or(body, "public", () -> nodes.booleanNode(false)));
    template.set("serverless", or(body, "serverless", () -> nodes.booleanNode(false)));
    template.set("startSsh", or(body, "startSsh", () -> nodes.booleanNode(true)));
    template.set("startJupyter", or(body, "startJupyter", () -> nodes.booleanNode(true)));
    template.set("allowedCudaVersions", or(body, "allowedCudaVersions", JSON::createArrayNode));
    stored.put(id, template);
    return id;
  }

  @Override
  void update(String id, ObjectNode body) {
    ObjectNode template = require(id);
    account.requireRegistry(body);
    merge(
        template,
        body,
        List.of(
            "name",
            "image",
            "args",
            "disk",
            "ports",
            "env",
            "registry",
            "category",
            "public",
            "serverless",
            "startSsh",
            "startJupyter",
            "allowedCudaVersions"));
    if (body.path("mounts").has("persistent")) {
      template.set("mounts", body.get("mounts"));
    }
  }

  @Override
  void beforeDelete(String id) {
    if (account.pods.madeFrom(id) || account.endpoints.madeFrom(id)) {
      throw Refusal.badRequest("template " + id + " is in use and cannot be deleted");
    }
  }

  /** Templates lose a registry without a word when it is deleted. */
  void forgetRegistry(String registry) {
    for (ObjectNode template : stored.values()) {
      if (template.get("registry").asString("").equals(registry)) {
        template.putNull("registry");
      }
    }
  }
}
