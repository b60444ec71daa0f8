package dev.mlinfra.runpod.internal;

import com.pulumi.core.Output;
import dev.mlinfra.runpod.ContainerArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The environment variables of a container. */
public final class Environment {
  private static final String TAG = "TAG_";
  private static final String GUARD = "GUARD_";
  private static final List<String> OWN =
      List.of(
          "VOLUME_PATH",
          "DATASETS_PREFIX",
          "MODELS_PREFIX",
          "RESULTS_PREFIX",
          "CHECKPOINTS_PREFIX");

  private Environment() {}

  /** Whether a name is one of those that are set here. */
  static boolean isTaken(String name) {
    return name.startsWith(TAG) || name.startsWith(GUARD) || OWN.contains(name);
  }

  /**
   * All variables: folders, cost tags, the user's own, and references to secrets.
   *
   * @param volumePath where the volume is mounted
   * @param more further ones
   * @param moreSecrets names of secrets, by the variable that gets the value
   */
  public static Output<Map<String, String>> of(
      ContainerArgs args,
      String volumePath,
      Map<String, String> more,
      Map<String, Output<String>> moreSecrets) {
    Map<String, String> known = new TreeMap<>(more);
    known.put("VOLUME_PATH", volumePath);
    known.put("DATASETS_PREFIX", args.getPrefixes().datasets());
    known.put("MODELS_PREFIX", args.getPrefixes().models());
    known.put("RESULTS_PREFIX", args.getPrefixes().results());
    known.put("CHECKPOINTS_PREFIX", args.getPrefixes().checkpoints());
    args.getCostTags().ifPresent(tags -> known.putAll(tags.toVariables()));
    List<Output<Map.Entry<String, String>>> outputs = new ArrayList<>();
    args.getVariables()
        .forEach((name, value) -> outputs.add(value.applyValue(it -> Map.entry(name, it))));
    Map<String, Output<String>> secrets = new TreeMap<>(args.getSecrets());
    secrets.putAll(moreSecrets);
    secrets.forEach(
        (name, secret) -> outputs.add(secret.applyValue(it -> Map.entry(name, reference(it)))));
    if (outputs.isEmpty()) {
      return Output.of(known);
    }
    return Output.all(outputs)
        .applyValue(
            entries -> {
              Map<String, String> all = new TreeMap<>(known);
              entries.forEach(entry -> all.put(entry.getKey(), entry.getValue()));
              return all;
            });
  }

  /** The name of a resource: project and environment in front where there are cost tags. */
  public static String name(ContainerArgs args, String name) {
    return args.getCostTags()
        .map(tags -> tags.project() + "-" + tags.environment() + "-" + name)
        .orElse(name);
  }

  private static String reference(String secret) {
    return "{{ RUNPOD_SECRET_" + secret + " }}";
  }
}
