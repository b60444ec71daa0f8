package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.GitHubRules;
import dev.mlinfra.aws.internal.Statement;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/**
 * The role of a pull request that runs {@code cdk diff --method=template}: reads the templates of
 * the project's stacks, and nothing else.
 *
 * <p>It may not take on the bootstrap's look-up role, because that one may read nearly everything
 * in the account, data included. The CLI (read and tried: 2.1148.1) tries that role, warns that it
 * could not be assumed, and goes on with the credentials that it has, as they are for the right
 * account. It then calls {@code DescribeStacks} and {@code GetTemplate} for each stack, and {@code
 * ListStackResources} where stacks are nested. It reads the bootstrap's version only after it took
 * on the look-up role, so the parameter of the version is not granted.
 *
 * <p>{@code --method=template} is needed: the other methods make a change set. A session lasts one
 * hour.
 */
public final class GitHubDiffRole extends Construct {
  private final Role role;

  /**
   * A role for comparisons.
   *
   * @throws ValidationException with every problem of the properties
   */
  public GitHubDiffRole(Construct scope, String id, GitHubDiffRoleProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "GitHubDiffRole '" + getNode().getPath() + "'", GitHubRules.diff(props));

    role = GitHubTrust.role(this, props, "GitHub: reads the templates of deployed stacks");
    Arns arns = Arns.of(this, Optional.empty(), props.getRegions());
    Statement.of(
            "Stacks",
            List.of(
                "cloudformation:DescribeStacks",
                "cloudformation:GetTemplate",
                "cloudformation:ListStackResources"),
            props.getStackPrefixes().stream()
                .flatMap(prefix -> arns.in("cloudformation", "stack/" + prefix + "*/*").stream())
                .toList())
        .addTo(role);
  }

  /** The role. */
  public IRole getRole() {
    return role;
  }
}
