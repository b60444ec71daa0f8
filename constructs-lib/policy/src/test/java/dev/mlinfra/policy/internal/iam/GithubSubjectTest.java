package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GithubSubjectTest {
  private static final String AT = " Role AssumeRolePolicyDocument.Statement[0].Condition";
  private static final String GITHUB = "token.actions.githubusercontent.com";
  private static final String AUD = "'" + GITHUB + ":aud': sts.amazonaws.com";
  private static final String WIDE =
      "VIOLATED" + AT + ": admits more subjects than one environment, branch or service account";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repo:acme/ml:environment:prod",
        "repo:acme@1/ml@2:environment:prod",
        "repo:acme/ml:ref:refs/heads/main",
        "repo:acme/ml:pull_request",
        "repository_id:456789:environment:prod"
      })
  void compliantWithTheWholeSubject(String subject) {
    assertThat(github("{StringEquals: {" + AUD + ", '" + GITHUB + ":sub': '" + subject + "'}}"))
        .containsExactly("COMPLIANT" + AT, "COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repo:acme/ml:environment:prod",
        "repo:acme/ml:environment:prod-*",
        "repo:acme/ml:ref:refs/heads/release/*",
        "repo:acme/ml:ref:refs/tags/v*"
      })
  void compliantWithTheStartOfOneNameInOneRepository(String subject) {
    assertThat(like(subject)).containsExactly("COMPLIANT" + AT, "COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "repo:*",
        "repo:acme/*",
        "repo:acme/*:environment:prod",
        "repo:acme/ml*",
        "repo:acme/ml:*",
        "repo:acme/m?:ref:refs/heads/main",
        "repo:acme/ml:environment:*",
        "repo:acme/ml:ref:*",
        "repo:acme/ml:ref:refs/heads/*"
      })
  void violatedByAWildcardThatAdmitsMore(String subject) {
    assertThat(like(subject)).containsExactly("COMPLIANT" + AT, WIDE);
  }

  @Test
  void violatedByOneOfSeveralSubjects() {
    assertThat(
            github(
                "{StringEquals: {"
                    + AUD
                    + "}, StringLike: {'"
                    + GITHUB
                    + ":sub': ['repo:acme/ml:environment:prod', 'repo:acme/*']}}"))
        .containsExactly("COMPLIANT" + AT, WIDE);
  }

  @Test
  void violatedWithoutSubjectOrAudience() {
    assertThat(github("{StringEquals: {" + AUD + "}}")).containsExactly("COMPLIANT" + AT, WIDE);
    assertThat(github("{StringEquals: {'" + GITHUB + ":sub': 'repo:acme/ml:environment:prod'}}"))
        .containsExactly("VIOLATED" + AT + ": admits tokens for any audience", "COMPLIANT" + AT);
    assertThat(github("{}")).hasSize(2).allMatch(line -> line.startsWith("VIOLATED"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "StringEqualsIfExists",
        "StringNotEquals",
        "ForAllValues:StringEquals",
      })
  void violatedByAnOperatorThatPassesOthers(String operator) {
    assertThat(
            github(
                "{StringEquals: {"
                    + AUD
                    + "}, '"
                    + operator
                    + "': {'"
                    + GITHUB
                    + ":sub': 'repo:acme/ml:environment:prod'}}"))
        .containsExactly("COMPLIANT" + AT, WIDE);
  }

  @Test
  void violatedByEveryPodOfACluster() {
    String provider =
        "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/A";
    assertThat(
            trust(
                provider,
                "{StringEquals: {'oidc.eks.us-east-1.amazonaws.com/id/A:aud': sts.amazonaws.com}}"))
        .containsExactly(WIDE);
    assertThat(
            trust(
                provider,
                "{StringLike: {'oidc.eks.us-east-1.amazonaws.com/id/A:sub':"
                    + " 'system:serviceaccount:*:train'}}"))
        .containsExactly(WIDE);
    assertThat(
            trust(
                provider,
                "{StringEquals: {'oidc.eks.us-east-1.amazonaws.com/id/A:sub':"
                    + " 'system:serviceaccount:ml:train'}}"))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedWhenTheProviderIsOfTheModel() {
    assertThat(trust("!Ref Provider", "{}")).hasSize(2);
    assertThat(trust("!Ref Cluster", "{}")).containsExactly(WIDE);
  }

  @Test
  void violatedByAnAudienceWithAWildcard() {
    String subject = "'" + GITHUB + ":sub': 'repo:acme/ml:environment:prod'";
    assertThat(
            github(
                "{StringLike: {'" + GITHUB + ":aud': 'sts.*'}, StringEquals: {" + subject + "}}"))
        .containsExactly("VIOLATED" + AT + ": admits tokens for any audience", "COMPLIANT" + AT);
    assertThat(github("{StringLike: {" + AUD + "}, StringEquals: {" + subject + "}}"))
        .containsExactly("COMPLIANT" + AT, "COMPLIANT" + AT);
    assertThat(
            github(
                "{StringEquals: {'" + GITHUB + ":aud': 'sts.*'}, StringLike: {" + subject + "}}"))
        .containsExactly("COMPLIANT" + AT, "COMPLIANT" + AT);
  }

  @Test
  void notApplicableToAProviderOfSomethingElse() {
    assertThat(trust("!Ref Other", "{}")).isEmpty();
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    assertThat(like("repo:${Repository}:environment:prod", "!Sub "))
        .containsExactly(
            "COMPLIANT" + AT,
            "UNDECIDED" + AT + ": only the deployment knows which subject is admitted");
    assertThat(trust("!Ref Cluster", "{StringEquals: !GetAtt Custom.Value}"))
        .containsExactly(
            "UNDECIDED" + AT + ": only the deployment knows which subject is admitted");
  }

  @Test
  void notApplicableToOtherTrust() {
    assertThat(trust("cognito-identity.amazonaws.com", "{}")).isEmpty();
    assertThat(
            Checks.of(
                new GithubSubject(),
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      AssumeRolePolicyDocument:",
                "        Statement: {Effect: Allow, Principal: {AWS: '123456789012'}}"))
        .isEmpty();
  }

  private static List<String> like(String subject) {
    return like(subject, "");
  }

  private static List<String> like(String subject, String tag) {
    return github(
        "{StringEquals: {"
            + AUD
            + "}, StringLike: {'"
            + GITHUB
            + ":sub': "
            + tag
            + "'"
            + subject
            + "'}}");
  }

  private static List<String> github(String condition) {
    return trust("arn:aws:iam::123456789012:oidc-provider/" + GITHUB, condition);
  }

  private static List<String> trust(String provider, String condition) {
    return Checks.of(
        new GithubSubject(),
        "Parameters:",
        "  Repository: {Type: String}",
        "Resources:",
        "  Provider:",
        "    Type: AWS::IAM::OIDCProvider",
        "    Properties: {Url: 'https://" + GITHUB + "'}",
        "  Eks:",
        "    Type: AWS::EKS::Cluster",
        "  Cluster:",
        "    Type: AWS::IAM::OIDCProvider",
        "    Properties: {Url: !GetAtt Eks.OpenIdConnectIssuerUrl}",
        "  Custom:",
        "    Type: Custom::Json",
        "  Other:",
        "    Type: AWS::IAM::OIDCProvider",
        "    Properties: {Url: !GetAtt Custom.Url}",
        "  Role:",
        "    Type: AWS::IAM::Role",
        "    Properties:",
        "      AssumeRolePolicyDocument:",
        "        Statement:",
        "          - Effect: Allow",
        "            Action: sts:AssumeRoleWithWebIdentity",
        "            Principal: {Federated: " + provider + "}",
        "            Condition: " + condition);
  }
}
