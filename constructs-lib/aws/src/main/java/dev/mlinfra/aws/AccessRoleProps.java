package dev.mlinfra.aws;

import java.util.Optional;
import org.immutables.value.Value;
import software.amazon.awscdk.services.iam.IManagedPolicy;

/** What the roles of people and pipelines have in common. */
public interface AccessRoleProps {

  /**
   * Name of the role, 1 to 64 letters, digits and {@code + = , . @ _ -}. Give one where a workflow
   * or a profile names the role before it exists. Default: chosen by CloudFormation.
   */
  Optional<String> getRoleName();

  /** Path of the role, such as {@code /ml/}. Default: {@code /}. */
  @Value.Default
  default String getRolePath() {
    return "/";
  }

  /**
   * The most that the role may do, such as a {@link RoleBoundary} for {@link RolePurpose#ACCESS}.
   * Default: what the stage or scope puts on all roles, or none.
   */
  Optional<IManagedPolicy> getPermissionsBoundary();
}
