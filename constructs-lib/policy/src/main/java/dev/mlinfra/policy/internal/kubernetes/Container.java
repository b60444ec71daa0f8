package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.template.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One container of a pod.
 *
 * @param at its path in the resource
 * @param isEphemeral whether it is added to a running pod, for a person who looks into it
 * @param body the container; a symbol when the containers are known only when deployed
 */
record Container(String at, boolean isEphemeral, Value body) {
  private static final Pattern ACCELERATOR =
      Pattern.compile(
          "(nvidia\\.com/(gpu|mig-).*|amd\\.com/gpu.*|gpu\\.intel\\.com/.*|habana\\.ai/.*"
              + "|aws\\.amazon\\.com/neuron.*|google\\.com/tpu)");

  Value property(String path) {
    return body.at(path);
  }

  /** The path of something inside, in the resource. */
  String at(String path) {
    return at + "." + path;
  }

  /** The accelerators that it asks for, such as {@code nvidia.com/gpu}. */
  Set<String> accelerators() {
    Set<String> found = new LinkedHashSet<>();
    for (String part : List.of("limits", "requests")) {
      for (Value amounts : property("resources." + part).alternatives()) {
        amounts
            .asMap()
            .forEach(
                (name, amount) -> {
                  boolean none = amount.asText().filter("0"::equals).isPresent();
                  if (!none && !Decide.isAbsent(amount) && ACCELERATOR.matcher(name).matches()) {
                    found.add(name);
                  }
                });
      }
    }
    return found;
  }
}
