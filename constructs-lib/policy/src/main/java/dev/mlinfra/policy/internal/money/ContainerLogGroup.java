package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Property;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;

/** Containers log to a group that is made before them: one that they make keeps logs for ever. */
final class ContainerLogGroup implements Rule {
  private static final String BATCH_GROUP = "/aws/batch/job";

  private static final List<String> BATCH =
      List.of(
          "ContainerProperties.LogConfiguration",
          "EcsProperties.TaskProperties[].Containers[].LogConfiguration",
          "NodeProperties.NodeRangeProperties[].Container.LogConfiguration",
          "NodeProperties.NodeRangeProperties[].EcsProperties.TaskProperties[].Containers[]"
              + ".LogConfiguration");

  @Override
  public String id() {
    return "mlinfra::money.container-log-group";
  }

  @Override
  public String requirement() {
    return "Containers of Batch and ECS name a log group, and do not make it themselves.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource job : inspection.resources("AWS::Batch::JobDefinition")) {
      for (String path : BATCH) {
        for (Property logs : Property.of(inspection.properties(job), path)) {
          say(job, logs, Decide.each(logs.value(), it -> batch(it, job, inspection)), outcomes);
        }
      }
    }
    for (Resource task : inspection.resources("AWS::ECS::TaskDefinition")) {
      for (Property logs :
          Property.of(inspection.properties(task), "ContainerDefinitions[].LogConfiguration")) {
        // Without a driver nothing is logged, and other drivers log elsewhere.
        if (Decide.oneOf(logs.value().entry("LogDriver"), "awslogs") != Verdict.VIOLATED) {
          say(task, logs, Decide.each(logs.value(), it -> named(it, task, inspection)), outcomes);
        }
      }
    }
  }

  private static void say(Resource resource, Property logs, Verdict verdict, Outcomes.Of outcomes) {
    outcomes.decided(
        verdict,
        resource,
        logs.at(),
        logs.value(),
        "the log group is made when first written to, and keeps logs for ever",
        "set awslogs-group to a log group with RetentionInDays, and leave out"
            + " awslogs-create-group");
  }

  /** Batch logs to a group of its own for all jobs of an account when nothing else is said. */
  private static Verdict batch(Value logs, Resource job, Inspection inspection) {
    if (logs.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    boolean made = LogGroups.of(inspection).has(BATCH_GROUP, job);
    if (Decide.present(logs) == Verdict.VIOLATED) {
      return made ? Verdict.COMPLIANT : Verdict.VIOLATED;
    }
    Verdict driver = Decide.oneOf(logs.entry("LogDriver"), "awslogs");
    if (driver == Verdict.VIOLATED) {
      return Verdict.COMPLIANT;
    }
    Verdict group = Decide.present(logs.at("Options.awslogs-group"));
    Verdict own = group == Verdict.VIOLATED && made ? Verdict.COMPLIANT : group;
    return Verdict.worst(List.of(own, named(logs, job, inspection)));
  }

  private static Verdict named(Value logs, Resource resource, Inspection inspection) {
    Value group = logs.at("Options.awslogs-group");
    Verdict makes = Decide.isTrue(logs.at("Options.awslogs-create-group"));
    if (makes == Verdict.VIOLATED || isInModel(group, resource, inspection)) {
      return Verdict.COMPLIANT;
    }
    return group.isSymbolic()
        ? Verdict.UNDECIDED
        : makes.equals(Verdict.COMPLIANT) ? Verdict.VIOLATED : makes;
  }

  private static boolean isInModel(Value group, Resource resource, Inspection inspection) {
    boolean named =
        inspection.named(group).filter(it -> it.type().equals("AWS::Logs::LogGroup")).isPresent();
    String name = group.resolvedText(inspection.context(resource)).toString();
    return named || LogGroups.of(inspection).has(name, resource);
  }
}
