package dev.mlinfra.core;

import java.util.Optional;

/**
 * The repository whose workflows deploy an environment.
 *
 * @param repository owner and name, such as {@code octocat/models}
 * @param deployBranch branch whose workflows may deploy; empty: jobs of the GitHub environment that
 *     has the environment's name
 * @param oidcProviderArn the account's OIDC provider for GitHub; empty: it is made
 * @param imagePipeline what may build and run an image; empty: nothing
 */
public record GitHubSettings(
    String repository,
    Optional<String> deployBranch,
    Optional<String> oidcProviderArn,
    Optional<ImagePipeline> imagePipeline) {

  /**
   * Workflows that build the image of one task and run it.
   *
   * @param image which of {@link SharedSettings#images} they push
   * @param cluster name of the ECS cluster that runs the task
   * @param taskFamily family of the task definition
   * @param taskRoleArn role of the task
   * @param executionRoleArn role that starts the task
   */
  public record ImagePipeline(
      String image,
      String cluster,
      String taskFamily,
      String taskRoleArn,
      String executionRoleArn) {}
}
