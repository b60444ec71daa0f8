package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubSubjectTest {

  @Test
  void isTheClaimOfAnEnvironment() {
    assertThat(GitHubSubject.environment("acme/ml", "prod"))
        .hasToString("repo:acme/ml:environment:prod");
    assertThat(GitHubSubject.environment("acme/ml", "prod:eu west").text())
        .isEqualTo("repo:acme/ml:environment:prod%3Aeu west");
  }

  @Test
  void isTheClaimOfABranch() {
    assertThat(GitHubSubject.branch("acme/ml", "release/1.x").text())
        .isEqualTo("repo:acme/ml:ref:refs/heads/release/1.x");
  }

  @Test
  void isTheClaimOfPullRequests() {
    assertThat(GitHubSubject.pullRequest("acme/ml").text()).isEqualTo("repo:acme/ml:pull_request");
  }

  @Test
  void knowsPullRequests() {
    assertThat(GitHubSubject.pullRequest("acme/ml").isPullRequest()).isTrue();
    assertThat(
            GitHubSubject.exact("repository_id:456789:pull_request:workflow:deploy")
                .isPullRequest())
        .isTrue();
    assertThat(GitHubSubject.branch("acme/ml", "main").isPullRequest()).isFalse();
    assertThat(GitHubSubject.branch("acme/ml", "fix/pull_request").isPullRequest()).isFalse();
  }

  @Test
  void takesRepositoriesWithIds() {
    assertThat(GitHubSubject.branch("octo-org@123456/octo-repo@456789", "main").text())
        .isEqualTo("repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repo:acme/ml:ref:refs/tags/v1",
        "repo:acme/ml:environment:prod:job_workflow_ref:acme/flows/.github/workflows/x.yml@main",
        "repository_id:456789:environment:prod",
        "repository_owner_id:123456:repository_id:456789:ref:refs/heads/main",
        "repository:acme/ml:ref:refs/heads/main"
      })
  void takesExactText(String text) {
    assertThat(GitHubSubject.exact(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "repo:acme/*",
        "repo:acme/ml",
        "repo:acme/ml:",
        "repo:acme/ml:*",
        "repo:acme/ml:environment:",
        "repo:acme/ml:environment:pro?",
        "repo:acme/ml:environment:${aws:username}",
        "repo:acme@123456/ml:ref:refs/heads/main",
        "repository:acme/ml",
        "repository_id:456789",
        "repository_owner:acme:environment:prod",
        "environment:prod"
      })
  void refusesTextThatIsNotExact(String text) {
    refused(
        () -> GitHubSubject.exact(text),
        "subject: given '"
            + text
            + "'; allowed: one repository and something narrower, without * ? ${ or empty parts,"
            + " such as repo:owner/name:environment:prod;"
            + " fix: add a subject for each environment or branch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "acme", "acme/", "/ml", "acme/*", "acme/ml/x", "acme/m?", "a b/ml"})
  void refusesWhatIsNotARepository(String repository) {
    refused(
        () -> GitHubSubject.pullRequest(repository),
        "repository: given '"
            + repository
            + "'; allowed: owner/name, or owner@123456/name@456789 with the ids of both;"
            + " fix: name one repository; wildcards would let others in");
  }

  @Test
  void refusesAllAtOnce() {
    refused(
        () -> GitHubSubject.environment("acme/*", " "),
        "GitHubSubject has 2 problems",
        "repository: given 'acme/*'",
        "environment: given ' '; allowed: the name of one environment;"
            + " fix: add a subject for each environment; wildcards are not taken");
    refused(
        () -> GitHubSubject.branch("acme", "release/*"),
        "GitHubSubject has 2 problems",
        "repository: given 'acme'",
        "branch: given 'release/*'; allowed: the name of one branch");
  }

  private static void refused(ThrowingCallable call, String... expected) {
    assertThatThrownBy(call)
        .isInstanceOf(ValidationException.class)
        .hasMessageContainingAll(expected);
  }
}
