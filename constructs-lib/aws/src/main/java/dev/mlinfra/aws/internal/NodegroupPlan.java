package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.GpuEksNodegroupProps;
import dev.mlinfra.aws.internal.NodeImages.NodeImage;
import dev.mlinfra.cost.InstanceType;
import dev.mlinfra.cost.InstanceTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What nodes of a group are.
 *
 * @param amiType the image, as EKS names its kind
 * @param taint key of the taint that keeps other pods away; empty without an accelerator
 * @param labels of the nodes
 * @param efaInterfaces adapters for several machines that each node has; 0 without
 */
public record NodegroupPlan(
    String amiType, Optional<String> taint, Map<String, String> labels, int efaInterfaces) {
  private static final String NVIDIA = "nvidia.com/gpu";
  private static final String NEURON = "aws.amazon.com/neuron";

  /** The plan of properties that {@link NodegroupRules} has nothing against their types. */
  public static NodegroupPlan of(GpuEksNodegroupProps props) {
    List<String> types = props.getInstanceTypes();
    String ami = ami(types.get(0)).orElseThrow();
    Optional<String> taint = taint(ami);
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("mlinfra.dev/purpose", props.getPurpose());
    InstanceTypes.bundled()
        .find("aws", types.get(0))
        .filter(InstanceType::isAccelerated)
        .ifPresent(
            type ->
                labels.put("mlinfra.dev/accelerator", type.gpuModel().toLowerCase(Locale.ROOT)));
    taint.filter(NVIDIA::equals).ifPresent(it -> labels.put("nvidia.com/gpu.present", "true"));
    int efa =
        props.isMultiNode()
            ? types.stream().mapToInt(NodegroupRules::efaInterfaces).min().orElse(0)
            : 0;
    return new NodegroupPlan(
        ami,
        taint,
        labels,
        // A machine with a public address has one interface.
        props.getCluster().getNetwork().isPublicIp() ? Math.min(1, efa) : efa);
  }

  /** Whether nodes have an accelerator. */
  public boolean isAccelerated() {
    return taint.isPresent();
  }

  /** The kind of image of a type; empty where the type is not known or has none. */
  static Optional<String> ami(String type) {
    Optional<NodeImage> image = NodeImages.find(family(type));
    if (image.isPresent()) {
      return image.get().ami();
    }
    return InstanceTypes.bundled()
        .find("aws", type)
        .filter(it -> !it.isAccelerated())
        .map(it -> it.arch().equals("arm64") ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD");
  }

  private static Optional<String> taint(String ami) {
    if (ami.endsWith("_NVIDIA")) {
      return Optional.of(NVIDIA);
    }
    return ami.endsWith("_NEURON") ? Optional.of(NEURON) : Optional.empty();
  }

  static String family(String type) {
    int dot = type.indexOf('.');
    return dot < 0 ? type : type.substring(0, dot);
  }

  static String number(double count) {
    return count == Math.rint(count) ? Long.toString((long) count) : Double.toString(count);
  }
}
