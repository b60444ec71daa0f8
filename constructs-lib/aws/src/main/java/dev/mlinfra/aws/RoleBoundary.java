package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.BoundaryPolicy;
import dev.mlinfra.aws.internal.BoundaryRules;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.services.iam.CfnManagedPolicy;
import software.amazon.awscdk.services.iam.IManagedPolicy;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.constructs.Construct;

/**
 * The most that roles of an account may do, whatever their own policies say: a managed policy that
 * is put on them as permissions boundary.
 *
 * <p>It names every action that a construct of this library grants, and no other. Resources are
 * those of its own account; S3, SQS and KMS are also held to it by {@code aws:ResourceAccount}, as
 * ARNs of buckets have no account. A boundary grants nothing by itself.
 *
 * <p>Put it on every role in a scope with {@code
 * PermissionsBoundary.of(scope).apply(boundary.getPolicy())}, or by name on a stage with {@code
 * PermissionsBoundary.fromName}.
 */
public final class RoleBoundary extends Construct {
  private final IManagedPolicy policy;

  /**
   * A permissions boundary.
   *
   * @throws ValidationException with every problem of the properties
   */
  public RoleBoundary(Construct scope, String id, RoleBoundaryProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "RoleBoundary '" + getNode().getPath() + "'", BoundaryRules.problems(props));

    Arns arns = Arns.of(this, Optional.empty(), List.of("*"));
    CfnManagedPolicy resource =
        CfnManagedPolicy.Builder.create(this, "Resource")
            .managedPolicyName(props.getPolicyName())
            .path(props.getPath())
            .description(
                switch (props.getPurpose()) {
                  case WORKLOADS -> "The most that workloads may do";
                  case ACCESS -> "The most that people and pipelines may do";
                  case CLUSTERS -> "The most that clusters and their pods may do";
                })
            .policyDocument(
                BoundaryPolicy.document(
                    BoundaryPolicy.statements(props.getPurpose(), arns, props.isDataDeletion())))
            .build();
    policy = ManagedPolicy.fromManagedPolicyArn(this, "Policy", resource.getRef());
    if (props.isDataDeletion()) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::roleBoundary.dataDeletion",
              "roles under this boundary may be allowed to delete every version of data");
    }
  }

  /** The policy, to be put on roles as permissions boundary. */
  public IManagedPolicy getPolicy() {
    return policy;
  }
}
