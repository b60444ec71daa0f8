package dev.mlinfra.policy.internal.kubernetes;

import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;

/**
 * One object of Kubernetes.
 *
 * @param resource the resource that makes it
 * @param at its path in the resource: empty, or an item of a list such as {@code items[0]}
 * @param kind group and kind without the version, such as {@code apps/Deployment}; {@code core} is
 *     the group without a name
 * @param isPatch whether only what it holds is known, and the rest stands elsewhere
 * @param body the object: {@code metadata}, {@code spec} …
 */
record KubernetesObject(Resource resource, String at, String kind, boolean isPatch, Value body) {

  /** The path of something inside, in the resource. */
  String at(String path) {
    return at.isEmpty() ? path : at + "." + path;
  }
}
