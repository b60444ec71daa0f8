package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.GitHubRules;
import dev.mlinfra.aws.internal.Statement;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/**
 * The role of a pipeline that runs {@code cdk deploy}: may take on the four roles that the CDK's
 * bootstrap made for it, and nothing else.
 *
 * <p>Those are the roles for deployments, for files, for images and for look-ups; not the role of
 * CloudFormation, which the deployment role passes on. The look-up role is needed: before it
 * deploys, the CLI reads the deployed template with it. A session lasts one hour.
 */
public final class GitHubDeployRole extends Construct {
  private static final List<String> BOOTSTRAP_ROLES =
      List.of("deploy-role", "file-publishing-role", "image-publishing-role", "lookup-role");

  private final Role role;

  /**
   * A role for deployments.
   *
   * @throws ValidationException with every problem of the properties
   */
  public GitHubDeployRole(Construct scope, String id, GitHubDeployRoleProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "GitHubDeployRole '" + getNode().getPath() + "'", GitHubRules.deploy(props));

    role = GitHubTrust.role(this, props, "GitHub: deploys by the roles of the CDK's bootstrap");
    Arns arns = Arns.of(this, props.getAccount(), props.getRegions());
    Statement.of("BootstrapRoles", List.of("sts:AssumeRole"), bootstrapRoles(props, arns))
        .addTo(role);
  }

  /** The role. */
  public IRole getRole() {
    return role;
  }

  private static List<String> bootstrapRoles(GitHubDeployRoleProps props, Arns arns) {
    return arns.regions().stream()
        .flatMap(
            region ->
                BOOTSTRAP_ROLES.stream()
                    .map(
                        name ->
                            arns.iam(
                                "role/cdk-%s-%s-%s-%s"
                                    .formatted(
                                        props.getQualifier(), name, arns.account(), region))))
        .toList();
  }
}
