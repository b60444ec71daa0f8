package dev.mlinfra.provider.runpod;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Network volumes: they grow, and are not made smaller by making another one. */
final class NetworkVolumeKind extends Kind {
  private static final List<String> MEMBERS = List.of("name", "size", "dataCenter", "type");

  NetworkVolumeKind() {
    super("NetworkVolume", "network volume", "/network-volumes", "networkVolumes");
  }

  @Override
  void check(Rules rules) {
    rules.notEmpty("name");
    rules.range("size", 10, 4096, " GB");
    rules.notEmpty("dataCenter");
    rules.oneOf("type", List.of("STANDARD", "HIGH_PERFORMANCE"));
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
    return changed(changes, wanted, List.of("name", "size"), Map.of());
  }

  @Override
  Optional<String> refusal(String id, List<Change> changes) {
    for (Change change : changes) {
      if (change.path().equals("size")
          && change.before() instanceof Double before
          && change.after() instanceof Double after
          && after < before) {
        return Optional.of(
            "network volume "
                + id
                + " has "
                + Values.show(before)
                + " GB and cannot shrink to "
                + Values.show(after)
                + " GB; set size to "
                + Values.show(before)
                + " or more, or make another volume and copy the data");
      }
    }
    return Optional.empty();
  }
}
