package dev.mlinfra.aws;

import dev.mlinfra.core.Defaults;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.Prefixes;
import java.util.List;
import org.immutables.value.Value;
import software.amazon.awscdk.Duration;

/** Properties of {@link OperatorRole}. */
@Value.Immutable
@PropsStyle
public interface OperatorRoleProps extends AccessRoleProps {

  /**
   * The project whose environments are used, 2 to 32 lower-case letters, digits and hyphens, first
   * a letter. Names of stacks, buckets, functions and log groups begin with it. Required.
   */
  String getProject();

  /**
   * The environments that a session may choose from, such as {@code dev}: 2 to 16 lower-case
   * letters, digits and hyphens, first a letter. None may begin with another and a hyphen. At least
   * one. Required.
   */
  List<String> getEnvironments();

  /**
   * ARNs of the roles and users that may take on the role, without wildcards. For people of IAM
   * Identity Center, the ARN of their {@code AWSReservedSSO} role. At least one. Required.
   */
  List<String> getPrincipals();

  /**
   * Whether users must have signed in with a second factor. Sessions of roles cannot show that to
   * IAM, so for them the second factor is up to who signs them in. Off warns as {@code
   * mlinfra::operatorRole.mfa}. Default: on.
   */
  @Value.Default
  default boolean isMfaRequired() {
    return true;
  }

  /**
   * Whether a principal may be the root of an account, which lets in everyone there whom its own
   * administrators allow to. Warns as {@code mlinfra::operatorRole.accountRoot} when one is given.
   * Default: no.
   */
  @Value.Default
  default boolean isAccountRootAllowed() {
    return false;
  }

  /**
   * The longest session, 1 to 8 hours. Those who come from another role get one hour whatever
   * stands here. More than one hour warns as {@code mlinfra::operatorRole.session}. Default: 1
   * hour.
   */
  @Value.Default
  default Duration getMaxSession() {
    return Duration.hours(1);
  }

  /** Names of the data bucket's folders. Default: datasets, models, results, checkpoints. */
  @Value.Default
  default Prefixes getPrefixes() {
    return Defaults.of(Pattern.BATCH).data().prefixes();
  }

  /**
   * Whether data is encrypted by KMS keys of the project. Then the role may use, through S3, keys
   * that are tagged with the project and the session's environment. Default: no.
   */
  @Value.Default
  default boolean isDataKeyUsed() {
    return false;
  }

  /** The regions of the environments, such as {@code us-east-1}. Default: the stack's own. */
  List<String> getRegions();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds {@link OperatorRoleProps}. */
  final class Builder extends ImmutableOperatorRoleProps.Builder {}
}
