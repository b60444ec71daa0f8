package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * One volume of a pod.
 *
 * @param at its path in the resource
 * @param body the volume; a symbol when the volumes are known only when deployed
 */
record Volume(String at, Value body) {

  static List<Volume> of(Pod pod) {
    Value volumes = pod.property("volumes");
    if (volumes.isSymbolic()) {
      return List.of(new Volume(pod.at("volumes"), volumes));
    }
    List<Volume> found = new ArrayList<>();
    for (Value body : volumes.asList()) {
      found.add(new Volume(pod.at("volumes[" + found.size() + "]"), body));
    }
    return found;
  }
}
