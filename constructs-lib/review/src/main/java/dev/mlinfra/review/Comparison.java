package dev.mlinfra.review;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.util.List;

/**
 * What differs between two models, resource by resource.
 *
 * <p>What moves although nothing changed is no difference: hashes of assets, ids that end in a hash
 * of what they hold, what the CDK adds by itself, the order of what has names.
 *
 * @param changes what changes, in the order of the head; what goes comes last
 * @param code resources of which only the hashes of assets differ: their code or files changed
 * @param assets how many assets are new or have another content
 */
public record Comparison(List<ResourceChange> changes, List<Resource> code, int assets) {

  public Comparison {
    changes = List.copyOf(changes);
    code = List.copyOf(code);
  }

  /** Compares what is, or was, with what is to be. */
  public static Comparison of(Model base, Model head) {
    return Sides.of(base, head).comparison();
  }

  /** Whether nothing differs but hashes of assets. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }
}
