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
   * @param logGroup log group of the task; empty: its end is not shown
   * @param dataObject bucket and key of the one object that they may put; empty: none
   */
  public record ImagePipeline(
      String image,
      String cluster,
      String taskFamily,
      String taskRoleArn,
      String executionRoleArn,
      Optional<String> logGroup,
      Optional<String> dataObject) {

    /**
     * The SSM parameter that names the image in use.
     *
     * @param environment the environment, whose project is in the name
     * @return such as {@code /mlinfra/ml-agent/dev/images/training}
     */
    public String imageParameter(Environment environment) {
      return "/mlinfra/%s/%s/images/%s".formatted(environment.project(), environment.name(), image);
    }
  }
}
