package dev.mlinfra.runpod.internal;

import com.pulumi.deployment.internal.DeploymentImpl;
import com.pulumi.deployment.internal.DeploymentInternal;
import com.pulumi.resources.Resource;
import java.util.List;

/** Tells warnings to the engine, which shows them at the resource. */
public final class Warnings {
  private Warnings() {}

  /** Tells them. */
  public static void tell(Resource resource, List<String> warnings) {
    // The SDK offers its log to programs by their context, which components do not get.
    if (DeploymentInternal.getInstance() instanceof DeploymentImpl deployment) {
      warnings.forEach(warning -> deployment.getLog().warn(warning, resource));
    }
  }
}
