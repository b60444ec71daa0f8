package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.policy.internal.iam.IamAction.AccessLevel;
import dev.mlinfra.policy.internal.iam.NamedResource.Reach;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An action that needs {@code Resource: "*"} and changes something has a condition, when there is
 * one that says what it acts on: {@code cloudwatch:PutMetricData} its namespace.
 *
 * <p>Only keys that name the thing count ({@link #NARROWING}). Those that the service takes for how
 * a request comes in ({@code ec2:Region}, {@code s3:TlsVersion}, {@code ses:ApiVersion}), for the
 * tags of what is made, or for its settings ({@code kms:KeySpec}) leave as many things in reach, so
 * nobody is asked for them. Actions that read or list ({@code ec2:Describe*}, {@code
 * ecr:GetAuthorizationToken}) change nothing and are left alone. Actions that could name a resource
 * are the matter of {@link AvoidableStar}, wildcards that of {@link ActionWildcard}. Which
 * condition stands there is not judged: any one satisfies.
 */
final class UnconditionedStar implements Rule {
  /** The keys that name what an action without a resource acts on. */
  static final Set<String> NARROWING =
      Set.of(
          "aoss:collection",
          "aoss:index",
          "cloudwatch:namespace",
          "cloudwatch:requestManagedResourceARNs",
          "cognito-identity:IdentityPoolArn",
          "connect:InstanceId",
          "datapipeline:workerGroup",
          "ec2:ResourceTag/${TagKey}",
          "ecs:account-setting",
          "iot:ThingGroupArn",
          "iot:thingArn",
          "lambda:FunctionArn",
          "organizations:ServicePrincipal",
          "ram:ResourceArn",
          "route53:VPCs",
          "route53profiles:ResourceArns",
          "servicequotas:service",
          "transcribe:OutputBucketName",
          "xray:ResourcePolicyName");

  @Override
  public String id() {
    return "mlinfra::iam.unconditioned-star";
  }

  @Override
  public String requirement() {
    return "Resource \"*\" of an action that changes something has a condition where one narrows it.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Statement statement : Statements.of(inspection, Kind.IDENTITY)) {
      if (statement.allow()) {
        check(statement, inspection, outcomes);
      }
    }
  }

  private static void check(Statement statement, Inspection inspection, Outcomes.Of outcomes) {
    boolean everything =
        NamedAction.stands(statement.entry("NotResource"))
            || NamedResource.of(inspection, statement).stream()
                .anyMatch(it -> it.reach() == Reach.EVERYTHING);
    Optional<IamAction> found =
        everything ? narrowable(NamedAction.of(inspection, statement)) : Optional.empty();
    if (found.isEmpty()) {
      return;
    }
    IamAction action = found.get();
    Value condition = statement.entry("Condition");
    outcomes.say(
        Decide.each(condition, UnconditionedStar::conditioned),
        statement.resource(),
        statement.at("Condition"),
        condition,
        condition.isMissing()
            ? "allows " + action.id() + " on everything without a condition"
            : "whether " + action.id() + " has a condition is known only when deployed",
        "bound it with " + keys(action).get(0));
  }

  private static Verdict conditioned(Value condition) {
    if (condition.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    return condition.asMap().isEmpty() ? Verdict.VIOLATED : Verdict.COMPLIANT;
  }

  private static Optional<IamAction> narrowable(List<NamedAction> actions) {
    return actions.stream()
        .filter(it -> it.text().filter(text -> !IamFacts.isPattern(text)).isPresent())
        .flatMap(it -> it.actions().stream())
        .filter(UnconditionedStar::isNarrowable)
        .findFirst();
  }

  /** Whether an action is one that this rule is about. */
  static boolean isNarrowable(IamAction action) {
    boolean changes = action.level() != AccessLevel.LIST && action.level() != AccessLevel.READ;
    return changes && !action.alwaysHasResource() && !keys(action).isEmpty();
  }

  private static List<String> keys(IamAction action) {
    return action.conditionKeys().stream().filter(NARROWING::contains).sorted().toList();
  }
}
