package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;

/** Identities are proven without keys that can be copied. */
final class ExportedKey implements Rule {

  @Override
  public String id() {
    return "mlinfra::clouds.exported-key";
  }

  @Override
  public String requirement() {
    return "Nobody gets a key file, access key or client secret that lasts.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource key : CloudResources.of(inspection, "gcp:serviceaccount/key:Key")) {
      // With a public key of one's own the private one never leaves its place.
      if (Decide.isAbsent(inspection.property(key, "publicKeyData"))) {
        outcomes.violated(
            key,
            "",
            new Value.Missing(),
            "puts the key of a service account into the state",
            "use Workload Identity Federation, or attach the account to what runs");
      } else {
        outcomes.compliant(key, "publicKeyData");
      }
    }
    for (Resource key : CloudResources.of(inspection, "aws:iam/accessKey:AccessKey")) {
      inUse(key, "status", "use a role that is assumed", inspection, outcomes);
    }
    for (Resource key : CloudResources.of(inspection, "gcp:storage/hmacKey:HmacKey")) {
      inUse(key, "state", "give the service account a role on the bucket", inspection, outcomes);
    }
    for (Resource password :
        CloudResources.of(
            inspection,
            "azuread:index/applicationPassword:ApplicationPassword",
            "azuread:index/servicePrincipalPassword:ServicePrincipalPassword")) {
      outcomes.violated(
          password,
          "",
          new Value.Missing(),
          "puts a client secret into the state",
          "use a managed identity, or a federated identity credential");
    }
  }

  private static void inUse(
      Resource key, String path, String fix, Inspection inspection, Outcomes.Of outcomes) {
    Value state = inspection.property(key, path);
    outcomes.decided(
        Decide.text(state, "INACTIVE"::equalsIgnoreCase),
        key,
        path,
        state,
        "is a key that lasts until somebody deletes it",
        fix);
  }
}
