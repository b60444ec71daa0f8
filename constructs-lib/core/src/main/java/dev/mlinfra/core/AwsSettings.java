package dev.mlinfra.core;

import java.util.List;
import java.util.Optional;

/**
 * What is deployed on AWS.
 *
 * @param account account number, 12 digits
 * @param region region, such as {@code us-east-1}
 * @param shared what exists once per account
 * @param github the repository whose workflows deploy; empty: none may
 * @param network how workloads are connected
 * @param data the bucket of datasets, models, results and checkpoints
 * @param prediction the prediction function
 * @param training the queue of training jobs; empty: none
 * @param tasks programs that run to their end
 * @param cluster the Kubernetes cluster; empty: none
 * @param secrets what programs must keep to themselves
 */
public record AwsSettings(
    String account,
    String region,
    SharedSettings shared,
    Optional<GitHubSettings> github,
    NetworkSettings network,
    DataSettings data,
    PredictionSettings prediction,
    Optional<TrainingSettings> training,
    List<TaskSettings> tasks,
    Optional<ClusterSettings> cluster,
    SecretSettings secrets) {

  public AwsSettings {
    tasks = List.copyOf(tasks);
  }

  /** Whether something needs a network of its own. */
  public boolean needsNetwork() {
    return training.isPresent() || cluster.isPresent() || !tasks.isEmpty();
  }
}
