package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class BasicRoleTest {
  private static final String CONTRIBUTOR =
      "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/"
          + "b24988ac-6180-42a0-ab88-20f7382dd24c";

  @Test
  void compliantWithAPredefinedRole() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:projects/iAMMember:IAMMember",
                        "reader",
                        "role: roles/storage.objectViewer"))))
        .containsExactly("COMPLIANT reader role");
  }

  @Test
  void compliantOnOneResourceOfAzure() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:authorization:RoleAssignment",
                        "a",
                        "roleDefinitionId: '"
                            + CONTRIBUTOR
                            + "', scope: /subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"))))
        .containsExactly("COMPLIANT a roleDefinitionId");
  }

  @Test
  void compliantWithANarrowRoleOfAzure() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:authorization:RoleAssignment",
                        "a",
                        "roleDefinitionId: /roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1, scope: /subscriptions/s"))))
        .containsExactly("COMPLIANT a roleDefinitionId");
  }

  @Test
  void violatedByAMember() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:projects/iAMMember:IAMMember", "editor", "role: roles/editor"))))
        .containsExactly("VIOLATED editor role: is a basic role, with thousands of permissions");
  }

  @Test
  void violatedByAPolicy() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:projects/iAMPolicy:IAMPolicy",
                        "all",
                        "policyData: '{\"bindings\": [{\"role\": \"roles/owner\", \"members\": []}]}'"))))
        .containsExactly("VIOLATED all policyData: is a basic role, with thousands of permissions");
  }

  @Test
  void violatedOverAResourceGroupOfAzure() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:authorization/v20220401:RoleAssignment",
                        "a",
                        "roleDefinitionId: '"
                            + CONTRIBUTOR
                            + "', scope: /subscriptions/s/resourceGroups/g"))))
        .containsExactly(
            "VIOLATED a roleDefinitionId: is a role over nearly everything in its scope; Contributor can list storage keys too");
  }

  @Test
  void violatedByTheNameOfARole() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure:authorization/assignment:Assignment",
                        "a",
                        "roleDefinitionName: Owner, scope: /subscriptions/s"))))
        .containsExactly(
            "VIOLATED a roleDefinitionName: is a role over nearly everything in its scope; Contributor can list storage keys too");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("gcp:projects/iAMMember:IAMMember", "a", "role: " + UNKNOWN + ""),
                    resource(
                        "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
                        "b",
                        "policyData: " + UNKNOWN + ""),
                    resource(
                        "azure-native:authorization:RoleAssignment",
                        "c",
                        "roleDefinitionId: '" + CONTRIBUTOR + "', scope: " + UNKNOWN + ""))))
        .containsExactly(
            "UNDECIDED a role: is known only when deployed",
            "UNDECIDED b policyData: is known only when deployed",
            "UNDECIDED c roleDefinitionId: is known only when deployed");
  }

  @Test
  void notApplicableToOtherResources() {
    assertThat(
            check(PulumiStates.of(resource("gcp:storage/bucket:Bucket", "a", "role: roles/owner"))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new BasicRole(), model);
  }
}
