package dev.mlinfra.aws;

import java.util.List;
import org.immutables.value.Value;

/** Properties of {@link GitHubDiffRole}. */
@Value.Immutable
@PropsStyle
public interface GitHubDiffRoleProps extends GitHubRoleProps {

  /**
   * What the names of the stacks begin with that may be read, such as {@code ml-agent-}: letters,
   * digits and hyphens, first a letter, last a hyphen, so that no other project's stacks begin with
   * it too. At least one. Required.
   */
  List<String> getStackPrefixes();

  /**
   * The regions of the stacks in this account, such as {@code us-east-1}. Default: the stack's own.
   */
  List<String> getRegions();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link GitHubDiffRoleProps}. */
  final class Builder extends ImmutableGitHubDiffRoleProps.Builder {}
}
