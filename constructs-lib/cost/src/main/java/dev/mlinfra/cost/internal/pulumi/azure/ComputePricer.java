package dev.mlinfra.cost.internal.pulumi.azure;

import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Text;
import dev.mlinfra.template.Value;
import java.util.Set;

/**
 * Compute of Azure Machine Learning: clusters and instances are billed as the virtual machines that
 * they are.
 */
final class ComputePricer implements PulumiPricer {
  private static final String CLUSTER = "azure:machinelearning/computeCluster:ComputeCluster";
  private static final String INSTANCE = "azure:machinelearning/computeInstance:ComputeInstance";

  @Override
  public Set<String> types() {
    return Set.of("azure-native:machinelearningservices:Compute", CLUSTER, INSTANCE);
  }

  @Override
  public void price(Inputs in) {
    switch (kind(in)) {
      case "AmlCompute" -> cluster(in);
      case "ComputeInstance" ->
          Fleet.always(1, "one instance; schedules that stop it are not counted")
              .bill(in, rate(in));
      case "AKS", "Kubernetes" -> in.bill().elsewhere("billed at the nodes of its cluster");
      case "VirtualMachine" -> in.bill().elsewhere("billed at its virtual machine");
      default -> throw new NotPriced("no rule for compute of type " + kind(in));
    }
  }

  private static String kind(Inputs in) {
    return switch (in.resource().type()) {
      case CLUSTER -> "AmlCompute";
      case INSTANCE -> "ComputeInstance";
      default ->
          Inputs.text(in.at("properties.computeType"), "properties.computeType").orElse("none");
    };
  }

  private static void cluster(Inputs in) {
    Value scale = in.first("properties.properties.scaleSettings", "scaleSettings");
    if (scale.isSymbolic()) {
      throw Inputs.unusable(scale, "scaleSettings");
    }
    double least = Inputs.number(scale.entry("minNodeCount"), 0, "scaleSettings.minNodeCount");
    if (Inputs.isAbsent(scale.entry("maxNodeCount"))) {
      throw new NotPriced("scaleSettings.maxNodeCount is missing");
    }
    double most = Inputs.number(scale.entry("maxNodeCount"), 0, "scaleSettings.maxNodeCount");
    Fleet.between(
            least,
            most,
            "scaleSettings.minNodeCount %s, maxNodeCount %s"
                .formatted(Text.of(least), Text.of(most)))
        .bill(in, rate(in));
  }

  private static Rate rate(Inputs in) {
    Machines.refuseWindows(in.at("properties.properties.osType"));
    return Machines.rate(
        in,
        in.first("properties.properties.vmSize", "vmSize", "virtualMachineSize"),
        "vmSize",
        in.first("properties.properties.vmPriority", "vmPriority"));
  }
}
