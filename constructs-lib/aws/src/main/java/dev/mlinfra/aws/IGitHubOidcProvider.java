package dev.mlinfra.aws;

/** What lets workflows of GitHub prove to AWS who they are, made here or found. */
public interface IGitHubOidcProvider {
  /** Host that issues the tokens; also the prefix of the conditions on their claims. */
  String ISSUER = "token.actions.githubusercontent.com";

  /** ARN of the identity provider. */
  String getProviderArn();
}
