package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.GitHubRules;
import dev.mlinfra.core.ValidationException;
import java.util.List;

/**
 * Which runs of a workflow may take on a role: the exact {@code sub} claim of their tokens.
 *
 * <p>A repository is given as {@code owner/name}, or as {@code owner@123456/name@456789} with the
 * ids of both. GitHub puts the ids into the tokens of repositories that were made, renamed or
 * transferred after July 15, 2026, or that opted in; the two forms do not match each other. Case
 * counts.
 *
 * @param text the claim, such as {@code repo:acme/ml:environment:prod}
 */
public record GitHubSubject(String text) {

  /**
   * The subject with this text; {@link #exact} says what is allowed.
   *
   * @throws ValidationException when the text is not exact
   */
  public GitHubSubject {
    ValidationException.throwIfAny("GitHubSubject", GitHubRules.subject(text));
  }

  /**
   * Jobs that name an environment of the repository. GitHub's protection rules of the environment
   * (reviewers, branches) then say who may use the role; a job that names an environment has this
   * subject in whatever event it runs.
   *
   * @param repository {@code owner/name} or {@code owner@123456/name@456789}
   * @param name name of the environment, such as {@code prod}
   * @throws ValidationException when one of them is empty or has a wildcard
   */
  public static GitHubSubject environment(String repository, String name) {
    ValidationException.throwIfAny(
        "GitHubSubject", GitHubRules.parts(repository, "environment", name));
    // GitHub escapes colons, as they part the claim.
    return new GitHubSubject("repo:" + repository + ":environment:" + name.replace(":", "%3A"));
  }

  /**
   * Jobs on a branch that name no environment and were not started by a pull request.
   *
   * @param repository {@code owner/name} or {@code owner@123456/name@456789}
   * @param branch name of the branch, such as {@code main}
   * @throws ValidationException when one of them is empty or has a wildcard
   */
  public static GitHubSubject branch(String repository, String branch) {
    ValidationException.throwIfAny(
        "GitHubSubject", GitHubRules.parts(repository, "branch", branch));
    return new GitHubSubject("repo:" + repository + ":ref:refs/heads/" + branch);
  }

  /**
   * Jobs of pull requests that name no environment. Whoever can open a pull request from within the
   * repository decides what runs, so this is for roles that read alone.
   *
   * @param repository {@code owner/name} or {@code owner@123456/name@456789}
   * @throws ValidationException when it is empty or has a wildcard
   */
  public static GitHubSubject pullRequest(String repository) {
    ValidationException.throwIfAny("GitHubSubject", GitHubRules.repository(repository));
    return new GitHubSubject("repo:" + repository + ":pull_request");
  }

  /**
   * A subject written out, for tags and for repositories that choose the claims of their subjects.
   *
   * @param text the whole claim. It names one repository ({@code repo:owner/name}, {@code
   *     repository:owner/name} or {@code repository_id:456789}) and something narrower, and has no
   *     wildcard.
   * @throws ValidationException when it is not so
   */
  public static GitHubSubject exact(String text) {
    return new GitHubSubject(text);
  }

  /** Whether it lets in runs that a pull request started. */
  public boolean isPullRequest() {
    return List.of(text.split(":", -1)).contains("pull_request");
  }

  @Override
  public String toString() {
    return text;
  }
}
