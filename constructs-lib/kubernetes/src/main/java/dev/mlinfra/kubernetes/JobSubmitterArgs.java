package dev.mlinfra.kubernetes;

import com.pulumi.core.Output;
import dev.mlinfra.core.CostTags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.immutables.value.Value;

/** Arguments of {@link JobSubmitter}. */
@Value.Immutable
@ArgsStyle
public interface JobSubmitterArgs {

  /** Name of the namespace, such as {@code namespace.getName()}. Required. */
  Output<String> getNamespace();

  /**
   * Groups that may submit, such as the one that an access entry of EKS gives to the role of a
   * Lambda function. Default: none.
   */
  List<String> getGroups();

  /** Annotations of the service account, by which clouds give it rights. Default: none. */
  Map<String, String> getServiceAccountAnnotations();

  /** Labels of all that is made. Default: none. */
  Optional<CostTags> getCostTags();

  /** A new builder. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds the arguments. */
  final class Builder extends ImmutableJobSubmitterArgs.Builder {}
}
