package dev.mlinfra.core;

import java.util.List;

/**
 * A Kubernetes cluster.
 *
 * @param version version of Kubernetes, such as {@code 1.36}
 * @param publicCidrs ranges from which its API can be reached; empty: from its network alone
 * @param admins ARNs of roles that may do everything in it
 * @param deletionProtection whether it can be deleted only after this was switched off
 * @param logRetentionDays days that logs are kept
 * @param nodegroups nodes for work
 * @param podRoles what pods may do with data
 */
public record ClusterSettings(
    String version,
    List<String> publicCidrs,
    List<String> admins,
    boolean deletionProtection,
    int logRetentionDays,
    List<Nodegroup> nodegroups,
    List<PodRole> podRoles) {

  public ClusterSettings {
    publicCidrs = List.copyOf(publicCidrs);
    admins = List.copyOf(admins);
    nodegroups = List.copyOf(nodegroups);
    podRoles = List.copyOf(podRoles);
  }

  /**
   * Nodes of one kind.
   *
   * @param name such as {@code training}
   * @param instanceTypes types with the same number of the same accelerator
   * @param min nodes that always run
   * @param max nodes that run at most
   * @param spot whether they are of the spot market
   * @param diskGb disk of a node, in GB
   * @param multiNode whether jobs run on several nodes that must be close to each other
   */
  public record Nodegroup(
      String name,
      List<String> instanceTypes,
      int min,
      int max,
      boolean spot,
      int diskGb,
      boolean multiNode) {

    public Nodegroup {
      instanceTypes = List.copyOf(instanceTypes);
    }
  }

  /**
   * A role of pods.
   *
   * @param namespace of the pods
   * @param serviceAccount of the pods
   * @param access what they may do with data
   */
  public record PodRole(String namespace, String serviceAccount, Access access) {}

  /** What pods may do with data. */
  public enum Access {
    /** Read datasets, read and write checkpoints, write models. */
    TRAINING,
    /** Read models, write results. */
    INFERENCE
  }
}
