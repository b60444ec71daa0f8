package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedKeyAccessTest {

  @Test
  void compliantWhenSwitchedOff() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:storage:StorageAccount",
                        "data",
                        "allowSharedKeyAccess: false"),
                    resource(
                        "azure-native:cognitiveservices:Account",
                        "openai",
                        "properties: {disableLocalAuth: true}"),
                    resource(
                        "azure-native:machinelearningservices:OnlineEndpoint",
                        "endpoint",
                        "onlineEndpointProperties: {authMode: AMLToken}"))))
        .containsExactly(
            "COMPLIANT data allowSharedKeyAccess",
            "COMPLIANT openai properties.disableLocalAuth",
            "COMPLIANT endpoint onlineEndpointProperties.authMode");
  }

  @Test
  void compliantWhenOffByDefault() {
    assertThat(
            check(
                PulumiStates.of(resource("azure-native:containerregistry:Registry", "images", ""))))
        .containsExactly("COMPLIANT images adminUserEnabled");
  }

  @Test
  void violatedWhenOnByDefault() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("azure-native:storage/v20230101:StorageAccount", "data", ""),
                    resource("azure-native:machinelearningservices:Compute", "gpu", ""))))
        .containsExactly(
            "VIOLATED data allowSharedKeyAccess: lets in whoever has a shared key, whoever that is",
            "VIOLATED gpu properties.disableLocalAuth: lets in whoever has a shared key,"
                + " whoever that is");
  }

  @Test
  void violatedWhenSwitchedOn() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native_containerregistry_v20230701:containerregistry:Registry",
                        "images",
                        "adminUserEnabled: true"))))
        .containsExactly(
            "VIOLATED images adminUserEnabled: lets in whoever has a shared key, whoever that is");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:storage:StorageAccount",
                        "data",
                        "allowSharedKeyAccess: " + UNKNOWN + ""))))
        .containsExactly("UNDECIDED data allowSharedKeyAccess: is known only when deployed");
  }

  @Test
  void notApplicableToOtherResources() {
    assertThat(check(PulumiStates.of(resource("azure-native:storage:BlobContainer", "data", ""))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new SharedKeyAccess(), model);
  }
}
