package dev.mlinfra.policy.internal.iam;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.policy.internal.DataFile;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The policies that AWS manages are made for everybody, and change; few are narrow enough. */
final class ManagedPolicy implements Rule {
  private static final Pattern OF_AWS =
      Pattern.compile("arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)");
  private static final String FIX = "write a policy with the actions and resources that are needed";

  private record Review(Glob name, boolean admitted, String reason) {}

  private static final List<Review> REVIEWS =
      DataFile.read(ManagedPolicy.class, "managed-policies.csv").stream()
          .map(ManagedPolicy::review)
          .toList();

  private static Review review(NamedCsvRecord row) {
    return new Review(
        new Glob(row.getField("name")),
        row.getField("verdict").equals("admitted"),
        row.getField("reason"));
  }

  @Override
  public String id() {
    return "mlinfra::iam.managed-policy";
  }

  @Override
  public String requirement() {
    return "No identity has a policy that AWS manages, except those that are reviewed as narrow.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Set<ResourceId> ofSageMaker = trustedBy("sagemaker.amazonaws.com", inspection);
    for (Resource identity :
        inspection.resources("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")) {
      List<Value> arns = Decide.items(inspection.property(identity, "ManagedPolicyArns"));
      for (Value arn : arns) {
        if (inspection
            .named(arn)
            .filter(it -> it.type().equals("AWS::IAM::ManagedPolicy"))
            .isEmpty()) {
          check(identity, arn, ofSageMaker.contains(identity.id()), inspection, outcomes);
        }
      }
    }
  }

  private static Set<ResourceId> trustedBy(String service, Inspection inspection) {
    Set<ResourceId> roles = new HashSet<>();
    for (Statement trust : Statements.of(inspection, Kind.TRUST)) {
      if (trust.allow()
          && Principal.of(trust, inspection).stream()
              .anyMatch(it -> it.isService() && Principal.service(it.name()).equals(service))) {
        roles.add(trust.resource().id());
      }
    }
    return roles;
  }

  private static void check(
      Resource identity,
      Value arn,
      boolean ofSageMaker,
      Inspection inspection,
      Outcomes.Of outcomes) {
    Glob name = Glob.of(arn, inspection, identity);
    Matcher ofAws = OF_AWS.matcher(name.text());
    if (!ofAws.matches() || new Glob(ofAws.group(1)).hasUnknown()) {
      outcomes.undecided(
          identity,
          "ManagedPolicyArns",
          arn,
          "what " + name + " allows is not in the template",
          FIX + ", in the template");
      return;
    }
    String policy = ofAws.group(1);
    Optional<Review> review =
        REVIEWS.stream().filter(it -> it.name().matches(policy) == Ternary.TRUE).findFirst();
    if (review.filter(Review::admitted).isPresent()) {
      outcomes.compliant(identity, "ManagedPolicyArns");
    } else {
      outcomes.violated(
          identity,
          "ManagedPolicyArns",
          arn,
          (ofSageMaker ? "gives jobs and endpoints of SageMaker " : "gives ")
              + policy
              + ": "
              + review.map(Review::reason).orElse("AWS manages it, and nobody has reviewed it"),
          FIX);
    }
  }
}
