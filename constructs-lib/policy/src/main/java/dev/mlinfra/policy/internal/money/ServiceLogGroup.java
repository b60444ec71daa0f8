package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Property;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.States;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;

/**
 * A service that finds no log group makes one, which keeps logs for ever. So the group is there
 * first: named in the service's settings, or made under the name that the service would choose.
 * What the CDK adds by itself, such as providers of custom resources, is billed like all else.
 */
final class ServiceLogGroup implements Rule {
  private static final String MAKE = "make this log group, with RetentionInDays";

  /** The groups of SageMaker's jobs, one for all jobs of an account, by the call. */
  private static final Map<String, String> JOBS =
      Map.of(
          "sagemaker:createTrainingJob", "/aws/sagemaker/TrainingJobs",
          "sagemaker:createHyperParameterTuningJob", "/aws/sagemaker/TrainingJobs",
          "sagemaker:createProcessingJob", "/aws/sagemaker/ProcessingJobs",
          "sagemaker:createTransformJob", "/aws/sagemaker/TransformJobs");

  @Override
  public String id() {
    return "mlinfra::money.service-log-group";
  }

  @Override
  public String requirement() {
    return "What logs to a group that its service would make has that group made with a retention.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource function : inspection.resources("AWS::Lambda::Function")) {
      namedAfter(
          function,
          "LoggingConfig.LogGroup",
          Decide.present(inspection.property(function, "LoggingConfig.LogGroup")),
          "/aws/lambda/",
          "FunctionName",
          "",
          "set LoggingConfig.LogGroup to a log group with RetentionInDays",
          inspection,
          outcomes);
    }
    for (Resource project : inspection.resources("AWS::CodeBuild::Project")) {
      Value logs = inspection.property(project, "LogsConfig.CloudWatchLogs");
      namedAfter(
          project,
          "LogsConfig.CloudWatchLogs.GroupName",
          Decide.best(
              List.of(
                  Decide.present(logs.entry("GroupName")),
                  Decide.oneOf(logs.entry("Status"), "DISABLED"))),
          "/aws/codebuild/",
          "Name",
          "",
          "set LogsConfig.CloudWatchLogs.GroupName to a log group with RetentionInDays",
          inspection,
          outcomes);
    }
    for (Resource cluster : inspection.resources("AWS::EKS::Cluster")) {
      for (Property types :
          Property.of(inspection.properties(cluster), "Logging.ClusterLogging.EnabledTypes")) {
        namedAfter(
            cluster,
            types.at(),
            Decide.each(types.value(), ServiceLogGroup::isEmpty),
            "/aws/eks/",
            "Name",
            "/cluster",
            MAKE,
            inspection,
            outcomes);
      }
    }
    for (Resource endpoint : inspection.resources("AWS::SageMaker::Endpoint")) {
      namedAfter(
          endpoint,
          "EndpointName",
          Verdict.VIOLATED,
          "/aws/sagemaker/Endpoints/",
          "EndpointName",
          "",
          MAKE,
          inspection,
          outcomes);
    }
    for (Resource job : inspection.resources("AWS::SageMaker::ProcessingJob")) {
      ofAccount(job, "", "/aws/sagemaker/ProcessingJobs", inspection, outcomes);
    }
    for (Resource notebook : inspection.resources("AWS::SageMaker::NotebookInstance")) {
      ofAccount(notebook, "", "/aws/sagemaker/NotebookInstances", inspection, outcomes);
    }
    for (States.Machine machine : States.machines(inspection)) {
      for (States.State state : machine.states()) {
        JOBS.forEach(
            (call, group) -> {
              if (state.calls().contains(call)) {
                ofAccount(machine.resource(), state.place(), group, inspection, outcomes);
              }
            });
      }
    }
  }

  private static Verdict isEmpty(Value list) {
    if (list.isSymbolic()) {
      return Verdict.UNDECIDED;
    }
    return list.asList().isEmpty() ? Verdict.COMPLIANT : Verdict.VIOLATED;
  }

  /**
   * A group that has the name of the resource in its own.
   *
   * @param settled whether the settings already name a group, or turn logs off
   */
  private static void namedAfter(
      Resource resource,
      String at,
      Verdict settled,
      String before,
      String property,
      String after,
      String fix,
      Inspection inspection,
      Outcomes.Of outcomes) {
    LogGroups groups = LogGroups.of(inspection);
    String name = groups.name(resource, property);
    outcomes.decided(
        groups.hasFor(resource, before, property, after) ? Verdict.COMPLIANT : settled,
        resource,
        at,
        new Value.Missing(),
        problem(before + (name.isEmpty() ? "NAME" : name) + after),
        fix);
  }

  /** A group with a fixed name; when only one template is known, it can stand in another one. */
  private static void ofAccount(
      Resource resource, String at, String group, Inspection inspection, Outcomes.Of outcomes) {
    Verdict elsewhere =
        inspection.model().kind() == SourceKind.ASSEMBLY ? Verdict.VIOLATED : Verdict.UNDECIDED;
    outcomes.say(
        LogGroups.of(inspection).has(group, resource) ? Verdict.COMPLIANT : elsewhere,
        resource,
        at,
        new Value.Missing(),
        elsewhere == Verdict.UNDECIDED
            ? problem(group) + ", unless another template makes it"
            : problem(group),
        MAKE);
  }

  private static String problem(String group) {
    return "the service makes the log group " + group + ", which keeps logs for ever";
  }
}
