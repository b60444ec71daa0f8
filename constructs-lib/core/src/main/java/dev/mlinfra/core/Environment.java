package dev.mlinfra.core;

import java.util.Map;
import java.util.Optional;

/**
 * One environment: the only description that synthesis, prices, checks and reports read.
 *
 * <p>Everything that the file leaves out is filled from {@link Defaults}; an absent target is an
 * empty {@code Optional} and deploys nothing.
 *
 * @param name name, such as {@code dev}
 * @param project project that it belongs to
 * @param owner team or person who answers for it
 * @param costCenter who pays
 * @param pattern how predictions are used
 * @param allowDataLoss second of the two keys that let a deployment delete data
 * @param organization what the organisation demands
 * @param budget what may be spent
 * @param usage what a month looks like
 * @param outputs values by target and name that win over what deployed stacks gave out
 * @param aws what is deployed on AWS
 * @param runpod what is deployed on RunPod
 */
public record Environment(
    String name,
    String project,
    String owner,
    String costCenter,
    Pattern pattern,
    boolean allowDataLoss,
    Organization organization,
    Budget budget,
    Usage usage,
    Map<Target, Map<String, String>> outputs,
    Optional<AwsSettings> aws,
    Optional<RunPodSettings> runpod) {

  public Environment {
    outputs = Map.copyOf(outputs);
  }

  /**
   * The name of a stack in the account, which several projects may share.
   *
   * @param stack such as {@code Data}
   * @return such as {@code ml-agent-dev-Data}
   */
  public String stackName(String stack) {
    return project + "-" + name + "-" + stack;
  }

  /**
   * The cost tags of one workload of this environment.
   *
   * @param workload what it is for, such as {@code prediction}
   */
  public CostTags costTags(String workload) {
    return new CostTags(project, name, owner, costCenter, workload, organization.extraTags());
  }
}
