package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.Accelerator;
import dev.mlinfra.aws.GpuEksNodegroupProps;
import dev.mlinfra.aws.NodeCapacity.Kind;
import dev.mlinfra.aws.internal.NodeImages.NodeImage;
import dev.mlinfra.core.Problem;
import dev.mlinfra.cost.InstanceType;
import dev.mlinfra.cost.InstanceTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the properties of node groups must satisfy. */
public final class NodegroupRules {
  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]*\\.[a-z0-9-]+");
  private static final Pattern PURPOSE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
  private static final Pattern RESERVATION = Pattern.compile("cr-[0-9a-f]{8,17}");

  /** What EKS allows in one node group. */
  private static final int MOST_NODES = 450;

  private static final int LEAST_DISK_GB = 30;
  private static final int LEAST_ACCELERATED_DISK_GB = 100;
  private static final int MOST_DISK_GB = 16_384;

  private NodegroupRules() {}

  /** Every problem of the properties. */
  public static List<Problem> problems(GpuEksNodegroupProps props) {
    List<Problem> problems = new ArrayList<>();
    types(props, problems);
    boolean typesKnown = problems.isEmpty();
    range("min", props.getMin(), 0, MOST_NODES, problems);
    range("max", props.getMax(), 1, MOST_NODES, problems);
    if (props.getMin() > props.getMax()) {
      problems.add(
          Problem.of(
              "min",
              "given %d with max %d".formatted(props.getMin(), props.getMax()),
              "at most max",
              ""));
    }
    if (!PURPOSE.matcher(props.getPurpose()).matches()) {
      problems.add(
          Problem.of(
              "purpose",
              "given '" + props.getPurpose() + "'",
              "1 to 32 lower-case letters, digits and -",
              "it becomes a label of the nodes"));
    }
    if (typesKnown) {
      NodegroupPlan plan = NodegroupPlan.of(props);
      range(
          "diskGb",
          props.getDiskGb(),
          plan.isAccelerated() ? LEAST_ACCELERATED_DISK_GB : LEAST_DISK_GB,
          MOST_DISK_GB,
          problems);
      if (props.isMultiNode() && plan.efaInterfaces() == 0) {
        problems.add(
            Problem.of(
                "multiNode",
                "given true with " + props.getInstanceTypes(),
                "types that all have the adapter for several machines (EFA)",
                "take sizes with one, such as g5.8xlarge or p5.48xlarge"));
      }
    }
    block(props, problems);
    return problems;
  }

  private static void types(GpuEksNodegroupProps props, List<Problem> problems) {
    List<String> names = props.getInstanceTypes();
    if (names.isEmpty()) {
      problems.add(Problem.of("instanceTypes", "given none", "at least one", ""));
    }
    if (new HashSet<>(names).size() < names.size()) {
      problems.add(Problem.of("instanceTypes", "given " + names, "each type once", ""));
    }
    for (String name : names) {
      type(name, problems);
    }
    if (problems.isEmpty()) {
      differing("images", names.stream().map(it -> NodegroupPlan.ami(it).orElseThrow()), problems);
      differing("accelerators", known(names).map(NodegroupRules::accelerator), problems);
    }
  }

  private static void type(String name, List<Problem> problems) {
    Optional<NodeImage> image = NodeImages.find(NodegroupPlan.family(name));
    if (image.isPresent() && image.get().ami().isEmpty()) {
      problems.add(
          Problem.of(
              "instanceTypes",
              "given '%s': %s".formatted(name, image.get().reason()),
              "families with an image of EKS, such as " + image.get().replacement(),
              "take a type of " + image.get().replacement()));
    } else if (!TYPE.matcher(name).matches() || NodegroupPlan.ami(name).isEmpty()) {
      problems.add(
          Problem.of(
              "instanceTypes",
              "given '" + name + "'",
              "types that are known, such as g5.2xlarge",
              "take a size of a family with an image, such as g5, g6e, p5 or trn2"));
    }
  }

  private static void block(GpuEksNodegroupProps props, List<Problem> problems) {
    if (props.getCapacity().kind() != Kind.CAPACITY_BLOCK) {
      return;
    }
    String reservation = props.getCapacity().reservationId().orElse("");
    if (!RESERVATION.matcher(reservation).matches()) {
      problems.add(
          Problem.of(
              "capacity",
              "given reservation '" + reservation + "'",
              "the id of a capacity block, such as cr-0123456789abcdef0",
              ""));
    }
    if (props.getInstanceTypes().size() > 1) {
      problems.add(
          Problem.of(
              "instanceTypes",
              "given %d with a capacity block".formatted(props.getInstanceTypes().size()),
              "the one type that is reserved",
              ""));
    }
  }

  private static java.util.stream.Stream<InstanceType> known(List<String> names) {
    return names.stream().flatMap(it -> InstanceTypes.bundled().find("aws", it).stream());
  }

  private static String accelerator(InstanceType type) {
    return type.isAccelerated()
        ? "%s x %s".formatted(NodegroupPlan.number(type.gpuCount()), type.gpuModel())
        : "none";
  }

  private static void differing(
      String what, java.util.stream.Stream<String> values, List<Problem> problems) {
    List<String> different = values.distinct().collect(Collectors.toList());
    if (different.size() > 1) {
      problems.add(
          Problem.of(
              "instanceTypes",
              "given types with different %s: %s".formatted(what, String.join(", ", different)),
              "types with the same",
              "make a node group for each: the autoscaler takes all nodes of a group for alike"));
    }
  }

  private static void range(
      String property, int given, int least, int most, List<Problem> problems) {
    if (given < least || given > most) {
      problems.add(Problem.of(property, "given " + given, least + " to " + most, ""));
    }
  }

  /** Adapters of a type for several machines; 0 where it has none. */
  static int efaInterfaces(String type) {
    String size = type.substring(type.indexOf('.') + 1);
    return Accelerator.find(NodegroupPlan.family(type))
        .map(family -> family.efa().getOrDefault(size, 0))
        .orElse(0);
  }
}
