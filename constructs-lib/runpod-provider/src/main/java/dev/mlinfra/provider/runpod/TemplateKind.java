package dev.mlinfra.provider.runpod;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Templates; every change is made in place. */
final class TemplateKind extends Kind {
  private static final List<String> MEMBERS = new ArrayList<>(CONTAINER);

  static {
    MEMBERS.addAll(
        List.of(
            "name",
            "mounts",
            "category",
            "public",
            "serverless",
            "startSsh",
            "startJupyter",
            "allowedCudaVersions"));
  }

  TemplateKind() {
    super("Template", "template", "/templates", "templates");
  }

  @Override
  void check(Rules rules) {
    rules.container();
    rules.atLeast("mounts.persistent.size", 10);
    rules.notEmpty("mounts.persistent.path");
    rules.oneOf("category", List.of("NVIDIA", "AMD", "CPU"));
    rules.cuda("");
  }

  @Override
  List<JsonObject> bodies(Map<String, Object> inputs, Owner owner) {
    return List.of(same(inputs, MEMBERS));
  }

  @Override
  Map<String, Object> inputForm(JsonObject live, Map<String, Object> known) {
    return sameForm(live, MEMBERS);
  }

  @Override
  JsonObject patch(List<Change> changes, Map<String, Object> wanted, Owner owner) {
    Map<String, JsonElement> resets = new HashMap<>(containerResets());
    resets.put("allowedCudaVersions", new JsonArray());
    return changed(changes, wanted, MEMBERS, resets);
  }

  /** The API cannot take a mount away. */
  @Override
  boolean replaces(Change change, Map<String, Object> state) {
    return change.within("mounts") && change.after() == null;
  }
}
