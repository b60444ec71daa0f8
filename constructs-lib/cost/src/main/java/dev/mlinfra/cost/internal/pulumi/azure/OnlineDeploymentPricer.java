package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.Set;

/** Deployments of managed online endpoints: machines that wait for requests all month. */
final class OnlineDeploymentPricer implements PulumiPricer {
  private static final String PROPERTIES = "onlineDeploymentProperties.";

  @Override
  public Set<String> types() {
    return Set.of("azure-native:machinelearningservices:OnlineDeployment");
  }

  @Override
  public void price(Inputs in) {
    if (in.at(PROPERTIES + "endpointComputeType")
        .asText()
        .filter("Kubernetes"::equals)
        .isPresent()) {
      in.bill().elsewhere("billed at the nodes of its cluster");
      return;
    }
    double instances = in.number("sku.capacity", 1);
    Fleet.always(instances, "sku.capacity " + Text.of(instances))
        .bill(
            in,
            Machines.rate(
                in, in.at(PROPERTIES + "instanceType"), "instanceType", new Value.Missing()));
  }
}
