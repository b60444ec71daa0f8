package dev.mlinfra.aws;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.WebIdentityPrincipal;
import software.constructs.Construct;

/** Roles that only named runs of GitHub's workflows can take on. */
final class GitHubTrust {
  private GitHubTrust() {}

  /** A role without permissions. */
  static Role role(Construct scope, GitHubRoleProps props, String description) {
    return Role.Builder.create(scope, "Resource")
        .description(description)
        .roleName(props.getRoleName().orElse(null))
        .path(props.getRolePath())
        .permissionsBoundary(props.getPermissionsBoundary().orElse(null))
        // The shortest that IAM knows for a role.
        .maxSessionDuration(Duration.hours(1))
        .assumedBy(
            new WebIdentityPrincipal(
                props.getProvider().getProviderArn(),
                Map.of(
                    "StringEquals",
                    Map.of(
                        IGitHubOidcProvider.ISSUER + ":aud",
                        GitHubOidcProvider.AUDIENCE,
                        IGitHubOidcProvider.ISSUER + ":sub",
                        subjects(props)))))
        .build();
  }

  private static Object subjects(GitHubRoleProps props) {
    List<String> texts =
        props.getSubjects().stream().map(GitHubSubject::text).distinct().sorted().toList();
    return texts.size() == 1 ? texts.get(0) : texts;
  }
}
