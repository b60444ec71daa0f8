package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.StatefulResources;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * In production a stack takes nothing with it that is nowhere else.
 *
 * <p>Production is what the tag {@code environment} says, or else the name of the stack, if it
 * starts with {@code prod}. Another environment may delete what it holds. Where nobody says what
 * environment it is, a deletion policy that is written down is somebody's decision, and one that is
 * not is undecided.
 */
final class DeletionProtection implements Rule {
  private static final String PRODUCTION = "prod";

  /** Where types that hold data have their tags. */
  private static final List<String> TAGS = List.of("Tags", "FileSystemTags", "UserPoolTags");

  /** What is asked for besides, where the service has it: the property, and the value. */
  private static final Map<String, Map.Entry<String, String>> SWITCHES =
      Map.of(
          "AWS::Cognito::UserPool", Map.entry("DeletionProtection", "ACTIVE"),
          "AWS::DocDB::DBCluster", Map.entry("DeletionProtection", "true"),
          "AWS::DynamoDB::Table", Map.entry("DeletionProtectionEnabled", "true"),
          "AWS::Neptune::DBCluster", Map.entry("DeletionProtection", "true"),
          "AWS::RDS::DBCluster", Map.entry("DeletionProtection", "true"),
          "AWS::RDS::DBInstance", Map.entry("DeletionProtection", "true"));

  @Override
  public String id() {
    return "mlinfra::reliability.deletion-protection";
  }

  @Override
  public String requirement() {
    return "What production holds stays when its stack is deleted or the resource is replaced.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource resource : inspection.resources()) {
      if (StatefulResources.isIrreplaceable(resource) && !isCopy(resource)) {
        Optional<Verdict> production = production(resource, inspection);
        if (production.isEmpty()) {
          written(resource, outcomes);
        } else if (production.get() != Verdict.VIOLATED) {
          boolean certain = production.get() == Verdict.COMPLIANT;
          kept(resource, "DeletionPolicy", certain, inspection, outcomes);
          kept(resource, "UpdateReplacePolicy", certain, inspection, outcomes);
          switchedOn(resource, certain, inspection, outcomes);
        }
      }
    }
  }

  // ---- production or not

  /** Empty when nobody says. */
  private static Optional<Verdict> production(Resource resource, Inspection inspection) {
    Optional<Value> tag = tag(resource, inspection);
    if (tag.isPresent()) {
      return Optional.of(Can.be(tag.get(), DeletionProtection::startsAsProduction));
    }
    return startsAsProduction(resource.id().stack())
        ? Optional.of(Verdict.COMPLIANT)
        : Optional.empty();
  }

  private static boolean startsAsProduction(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith(PRODUCTION);
  }

  private static Optional<Value> tag(Resource resource, Inspection inspection) {
    return TAGS.stream()
        .map(property -> inspection.property(resource, property))
        .flatMap(tags -> environments(tags).stream())
        .findFirst();
  }

  private static List<Value> environments(Value tags) {
    List<Value> found = new ArrayList<>();
    tags.asMap()
        .forEach(
            (key, value) -> {
              if (isEnvironment(key)) {
                found.add(value);
              }
            });
    for (Value tag : Decide.items(tags)) {
      if (tag.entry("Key").asText().filter(DeletionProtection::isEnvironment).isPresent()) {
        found.add(tag.entry("Value"));
      }
    }
    return found;
  }

  private static boolean isEnvironment(String key) {
    return key.equalsIgnoreCase("environment") || key.equalsIgnoreCase("env");
  }

  // ---- what must hold

  private static void written(Resource resource, Outcomes.Of outcomes) {
    Value policy = resource.attribute("DeletionPolicy");
    if (policy.isMissing() && !isSnapshotByDefault(resource)) {
      outcomes.undecided(
          resource,
          "DeletionPolicy",
          policy,
          "nobody says whether what it holds may go with its stack",
          "set DeletionPolicy and UpdateReplacePolicy: Retain, or Delete where data may go; or tag"
              + " it with its environment");
    }
  }

  private static void kept(
      Resource resource,
      String attribute,
      boolean certain,
      Inspection inspection,
      Outcomes.Of outcomes) {
    Value policy = inspection.context(resource).resolve(resource.attribute(attribute));
    boolean byDefault =
        policy.isMissing() && attribute.equals("DeletionPolicy") && isSnapshotByDefault(resource);
    Verdict verdict =
        byDefault
            ? Verdict.COMPLIANT
            : Decide.oneOf(policy, "Retain", "RetainExceptOnCreate", "Snapshot");
    Can.say(
        outcomes,
        Can.judge(certain, verdict),
        resource,
        attribute,
        policy,
        attribute.equals("DeletionPolicy")
            ? "what it holds goes with its stack"
            : "what it holds is lost when it is replaced",
        "set " + attribute + " to Retain");
  }

  private static boolean isSnapshotByDefault(Resource resource) {
    return resource.type().equals("AWS::RDS::DBCluster")
        || resource.type().equals("AWS::RDS::DBInstance");
  }

  /** What an instance of a cluster holds is the cluster's; a replica's is its source's. */
  private static boolean isCopy(Resource resource) {
    return resource.type().equals("AWS::RDS::DBInstance")
        && !(resource.property("DBClusterIdentifier").isMissing()
            && resource.property("SourceDBInstanceIdentifier").isMissing());
  }

  private static void switchedOn(
      Resource resource, boolean certain, Inspection inspection, Outcomes.Of outcomes) {
    Map.Entry<String, String> wanted = SWITCHES.get(resource.type());
    if (wanted != null) {
      Value given = inspection.property(resource, wanted.getKey());
      Can.say(
          outcomes,
          Can.judge(certain, Decide.text(given, wanted.getValue()::equalsIgnoreCase)),
          resource,
          wanted.getKey(),
          given,
          "one call deletes it, without a second thought",
          "set " + wanted.getKey() + " to " + wanted.getValue());
    }
  }
}
