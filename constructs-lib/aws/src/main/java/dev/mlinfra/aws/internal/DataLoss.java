package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.ContextKeys;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.RemovalPolicy;
import software.constructs.Construct;

/**
 * The two keys that let a deployment delete data: the property, and {@link
 * ContextKeys#ALLOW_DATA_LOSS}.
 */
public final class DataLoss {
  private DataLoss() {}

  /**
   * Whether both keys are turned. Warns when data may be lost, and when one key alone is turned.
   *
   * @param warningId stable id of the warning
   */
  public static boolean isAllowed(Construct scope, RemovalPolicy wanted, String warningId) {
    if (wanted != RemovalPolicy.DESTROY) {
      return false;
    }
    Object context = scope.getNode().tryGetContext(ContextKeys.ALLOW_DATA_LOSS);
    boolean allowed = context != null && Boolean.parseBoolean(context.toString());
    Annotations.of(scope)
        .addWarningV2(
            warningId,
            allowed
                ? "the data is deleted with the stack: removalPolicy is DESTROY and "
                    + ContextKeys.ALLOW_DATA_LOSS
                    + " is true"
                : "the data is retained although removalPolicy is DESTROY: set the context "
                    + ContextKeys.ALLOW_DATA_LOSS
                    + "=true as well if it may be lost");
    return allowed;
  }
}
