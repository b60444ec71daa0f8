package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.ResolvedText;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Images of ECR are kept in a bucket of AWS, which an endpoint's policy must not forget. */
final class EndpointPolicy implements Rule {
  private static final String POLICY = "PolicyDocument";
  private static final String BUCKET = "prod-%s-starport-layer-bucket";

  /** The bucket of any region. */
  private static final Pattern ANY_BUCKET = Pattern.compile(":::prod-[^/]*-starport-layer-bucket/");

  @Override
  public String id() {
    return "mlinfra::network.endpoint-policy";
  }

  @Override
  public String requirement() {
    return "The policy of an S3 endpoint admits the layers of the images that are pulled through it.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Map<Resource, Workload> pulling = pulling(inspection);
    if (pulling.isEmpty()) {
      return;
    }
    Map<Resource, List<Verdict>> admits = new LinkedHashMap<>();
    for (Statement statement : Statements.of(inspection, Kind.RESOURCE)) {
      if (statement.allow() && pulling.containsKey(statement.resource())) {
        admits
            .computeIfAbsent(statement.resource(), it -> new ArrayList<>())
            .add(admits(statement, inspection));
      }
    }
    pulling.forEach(
        (endpoint, workload) -> {
          Value policy = inspection.property(endpoint, POLICY);
          Verdict verdict =
              policy.at("Statement").isSymbolic()
                  ? Verdict.UNDECIDED
                  : Reach.best(admits.getOrDefault(endpoint, List.of()));
          outcomes.say(
              verdict,
              endpoint,
              POLICY,
              policy,
              workload.what()
                  + " ("
                  + workload.resource().id().name()
                  + (verdict == Verdict.VIOLATED ? ") cannot" : ") perhaps cannot")
                  + " pull the layers of its image through it",
              "allow s3:GetObject on arn:aws:s3:::"
                  + String.format(BUCKET, "<region>")
                  + "/* to everyone, without a Condition");
        });
  }

  /** The endpoints with a policy through which layers come, each with a workload that pulls. */
  private static Map<Resource, Workload> pulling(Inspection inspection) {
    Reach reach = Reach.of(inspection);
    Map<Resource, Workload> pulling = new LinkedHashMap<>();
    for (Workload workload : Workloads.of(inspection)) {
      if (workload.pullsFromRegistry()) {
        for (Value subnet : workload.placement().subnets()) {
          for (Resource endpoint : reach.gateways(subnet, "s3")) {
            if (!inspection.property(endpoint, POLICY).isMissing()) {
              pulling.putIfAbsent(endpoint, workload);
            }
          }
        }
      }
    }
    return pulling;
  }

  private static Verdict admits(Statement statement, Inspection inspection) {
    Verdict resource = Verdict.VIOLATED;
    Context context = inspection.context(statement.resource());
    for (Value each : statement.resources()) {
      resource = Reach.best(resource, isLayers(each, context));
    }
    boolean isPlain =
        Policies.isForEveryone(statement)
            && statement.entry("Condition").isMissing()
            && statement.entry("NotAction").isMissing()
            && statement.entry("NotResource").isMissing();
    Verdict action = Policies.covers(statement.actions(), "s3:GetObject");
    // A condition or principal can exclude the address with which ECR hands out layers.
    return Verdict.worst(
        List.of(resource, action, isPlain ? Verdict.COMPLIANT : Verdict.UNDECIDED));
  }

  private static Verdict isLayers(Value resource, Context context) {
    Optional<String> region = context.stack().region();
    Context there =
        region.isPresent()
            ? context
            : context.with("AWS::Region", "r").with("AWS::Partition", "aws");
    ResolvedText text = resource.resolvedText(there);
    if (text.text().isEmpty()) {
      // A bucket of the model is not the one of ECR.
      return text.references().isEmpty() ? Verdict.UNDECIDED : Verdict.VIOLATED;
    }
    String arn = text.text().get();
    String layer = ":s3:::" + String.format(BUCKET, region.orElse("r")) + "/layer";
    boolean fits =
        arn.equals("*")
            || List.of("aws", "aws-cn", "aws-us-gov").stream()
                .anyMatch(it -> Policies.matches(arn, "arn:" + it + layer))
            || (region.isEmpty() && ANY_BUCKET.matcher(arn).find());
    return fits ? Verdict.COMPLIANT : Verdict.VIOLATED;
  }
}
