package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import java.util.Optional;
import java.util.Set;

/** Services of Kubernetes: those of type LoadBalancer make one in the cluster's cloud. */
final class ServicePricer implements PulumiPricer {
  private static final String BALANCER = "LoadBalancer";
  private static final String AWS_KIND = "service.beta.kubernetes.io/aws-load-balancer-type";

  @Override
  public Set<String> types() {
    return Set.of("kubernetes:core:Service");
  }

  @Override
  public void price(Inputs in) {
    if (!Inputs.text(in.at("spec.type"), "spec.type").orElse("").equals(BALANCER)) {
      in.bill().free("a service without a load balancer is a name in the cluster");
      return;
    }
    ClusterCloud where =
        ClusterCloud.of(in)
            .orElseThrow(
                () -> new NotPriced("a load balancer in a cloud that this graph does not name"));
    if (where.cloud() != Cloud.AWS) {
      throw new NotPriced("no source for load balancers of " + where.cloud().provider());
    }
    boolean network =
        in.at("metadata.annotations")
            .entry(AWS_KIND)
            .asText()
            .filter(kind -> !kind.equals("clb"))
            .isPresent();
    if (!network) {
      throw new NotPriced("no source for classic load balancers, which " + AWS_KIND + " avoids");
    }
    Price hour = where.cluster().price(Cloud.AWS, "elb", "network load balancer");
    in.bill().always("load balancer", Optional.of(hour), 730, "1 network load balancer x 730 h");
    throw new NotPriced("what goes through the load balancer: usage does not say how much");
  }
}
