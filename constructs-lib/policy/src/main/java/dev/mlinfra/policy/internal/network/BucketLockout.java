package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.ResolvedText;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A bucket that answers only one network still answers those who use it and those who mend it.
 *
 * <p>A statement is looked at that denies everyone who comes from elsewhere: {@code Deny} with
 * {@code StringNotEquals}, {@code NotIpAddress} or the like on the VPC, the endpoint or the
 * address. It locks out
 *
 * <ul>
 *   <li>a role of the model that is allowed to use the bucket and whose workload is in no VPC, or
 *       in another one, or has no endpoint; unless {@code aws:PrincipalArn} leaves the role out;
 *   <li>the administrators of the account and CloudFormation, when it also denies changing the
 *       policy of the bucket and nothing else narrows it. {@code aws:PrincipalIsAWSService} does
 *       not help them: it leaves out services that act for themselves only. Any other condition key
 *       does.
 * </ul>
 */
final class BucketLockout implements Rule {
  private static final String VPC_KEY = "aws:sourcevpc";
  private static final String ENDPOINT_KEY = "aws:sourcevpce";
  private static final Set<String> NETWORK_KEYS =
      Set.of(VPC_KEY, ENDPOINT_KEY, "aws:sourceip", "aws:vpcsourceip");
  private static final String PRINCIPAL_KEY = "aws:principalarn";
  private static final String SERVICES_KEY = "aws:principalisawsservice";

  private static final String FIX =
      "leave out the roles that deploy and use the bucket with ArnNotLike on aws:PrincipalArn";

  @Override
  public String id() {
    return "mlinfra::network.bucket-lockout";
  }

  @Override
  public String requirement() {
    return "A bucket bound to a network does not lock out its users or its administrators.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.RESOURCE)) {
      if (statement.resource().type().equals("AWS::S3::BucketPolicy") && !statement.allow()) {
        Lock lock = new Lock(inspection, statement);
        if (!lock.network.isEmpty() && Policies.isForEveryone(statement)) {
          lock.say(outcomes);
        }
      }
    }
  }

  /** A statement that denies everyone from elsewhere. */
  private static final class Lock {
    private final Inspection inspection;
    private final Reach reach;
    private final Statement statement;

    /** The values of the condition keys on the network, and of all others. */
    private final Map<String, List<Value>> network = new LinkedHashMap<>();

    private final Map<String, List<Value>> others = new LinkedHashMap<>();
    private final List<String> lockedOut = new ArrayList<>();
    private final List<String> perhaps = new ArrayList<>();

    Lock(Inspection inspection, Statement statement) {
      this.inspection = inspection;
      this.reach = Reach.of(inspection);
      this.statement = statement;
      statement
          .entry("Condition")
          .asMap()
          .forEach(
              (operator, keys) ->
                  keys.asMap()
                      .forEach(
                          (name, values) -> {
                            String key = name.toLowerCase(Locale.ROOT);
                            boolean elsewhere =
                                NETWORK_KEYS.contains(key) && operator.contains("Not");
                            (elsewhere ? network : others)
                                .computeIfAbsent(key, it -> new ArrayList<>())
                                .addAll(Decide.items(values));
                          }));
    }

    void say(Outcomes.Of outcomes) {
      users();
      String at = statement.at("Condition");
      Value given = statement.entry("Condition");
      Resource policy = statement.resource();
      if (locksOutAdministrators()) {
        outcomes.violated(
            policy,
            at,
            given,
            "nobody outside the network can change the policy again, not even administrators",
            FIX + ", or deny only actions on objects");
      } else if (!lockedOut.isEmpty()) {
        outcomes.violated(policy, at, given, "locks out " + String.join(", ", lockedOut), FIX);
      } else if (!perhaps.isEmpty()) {
        outcomes.undecided(
            policy,
            at,
            given,
            "whether it locks out " + String.join(", ", perhaps) + " is known only when deployed",
            FIX);
      } else if (statement.actions().stream().anyMatch(Value::isSymbolic)) {
        outcomes.undecided(
            policy, at, given, "what it denies everyone is known only when deployed", FIX);
      } else {
        outcomes.compliant(policy, at);
      }
    }

    private boolean locksOutAdministrators() {
      boolean narrowed = others.keySet().stream().anyMatch(it -> !it.equals(SERVICES_KEY));
      boolean onBucket =
          statement.resources().stream()
              .map(it -> it.resolvedText(inspection.context(statement.resource())))
              .anyMatch(it -> !it.suffix().endsWith("/*"));
      return !narrowed
          && onBucket
          && Policies.covers(statement.actions(), "s3:PutBucketPolicy") == Verdict.COMPLIANT
          && Policies.covers(statement.actions(), "s3:DeleteBucketPolicy") == Verdict.COMPLIANT;
    }

    private void users() {
      Optional<Resource> bucket =
          inspection.named(inspection.property(statement.resource(), "Bucket"));
      if (bucket.isEmpty()) {
        return;
      }
      for (ResourceId role : rolesThatUse(bucket.get())) {
        Verdict exempt = isLeftOut(role);
        if (exempt == Verdict.COMPLIANT) {
          continue;
        }
        int before = lockedOut.size() + perhaps.size();
        boolean seen = workloads(role, exempt);
        if (!seen && before == lockedOut.size() + perhaps.size()) {
          perhaps.add(role.name());
        }
      }
    }

    /** The roles that a policy of theirs allows something on the bucket which is denied here. */
    private Set<ResourceId> rolesThatUse(Resource bucket) {
      Set<ResourceId> roles = new LinkedHashSet<>();
      for (Statement grant : Statements.of(inspection, Kind.IDENTITY)) {
        if (grant.allow()
            && grant.resources().stream().anyMatch(it -> isAbout(bucket, grant, it))
            && grant.actions().stream()
                .flatMap(it -> it.asText().stream())
                .anyMatch(this::isDenied)) {
          roles.addAll(grant.identities());
        }
      }
      return roles;
    }

    /** Policies name a bucket by reference, or by its name where stacks do not know each other. */
    private boolean isAbout(Resource bucket, Statement grant, Value resource) {
      ResolvedText arn = resource.resolvedText(inspection.context(grant.resource()));
      Value name = inspection.property(bucket, "BucketName");
      String start = ":s3:::" + name.resolvedText(inspection.context(bucket));
      boolean isNamed =
          !name.isMissing()
              && (arn.toString().endsWith(start) || arn.toString().contains(start + "/"));
      return isNamed || arn.references().contains(bucket.id());
    }

    /** Whether an action, perhaps with a star, is certainly denied here. */
    private boolean isDenied(String action) {
      return action.toLowerCase(Locale.ROOT).startsWith("s3:")
          && Policies.covers(statement.actions(), action) == Verdict.COMPLIANT;
    }

    private Verdict isLeftOut(ResourceId role) {
      List<Value> principals = others.getOrDefault(PRINCIPAL_KEY, List.of());
      for (Value each : principals) {
        if (each.resolvedText(inspection.context(statement.resource()))
            .references()
            .contains(role)) {
          return Verdict.COMPLIANT;
        }
      }
      boolean nothingElse = others.keySet().stream().allMatch(it -> it.equals(SERVICES_KEY));
      boolean onlyOtherRoles =
          others.keySet().stream().allMatch(Set.of(PRINCIPAL_KEY, SERVICES_KEY)::contains)
              && principals.stream().allMatch(it -> inspection.named(it).isPresent());
      return nothingElse || onlyOtherRoles ? Verdict.VIOLATED : Verdict.UNDECIDED;
    }

    /** Looks at everything that acts with a role; says whether there is something. */
    private boolean workloads(ResourceId role, Verdict exempt) {
      boolean seen = false;
      for (Workload workload : Workloads.of(inspection)) {
        if (workload.roles().contains(role)) {
          seen = true;
          String name = workload.resource().id().name();
          add(
              Reach.best(exempt, comesThrough(workload.placement())),
              name + ", which does not come through the endpoint",
              name);
        }
      }
      for (Resource function : inspection.resources("AWS::Lambda::Function")) {
        boolean acts =
            inspection
                .named(inspection.property(function, "Role"))
                .filter(it -> it.id().equals(role))
                .isPresent();
        if (acts && Decide.items(inspection.property(function, "VpcConfig.SubnetIds")).isEmpty()) {
          seen = true;
          String name = function.id().name();
          add(exempt, name + ", which is in no VPC", name);
        }
      }
      return seen;
    }

    private void add(Verdict admitted, String lockedOutAs, String name) {
      if (admitted == Verdict.VIOLATED) {
        lockedOut.add(lockedOutAs);
      } else if (admitted == Verdict.UNDECIDED) {
        perhaps.add(name);
      }
    }

    /** Whether everything in some subnets comes from where the bucket answers. */
    private Verdict comesThrough(Placement placement) {
      return Verdict.worst(
          placement.subnets().stream().map(it -> comesThrough(placement, it)).toList());
    }

    private Verdict comesThrough(Placement placement, Value subnet) {
      List<Verdict> answers = new ArrayList<>();
      network.forEach(
          (key, values) -> {
            for (Value value : values) {
              Optional<Resource> wanted = inspection.named(value);
              if (wanted.isEmpty() || reach.subnet(subnet).isEmpty()) {
                answers.add(Verdict.UNDECIDED);
              } else if (key.equals(ENDPOINT_KEY)) {
                answers.add(throughEndpoint(subnet, wanted.get()));
              } else if (key.equals(VPC_KEY)) {
                answers.add(fromVpc(placement, subnet, wanted.get()));
              } else {
                answers.add(Verdict.UNDECIDED);
              }
            }
          });
      return Reach.best(answers);
    }

    private Verdict throughEndpoint(Value subnet, Resource endpoint) {
      boolean isGateway = reach.gateways().stream().anyMatch(it -> it.resource().equals(endpoint));
      return isGateway ? reach.goesThrough(subnet, endpoint) : Verdict.UNDECIDED;
    }

    /** The VPC is known to the bucket only when the request comes through an endpoint. */
    private Verdict fromVpc(Placement placement, Value subnet, Resource vpc) {
      boolean there =
          inspection.named(reach.vpc(reach.subnet(subnet).orElseThrow())).equals(Optional.of(vpc));
      return there ? reach.byEndpoint(placement, subnet, "s3") : Verdict.VIOLATED;
    }
  }
}
