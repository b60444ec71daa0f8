package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;

/** Who does something is known by name. */
final class SharedKeyAccess implements Rule {
  /** A property that must have one of some values; the first is the one to set. */
  private record Switch(String type, String path, List<String> allowed, boolean offByDefault) {
    Switch {
      allowed = List.copyOf(allowed);
    }
  }

  private static final List<Switch> SWITCHES =
      List.of(
          new Switch(
              "azure-native:storage:StorageAccount",
              "allowSharedKeyAccess",
              List.of("false"),
              false),
          new Switch(
              "azure:storage/account:Account", "sharedAccessKeyEnabled", List.of("false"), false),
          new Switch(
              "azure-native:containerregistry:Registry",
              "adminUserEnabled",
              List.of("false"),
              true),
          new Switch(
              "azure:containerservice/registry:Registry", "adminEnabled", List.of("false"), true),
          new Switch(
              "azure-native:cognitiveservices:Account",
              "properties.disableLocalAuth",
              List.of("true"),
              false),
          new Switch(
              "azure-native:machinelearningservices:Compute",
              "properties.disableLocalAuth",
              List.of("true"),
              false),
          new Switch("azure-native:search:Service", "disableLocalAuth", List.of("true"), false),
          new Switch(
              "azure-native:servicebus:Namespace", "disableLocalAuth", List.of("true"), false),
          new Switch("azure-native:eventhub:Namespace", "disableLocalAuth", List.of("true"), false),
          new Switch(
              "azure-native:machinelearningservices:OnlineEndpoint",
              "onlineEndpointProperties.authMode",
              List.of("AADToken", "AMLToken"),
              false));

  @Override
  public String id() {
    return "mlinfra::clouds.shared-key-access";
  }

  @Override
  public String requirement() {
    return "Services of Azure take identities, not keys that everybody shares.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Switch each : SWITCHES) {
      for (Resource resource : CloudResources.of(inspection, each.type())) {
        Value given = inspection.property(resource, each.path());
        boolean off = each.offByDefault() && Decide.isAbsent(given);
        outcomes.decided(
            off ? Verdict.COMPLIANT : Decide.text(given, each.allowed()::contains),
            resource,
            each.path(),
            given,
            "lets in whoever has a shared key, whoever that is",
            "set it to " + each.allowed().get(0));
      }
    }
  }
}
