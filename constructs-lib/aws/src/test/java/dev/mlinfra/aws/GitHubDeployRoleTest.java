package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.iam.ManagedPolicy;

class GitHubDeployRoleTest {
  private static final String PROVIDER =
      "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

  private final TestStack stack = new TestStack();

  @Nested
  class ByDefault {
    private final GitHubDeployRole deploy = role(props -> props);

    @Test
    void onlyRunsOfItsSubjectTakeItOn() {
      assertThat(stack.trust())
          .isEqualTo(
              TestStack.json(
                  """
                  [{
                    "Effect": "Allow",
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Principal": {"Federated": "%s"},
                    "Condition": {
                      "StringEquals": {
                        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                        "token.actions.githubusercontent.com:sub":
                          "repo:acme/ml:environment:prod"
                      }
                    }
                  }]
                  """
                      .formatted(PROVIDER)));
    }

    @Test
    void takesOnTheRolesOfTheBootstrapAndNothingElse() {
      assertThat(stack.statements())
          .isEqualTo(
              TestStack.json(
                  """
                  [{
                    "Sid": "BootstrapRoles",
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Resource": [
                      "arn:aws:iam::123456789012:role/cdk-hnb659fds-deploy-role-123456789012-us-east-1",
                      "arn:aws:iam::123456789012:role/cdk-hnb659fds-file-publishing-role-123456789012-us-east-1",
                      "arn:aws:iam::123456789012:role/cdk-hnb659fds-image-publishing-role-123456789012-us-east-1",
                      "arn:aws:iam::123456789012:role/cdk-hnb659fds-lookup-role-123456789012-us-east-1"
                    ]
                  }]
                  """));
      assertThat(stack.properties("AWS::IAM::Role").has("ManagedPolicyArns")).isFalse();
    }

    @Test
    void lastsAnHourAndHasNoFixedName() {
      assertThat(stack.properties("AWS::IAM::Role").path("MaxSessionDuration").asInt())
          .isEqualTo(3600);
      assertThat(stack.properties("AWS::IAM::Role").has("RoleName")).isFalse();
      assertThat(stack.properties("AWS::IAM::Role").has("PermissionsBoundary")).isFalse();
      assertThat(stack.properties("AWS::IAM::Role").path("Path").asString()).isEqualTo("/");
      assertThat(stack.types()).containsExactly("AWS::IAM::Policy", "AWS::IAM::Role");
      assertThat(stack.warnings()).isEmpty();
      assertThat(deploy.getRole()).isNotNull();
    }
  }

  @Nested
  class Custom {

    @Test
    void deploysToAnotherAccountAndSeveralRegions() {
      role(
          props ->
              props
                  .qualifier("team1")
                  .account("210987654321")
                  .addRegions("eu-west-1", "us-west-2"));

      assertThat(TestStack.texts(stack.statements().at("/0/Resource")))
          .containsExactly(
              "arn:aws:iam::210987654321:role/cdk-team1-deploy-role-210987654321-eu-west-1",
              "arn:aws:iam::210987654321:role/cdk-team1-deploy-role-210987654321-us-west-2",
              "arn:aws:iam::210987654321:role/cdk-team1-file-publishing-role-210987654321-eu-west-1",
              "arn:aws:iam::210987654321:role/cdk-team1-file-publishing-role-210987654321-us-west-2",
              "arn:aws:iam::210987654321:role/cdk-team1-image-publishing-role-210987654321-eu-west-1",
              "arn:aws:iam::210987654321:role/cdk-team1-image-publishing-role-210987654321-us-west-2",
              "arn:aws:iam::210987654321:role/cdk-team1-lookup-role-210987654321-eu-west-1",
              "arn:aws:iam::210987654321:role/cdk-team1-lookup-role-210987654321-us-west-2");
    }

    @Test
    void takesSeveralSubjectsAndNoneTwice() {
      role(
          props ->
              props.addSubjects(
                  GitHubSubject.branch("acme/ml", "main"),
                  GitHubSubject.environment("acme/ml", "prod")));

      assertThat(
              TestStack.texts(
                  stack
                      .trust()
                      .path(0)
                      .path("Condition")
                      .path("StringEquals")
                      .path("token.actions.githubusercontent.com:sub")))
          .containsExactly("repo:acme/ml:environment:prod", "repo:acme/ml:ref:refs/heads/main");
    }

    @Test
    void takesNamePathAndBoundary() {
      role(
          props ->
              props
                  .roleName("ml-agent-deploy")
                  .rolePath("/ml/")
                  .permissionsBoundary(
                      ManagedPolicy.fromManagedPolicyName(stack.scope(), "Bounds", "bounds")));

      assertThat(stack.properties("AWS::IAM::Role").path("RoleName").asString())
          .isEqualTo("ml-agent-deploy");
      assertThat(stack.properties("AWS::IAM::Role").path("Path").asString()).isEqualTo("/ml/");
      assertThat(TestStack.show(stack.properties("AWS::IAM::Role").path("PermissionsBoundary")))
          .isEqualTo("arn:aws:iam::123456789012:policy/bounds");
    }

    @Test
    void trustsTheProviderOfTheStack() {
      GitHubOidcProvider provider = new GitHubOidcProvider(stack.scope(), "GitHub");
      role(props -> props.provider(provider));

      assertThat(stack.trust().at("/0/Principal/Federated").asString())
          .isEqualTo(stack.resources("AWS::IAM::OIDCProvider").keySet().iterator().next());
    }
  }

  @Nested
  class Refuses {

    @Test
    void pullRequests() {
      refused(
          props -> props.addSubjects(GitHubSubject.pullRequest("acme/ml")),
          "subjects: given 'repo:acme/ml:pull_request';"
              + " allowed: subjects of an environment, a branch or a tag;"
              + " fix: a pull request runs what nobody has reviewed: give it a GitHubDiffRole");
    }

    @Test
    void aRoleForNobody() {
      assertThatThrownBy(
              () ->
                  new GitHubDeployRole(
                      stack.scope(),
                      "Deploy",
                      GitHubDeployRoleProps.builder()
                          .provider(GitHubOidcProvider.fromExistingArn(PROVIDER))
                          .build()))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining(
              "subjects: none; allowed: at least one, such as"
                  + " GitHubSubject.environment(\"owner/name\", \"prod\"); fix: add one");
    }

    @Test
    void everythingThatIsWrongAtOnce() {
      refused(
          props ->
              props
                  .roleName("a b")
                  .rolePath("ml")
                  .qualifier("much-too-long")
                  .account("1234")
                  .addRegions("*"),
          "has 5 problems",
          "roleName: given 'a b'; allowed: 1 to 64 letters, digits and + = , . @ _ -",
          "rolePath: given 'ml'; allowed: / or a path between slashes, such as /ml/",
          "qualifier: given 'much-too-long'; allowed: 1 to 10 letters, digits, _ and -",
          "account: given '1234'; allowed: 12 digits",
          "regions: given '*'; allowed: regions such as us-east-1");
    }

    private void refused(UnaryOperator<GitHubDeployRoleProps.Builder> change, String... expected) {
      assertThatThrownBy(() -> role(change))
          .isInstanceOf(ValidationException.class)
          .hasMessageStartingWith("GitHubDeployRole 'Test/Deploy' has ")
          .hasMessageContainingAll(expected);
    }
  }

  private GitHubDeployRole role(UnaryOperator<GitHubDeployRoleProps.Builder> change) {
    return new GitHubDeployRole(
        stack.scope(),
        "Deploy",
        change
            .apply(
                GitHubDeployRoleProps.builder()
                    .provider(GitHubOidcProvider.fromExistingArn(PROVIDER))
                    .addSubjects(GitHubSubject.environment("acme/ml", "prod")))
            .build());
  }
}
