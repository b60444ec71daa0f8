package dev.mlinfra.infra.aws;

import dev.mlinfra.core.Account;
import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Organization;
import java.util.Optional;
import software.amazon.awscdk.PermissionsBoundary;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.StageProps;

/** Where a stage goes and what its organisation demands. */
final class StageSettings {
  private StageSettings() {}

  static StageProps props(Environment environment, AwsSettings aws) {
    // By its name: it is made in the account's stage, which is deployed before.
    PermissionsBoundary boundary =
        boundary(environment.organization())
            .orElseGet(
                () ->
                    PermissionsBoundary.fromName(Account.workloadBoundary(environment.project())));
    return props(aws.account(), aws.region()).permissionsBoundary(boundary).build();
  }

  /** The stage's own roles name the boundary that it makes. */
  static StageProps props(Account account) {
    return props(account.number(), account.shared().region())
        .permissionsBoundary(boundary(account.organization()).orElse(null))
        .build();
  }

  static void apply(Stage stage, Organization organization) {
    organization
        .bootstrapQualifier()
        .ifPresent(
            qualifier -> stage.getNode().setContext("@aws-cdk/core:bootstrapQualifier", qualifier));
  }

  private static StageProps.Builder props(String account, String region) {
    return StageProps.builder()
        .env(software.amazon.awscdk.Environment.builder().account(account).region(region).build());
  }

  private static Optional<PermissionsBoundary> boundary(Organization organization) {
    return organization.permissionsBoundaryArn().map(PermissionsBoundary::fromArn);
  }
}
