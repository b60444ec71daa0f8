package dev.mlinfra.aws;

import java.util.List;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;

/** Permissions on a distributed prediction. */
public final class DistributedPredictionGrants {
  private final String stateMachineArn;

  DistributedPredictionGrants(String stateMachineArn) {
    this.stateMachineArn = stateMachineArn;
  }

  /** Lets a principal start runs: {@code states:StartExecution} on the state machine alone. */
  public void start(IGrantable grantee) {
    grantee
        .getGrantPrincipal()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .actions(List.of("states:StartExecution"))
                .resources(List.of(stateMachineArn))
                .build());
  }
}
