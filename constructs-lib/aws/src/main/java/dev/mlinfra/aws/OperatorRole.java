package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.OperatorPolicy;
import dev.mlinfra.aws.internal.OperatorRules;
import dev.mlinfra.core.ValidationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.services.iam.ArnPrincipal;
import software.amazon.awscdk.services.iam.CompositePrincipal;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PrincipalWithConditions;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.SessionTagsPrincipal;
import software.constructs.Construct;

/**
 * The role that people take on to use an environment, in place of a user with access keys.
 *
 * <p>A session must be tagged with {@code project} and {@code environment}, and reaches the
 * resources of that environment alone:
 *
 * <pre>{@code
 * aws sts assume-role --role-arn ROLE_ARN --role-session-name NAME \
 *   --tags Key=project,Value=ml-agent Key=environment,Value=dev
 * }</pre>
 *
 * <p>It may write and read datasets, read models and results (older versions too), call the
 * prediction function, read logs and stacks, and read the parameters below {@code
 * /mlinfra/PROJECT/ENVIRONMENT}. It changes no infrastructure, deletes nothing and passes no role.
 *
 * <p>Resources are told apart by their names, which must begin with {@code PROJECT-ENVIRONMENT-};
 * those that CloudFormation chooses do when the stack's name does. So a project must not be called
 * as another one and a hyphen, such as {@code ml} beside {@code ml-agent}.
 */
public final class OperatorRole extends Construct {
  private final Role role;

  /**
   * A role for people.
   *
   * @throws ValidationException with every problem of the properties
   */
  public OperatorRole(Construct scope, String id, OperatorRoleProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "OperatorRole '" + getNode().getPath() + "'", OperatorRules.problems(props));

    role =
        Role.Builder.create(this, "Resource")
            .description("People: use environments of " + props.getProject())
            .roleName(props.getRoleName().orElse(null))
            .path(props.getRolePath())
            .permissionsBoundary(props.getPermissionsBoundary().orElse(null))
            .maxSessionDuration(props.getMaxSession())
            .assumedBy(principals(props))
            .build();
    Arns arns = Arns.of(this, Optional.empty(), props.getRegions());
    OperatorPolicy.statements(props, arns).forEach(statement -> statement.addTo(role));
    warn(props);
  }

  /** The role. */
  public IRole getRole() {
    return role;
  }

  private static IPrincipal principals(OperatorRoleProps props) {
    List<IPrincipal> groups = new ArrayList<>();
    OperatorPolicy.trust(props).forEach((arns, conditions) -> groups.add(tagged(arns, conditions)));
    return groups.size() == 1
        ? groups.get(0)
        : new CompositePrincipal(groups.toArray(IPrincipal[]::new));
  }

  private static IPrincipal tagged(List<String> arns, Map<String, Map<String, Object>> conditions) {
    IPrincipal[] principals = arns.stream().map(ArnPrincipal::new).toArray(IPrincipal[]::new);
    return new SessionTagsPrincipal(
        new PrincipalWithConditions(new CompositePrincipal(principals), Map.copyOf(conditions)));
  }

  private void warn(OperatorRoleProps props) {
    if (!props.isMfaRequired()) {
      warn("mfa", "users may take on the role without a second factor");
    }
    if (props.getPrincipals().stream().anyMatch(OperatorRules::isRoot)) {
      warn("accountRoot", "everyone whom an account's administrators allow may take on the role");
    }
    if (props.getMaxSession().toSeconds().longValue() > 3600) {
      warn("session", "a session may last longer than one hour");
    }
  }

  private void warn(String rule, String text) {
    Annotations.of(this).addWarningV2("mlinfra::operatorRole." + rule, text);
  }
}
