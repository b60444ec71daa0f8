package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import org.junit.jupiter.api.Test;

class GitHubDiffRoleTest {
  private static final IGitHubOidcProvider PROVIDER =
      GitHubOidcProvider.fromExistingArn(
          "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com");

  private final TestStack stack = new TestStack();

  @Test
  void readsTheTemplatesOfTheProjectAndNothingElse() {
    GitHubDiffRole diff =
        new GitHubDiffRole(
            stack.scope(),
            "Diff",
            GitHubDiffRoleProps.builder()
                .provider(PROVIDER)
                .addSubjects(GitHubSubject.pullRequest("acme/ml"))
                .addStackPrefixes("ml-agent-")
                .build());

    assertThat(stack.statements())
        .isEqualTo(
            TestStack.json(
                """
                [{
                  "Sid": "Stacks",
                  "Effect": "Allow",
                  "Action": [
                    "cloudformation:DescribeStacks",
                    "cloudformation:GetTemplate",
                    "cloudformation:ListStackResources"
                  ],
                  "Resource":
                    "arn:aws:cloudformation:us-east-1:123456789012:stack/ml-agent-*/*"
                }]
                """));
    assertThat(stack.properties("AWS::IAM::Role").path("MaxSessionDuration").asInt())
        .isEqualTo(3600);
    assertThat(stack.types()).containsExactly("AWS::IAM::Policy", "AWS::IAM::Role");
    assertThat(diff.getRole()).isNotNull();
  }

  @Test
  void onlyPullRequestsTakeItOn() {
    readsTheTemplatesOfTheProjectAndNothingElse();

    assertThat(stack.trust())
        .isEqualTo(
            TestStack.json(
                """
                [{
                  "Effect": "Allow",
                  "Action": "sts:AssumeRoleWithWebIdentity",
                  "Principal": {
                    "Federated":
                      "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
                  },
                  "Condition": {
                    "StringEquals": {
                      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                      "token.actions.githubusercontent.com:sub": "repo:acme/ml:pull_request"
                    }
                  }
                }]
                """));
  }

  @Test
  void readsSeveralProjectsInSeveralRegions() {
    new GitHubDiffRole(
        stack.scope(),
        "Diff",
        GitHubDiffRoleProps.builder()
            .provider(PROVIDER)
            .addSubjects(GitHubSubject.pullRequest("acme/ml"))
            .addStackPrefixes("ml-agent-", "account-")
            .addRegions("eu-west-1", "us-west-2")
            .build());

    assertThat(TestStack.texts(stack.statements().at("/0/Resource")))
        .containsExactlyInAnyOrder(
            "arn:aws:cloudformation:eu-west-1:123456789012:stack/ml-agent-*/*",
            "arn:aws:cloudformation:us-west-2:123456789012:stack/ml-agent-*/*",
            "arn:aws:cloudformation:eu-west-1:123456789012:stack/account-*/*",
            "arn:aws:cloudformation:us-west-2:123456789012:stack/account-*/*");
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                new GitHubDiffRole(
                    stack.scope(),
                    "Diff",
                    GitHubDiffRoleProps.builder()
                        .provider(PROVIDER)
                        .addStackPrefixes("ml-agent", "*-")
                        .addRegions("moon")
                        .build()))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("GitHubDiffRole 'Test/Diff' has 4 problems")
        .hasMessageContainingAll(
            "subjects: none; allowed: at least one",
            "stackPrefixes: given 'ml-agent'; allowed: letters, digits and hyphens, first a letter,"
                + " last a hyphen; fix: write it as ml-agent-",
            "stackPrefixes: given '*-'",
            "regions: given 'moon'; allowed: regions such as us-east-1");
  }

  @Test
  void refusesToReadNothing() {
    assertThatThrownBy(
            () ->
                new GitHubDiffRole(
                    stack.scope(),
                    "Diff",
                    GitHubDiffRoleProps.builder()
                        .provider(PROVIDER)
                        .addSubjects(GitHubSubject.pullRequest("acme/ml"))
                        .build()))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "stackPrefixes: none; allowed: at least one, such as ml-agent-; fix: add one");
  }
}
