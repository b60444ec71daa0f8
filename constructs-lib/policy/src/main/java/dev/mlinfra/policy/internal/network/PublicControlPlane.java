package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;

/** The control plane of a cluster does not answer everyone. */
final class PublicControlPlane implements Rule {
  @Override
  public String id() {
    return "mlinfra::network.public-control-plane";
  }

  @Override
  public String requirement() {
    return "The control plane of an EKS cluster is private, or open to named addresses only.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource cluster : inspection.resources("AWS::EKS::Cluster")) {
      check(cluster, "ResourcesVpcConfig", "EndpointPublicAccess", inspection, outcomes);
    }
    // What aws-eks of the CDK makes in place of it.
    for (Resource cluster : inspection.resources("Custom::AWSCDK-EKS-Cluster")) {
      check(cluster, "Config.resourcesVpcConfig", "endpointPublicAccess", inspection, outcomes);
    }
  }

  private static void check(
      Resource cluster, String config, String access, Inspection inspection, Outcomes.Of outcomes) {
    boolean capital = Character.isUpperCase(access.charAt(0));
    String cidrs = config + "." + (capital ? "PublicAccessCidrs" : "publicAccessCidrs");
    Value isPublic = inspection.property(cluster, config + "." + access);
    Value ranges = inspection.property(cluster, cidrs);
    // EKS makes it public unless told otherwise, and opens it to everyone.
    Verdict isPrivate =
        isPublic.isMissing()
            ? Verdict.VIOLATED
            : Decide.text(isPublic, it -> it.equalsIgnoreCase("false"));
    List<Value> items = Decide.items(ranges);
    Verdict isBound =
        items.isEmpty()
            ? Verdict.VIOLATED
            : Verdict.worst(
                items.stream().map(it -> Decide.text(it, text -> !text.endsWith("/0"))).toList());
    Verdict verdict = Reach.best(isPrivate, isBound);
    outcomes.say(
        verdict,
        cluster,
        cidrs,
        ranges,
        verdict == Verdict.VIOLATED
            ? "everyone on the internet reaches the control plane"
            : "whether everyone reaches the control plane is known only when deployed",
        "set "
            + access
            + " to false, or list in "
            + cidrs
            + " the addresses from which it is used");
  }
}
