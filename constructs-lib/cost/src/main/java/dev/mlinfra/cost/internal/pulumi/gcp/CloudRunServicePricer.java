package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Rate;
import dev.mlinfra.cost.internal.pulumi.Requests;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Services of Cloud Run, of both versions: instances that come with requests. */
final class CloudRunServicePricer implements PulumiPricer {
  private static final String ANNOTATIONS = "template.metadata.annotations";

  @Override
  public Set<String> types() {
    return Set.of("gcp:cloudrunv2/service:Service", "gcp:cloudrun/service:Service");
  }

  @Override
  public void price(Inputs in) {
    in.part(() -> instances(in));
    in.part(() -> requests(in));
  }

  private static void instances(Inputs in) {
    Value containers = in.first("template.containers", "template.spec.containers");
    boolean always =
        containers.asList().stream()
            .anyMatch(
                it -> it.at("resources.cpuIdle").asBoolean().filter(idle -> !idle).isPresent());
    Rate rate = CloudRun.rate(in, containers, always);
    double least =
        Inputs.number(
            bound(in, "template.scaling.minInstanceCount", "autoscaling.knative.dev/minScale"),
            0,
            "the least number of instances");
    Value most = bound(in, "template.scaling.maxInstanceCount", "autoscaling.knative.dev/maxScale");
    String name = "the highest number of instances";
    Requests.bill(
        in,
        rate,
        least,
        Inputs.isAbsent(most)
            ? OptionalDouble.empty()
            : OptionalDouble.of(Inputs.number(most, 0, name)),
        name);
  }

  private static Value bound(Inputs in, String path, String annotation) {
    Value given = in.at(path);
    return Inputs.isAbsent(given) ? in.at(ANNOTATIONS).entry(annotation) : given;
  }

  private static void requests(Inputs in) {
    in.bill()
        .line(
            "requests",
            LineItem.Kind.USED,
            new Charge(
                in.bill().usage().predictionsPerMonth() / 1e6,
                in.price(Cloud.GCP, "cloud-run", "requests tier 1"),
                "usage.predictionsPerMonth / 1,000,000, before those that are free"),
            Optional.empty());
  }
}
