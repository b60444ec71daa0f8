package dev.mlinfra.aws;

import java.util.List;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.lambda.Alias;

/** Permissions on a prediction function. */
public final class PredictionLambdaGrants {
  private final Alias alias;

  PredictionLambdaGrants(Alias alias) {
    this.alias = alias;
  }

  /** Lets a principal call the live version: {@code lambda:InvokeFunction} on the alias alone. */
  public void invoke(IGrantable grantee) {
    grantee
        .getGrantPrincipal()
        .addToPrincipalPolicy(
            PolicyStatement.Builder.create()
                .actions(List.of("lambda:InvokeFunction"))
                .resources(List.of(alias.getFunctionArn()))
                .build());
  }
}
