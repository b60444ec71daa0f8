package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.AcceleratedTypes;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A node group of EKS whose nodes have, or may have, an accelerator.
 *
 * @param nodes the node group
 * @param certain whether they certainly have one; else it depends on the deployment
 * @param template what its launch template sets; {@code Missing} without one
 */
record GpuNodes(Resource nodes, boolean certain, Value template) {
  private static final Pattern ACCELERATED_IMAGE = Pattern.compile(".*(GPU|NVIDIA|NEURON).*");

  /** An image that the user names can be any. */
  private static final String CUSTOM = "CUSTOM";

  /** The node groups of a model that have, or may have, accelerators. */
  static List<GpuNodes> of(Inspection inspection) {
    List<GpuNodes> found = new ArrayList<>();
    for (Resource nodes : inspection.resources("AWS::EKS::Nodegroup")) {
      Value launch = inspection.property(nodes, "LaunchTemplate");
      Value template = launch.isMissing() ? launch : LaunchTemplates.of(inspection).data(launch);
      Verdict accelerated = accelerated(nodes, template, inspection);
      if (accelerated != Verdict.VIOLATED) {
        found.add(new GpuNodes(nodes, accelerated == Verdict.COMPLIANT, template));
      }
    }
    return found;
  }

  private static Verdict accelerated(Resource nodes, Value template, Inspection inspection) {
    Optional<String> image = inspection.property(nodes, "AmiType").asText();
    if (image.filter(it -> ACCELERATED_IMAGE.matcher(it).matches()).isPresent()) {
      return Verdict.COMPLIANT;
    }
    Value own = inspection.property(nodes, "InstanceTypes");
    Value types = own.isMissing() ? template.entry("InstanceType") : own;
    Verdict each = anyAccelerated(types);
    boolean plainImage = image.isPresent() && !image.get().equals(CUSTOM);
    return each == Verdict.UNDECIDED && plainImage ? Verdict.VIOLATED : each;
  }

  private static Verdict anyAccelerated(Value types) {
    List<Verdict> branches =
        types.alternatives().stream().map(GpuNodes::anyInBranch).distinct().toList();
    return branches.size() == 1 ? branches.get(0) : Verdict.UNDECIDED;
  }

  private static Verdict anyInBranch(Value types) {
    Verdict best = Verdict.VIOLATED;
    for (Value type : types.oneOrMany()) {
      Verdict one = Decide.text(type, AcceleratedTypes::is);
      best = Decide.best(List.of(best, one));
    }
    return best;
  }

  /** A verdict about the group, as far as there is one. */
  Verdict judge(Verdict verdict) {
    return Can.judge(certain, verdict);
  }

  /** Whether the start script of the nodes has some words; undecided when it cannot be read. */
  Verdict startsWith(String words) {
    Value script = template.entry("UserData");
    if (script.isMissing()) {
      return Verdict.VIOLATED;
    }
    return script instanceof Value.Base64 base64 && base64.text().toJson().contains(words)
        ? Verdict.COMPLIANT
        : script instanceof Value.Base64 ? Verdict.VIOLATED : Verdict.UNDECIDED;
  }
}
