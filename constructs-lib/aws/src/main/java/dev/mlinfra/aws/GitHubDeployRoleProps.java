package dev.mlinfra.aws;

import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/** Properties of {@link GitHubDeployRole}. */
@Value.Immutable
@PropsStyle
public interface GitHubDeployRoleProps extends GitHubRoleProps {

  /**
   * The qualifier of the CDK's bootstrap stack, 1 to 10 letters, digits, {@code _} and {@code -}.
   * Default: {@code hnb659fds}, the CDK's own.
   */
  @Value.Default
  default String getQualifier() {
    return "hnb659fds";
  }

  /**
   * The account that is deployed to, 12 digits. Another account's bootstrap must trust this one.
   * Default: the stack's own.
   */
  Optional<String> getAccount();

  /** The regions that are deployed to, such as {@code us-east-1}. Default: the stack's own. */
  List<String> getRegions();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link GitHubDeployRoleProps}. */
  final class Builder extends ImmutableGitHubDeployRoleProps.Builder {}
}
