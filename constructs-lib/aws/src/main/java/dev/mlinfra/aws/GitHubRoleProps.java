package dev.mlinfra.aws;

import java.util.List;

/** What the roles of GitHub's workflows have in common. */
public interface GitHubRoleProps extends AccessRoleProps {

  /** The account's identity provider for GitHub. Required. */
  IGitHubOidcProvider getProvider();

  /** The runs that may take on the role; at least one. Required. */
  List<GitHubSubject> getSubjects();
}
