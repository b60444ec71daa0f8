package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubOidcProviderTest {
  private static final String ARN =
      "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

  @Test
  void isOneResourceOfCloudFormation() {
    TestStack stack = new TestStack();
    GitHubOidcProvider provider = new GitHubOidcProvider(stack.scope(), "GitHub");

    assertThat(stack.types()).containsExactly("AWS::IAM::OIDCProvider");
    assertThat(stack.properties("AWS::IAM::OIDCProvider"))
        .isEqualTo(
            TestStack.json(
                """
                {
                  "ClientIdList": ["sts.amazonaws.com"],
                  "Url": "https://token.actions.githubusercontent.com"
                }
                """));
    assertThat(provider.getProvider()).isNotNull();
    assertThat(provider.getProviderArn()).isNotEmpty();
  }

  @Test
  void isFoundByItsArn() {
    assertThat(GitHubOidcProvider.fromExistingArn(ARN).getProviderArn()).isEqualTo(ARN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "arn:aws:iam::123456789012:oidc-provider/example.com",
        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com/acme",
        "arn:aws:iam::1234:oidc-provider/token.actions.githubusercontent.com",
        "token.actions.githubusercontent.com"
      })
  void refusesOtherArns(String arn) {
    assertThatThrownBy(() -> GitHubOidcProvider.fromExistingArn(arn))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("arn: given '" + arn + "'; allowed: " + ARN)
        .hasMessageContaining("fix: take it from: aws iam list-open-id-connect-providers");
  }
}
