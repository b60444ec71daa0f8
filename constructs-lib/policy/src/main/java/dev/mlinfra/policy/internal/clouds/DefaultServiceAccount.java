package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What runs has an identity of its own. */
final class DefaultServiceAccount implements Rule {
  private static final String ACCOUNT = "gcp:serviceaccount/account:Account";

  private static final Map<String, String> ACCOUNTS =
      new TreeMap<>(
          Map.of(
              "gcp:container/nodePool:NodePool", "nodeConfig.serviceAccount",
              "gcp:cloudrunv2/job:Job", "template.template.serviceAccount",
              "gcp:cloudrunv2/service:Service", "template.serviceAccount",
              "gcp:cloudrun/service:Service", "template.spec.serviceAccountName",
              "gcp:cloudfunctionsv2/function:Function", "serviceConfig.serviceAccountEmail",
              "gcp:dataproc/cluster:Cluster", "clusterConfig.gceClusterConfig.serviceAccount",
              "gcp:notebooks/instance:Instance", "serviceAccount",
              "gcp:tpu/v2Vm:V2Vm", "serviceAccount.email"));

  private static final List<String> MACHINES =
      List.of(
          "gcp:compute/instance:Instance",
          "gcp:compute/instanceTemplate:InstanceTemplate",
          "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate");

  private static final Pattern DEFAULT =
      Pattern.compile(
          "|default|.*-compute@developer\\.gserviceaccount\\.com"
              + "|.*@appspot\\.gserviceaccount\\.com");

  @Override
  public String id() {
    return "mlinfra::clouds.default-service-account";
  }

  @Override
  public String requirement() {
    return "Nodes, jobs and services of Google Cloud have a service account that is made for them.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    ACCOUNTS.forEach(
        (type, path) -> {
          for (Resource resource : CloudResources.of(inspection, type)) {
            check(resource, path, inspection, outcomes);
          }
        });
    for (String type : MACHINES) {
      for (Resource machine : CloudResources.of(inspection, type)) {
        // Without the block the machine has no account at all.
        if (!Decide.isAbsent(inspection.property(machine, "serviceAccount"))) {
          check(machine, "serviceAccount.email", inspection, outcomes);
        }
      }
    }
    for (Resource cluster : CloudResources.of(inspection, "gcp:container/cluster:Cluster")) {
      if (inspection.property(cluster, "enableAutopilot").asBoolean().orElse(false)) {
        check(
            cluster,
            "clusterAutoscaling.autoProvisioningDefaults.serviceAccount",
            inspection,
            outcomes);
      } else if (!inspection.property(cluster, "removeDefaultNodePool").asBoolean().orElse(false)) {
        check(cluster, "nodeConfig.serviceAccount", inspection, outcomes);
      }
    }
  }

  private static void check(
      Resource resource, String path, Inspection inspection, Outcomes.Of outcomes) {
    Value given = inspection.property(resource, path);
    String input = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
    boolean made =
        given.isSymbolic() && CloudResources.comesFrom(inspection, resource, input, ACCOUNT);
    outcomes.decided(
        made ? Verdict.COMPLIANT : Decide.text(given, it -> !DEFAULT.matcher(it).matches()),
        resource,
        path,
        given,
        "is the default account of the project, which often may edit everything in it",
        "make a service account with the roles that are needed and name it");
  }
}
