package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.ServiceTrust;
import dev.mlinfra.aws.internal.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachine;
import software.constructs.Construct;

/**
 * An alarm for as long as a job runs that may have used most of its budget.
 *
 * <p>Batch has no metric for how long a job runs. So with each job a state machine begins to wait;
 * if the job still runs then, it counts it in a metric until the job has ended.
 */
final class BudgetAlarm {
  private static final String NAMESPACE = "mlinfra/Training";
  private static final String METRIC = "JobsOverWarnAt";
  private static final String DIMENSION = "Fleet";
  private static final int PERIOD_SECONDS = 300;

  private final Construct scope;
  private final SpotTrainingFleetProps props;
  private final String fleet;
  private final CfnAlarm alarm;

  /**
   * @param started the events of jobs that start
   * @param seconds after which a job may have used most of its budget
   */
  BudgetAlarm(
      Construct scope,
      SpotTrainingFleetProps props,
      Map<String, Object> started,
      ITopic topic,
      long seconds) {
    this.scope = scope;
    this.props = props;
    fleet = scope.getNode().getPath();
    alarm = newAlarm(topic);
    NotifyingRule.letPublish(
        scope, topic, "TellOfBudget", "cloudwatch.amazonaws.com", List.of(alarm.getAttrArn()));
    watch(started, seconds);
  }

  CfnAlarm alarm() {
    return alarm;
  }

  private CfnAlarm newAlarm(ITopic topic) {
    return CfnAlarm.Builder.create(scope, "BudgetAlarm")
        .alarmDescription(
            "A job of %s runs that may have used %d percent of its budget of %s USD"
                .formatted(fleet, Math.round(props.getWarnAt() * 100), props.getJobBudgetUsd()))
        .namespace(NAMESPACE)
        .metricName(METRIC)
        .dimensions(
            List.of(CfnAlarm.DimensionProperty.builder().name(DIMENSION).value(fleet).build()))
        .statistic("Sum")
        .period(PERIOD_SECONDS)
        .evaluationPeriods(1)
        .threshold(1)
        .comparisonOperator("GreaterThanOrEqualToThreshold")
        .treatMissingData("notBreaching")
        .alarmActions(List.of(topic.getTopicArn()))
        .build();
  }

  private void watch(Map<String, Object> started, long seconds) {
    Role role =
        role("LongRunRole", "Counts jobs that may have used their budget", "states.amazonaws.com");
    // These two know no resource.
    Statement.of("SeeJobs", List.of("batch:DescribeJobs"), List.of("*")).addTo(role);
    new Statement(
            "CountJobs",
            List.of("cloudwatch:PutMetricData"),
            List.of("*"),
            Map.of("StringEquals", Map.of("cloudwatch:namespace", NAMESPACE)))
        .addTo(role);
    CfnStateMachine machine =
        CfnStateMachine.Builder.create(scope, "LongRun")
            .roleArn(role.getRoleArn())
            .stateMachineType("STANDARD")
            .definition(definition(seconds))
            .build();
    machine.getNode().addDependency(role);
    Role starter = role("LongRunStarterRole", "Starts to wait with a job", "events.amazonaws.com");
    Statement.of("Start", List.of("states:StartExecution"), List.of(machine.getRef()))
        .addTo(starter);
    CfnRule.Builder.create(scope, "Running")
        .description("A training job starts to run")
        .eventPattern(started)
        .targets(
            List.of(
                CfnRule.TargetProperty.builder()
                    .id("LongRun")
                    .arn(machine.getRef())
                    .roleArn(starter.getRoleArn())
                    .build()))
        .build();
  }

  private Role role(String id, String description, String service) {
    return Role.Builder.create(scope, id)
        .description(description)
        .path(props.getRolePath())
        .assumedBy(ServiceTrust.ofAccount(scope, service))
        .build();
  }

  private Map<String, Object> definition(long seconds) {
    Map<String, Object> states = new LinkedHashMap<>();
    states.put("Wait", Map.of("Type", "Wait", "Seconds", seconds, "Next", "Look"));
    states.put("Look", look());
    states.put(
        "Runs",
        Map.of(
            "Type", "Choice",
            "Choices",
                Stream.of("RUNNABLE", "STARTING", "RUNNING")
                    .map(
                        status ->
                            Map.of(
                                "Variable",
                                "$.now.status",
                                "StringEquals",
                                status,
                                "Next",
                                "Count"))
                    .toList(),
            "Default", "Done"));
    states.put("Count", count());
    states.put("Pause", Map.of("Type", "Wait", "Seconds", PERIOD_SECONDS, "Next", "Look"));
    states.put("Done", Map.of("Type", "Succeed"));
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("Comment", "Counts a job that runs when most of its budget may be spent");
    definition.put("StartAt", "Wait");
    definition.put(
        "TimeoutSeconds",
        props.getAttempts() * props.getMaxRuntime().toSeconds().longValue() + 3600);
    definition.put("States", states);
    return definition;
  }

  private Map<String, Object> look() {
    return task(
        "batch:describeJobs",
        Map.of("Jobs.$", "States.Array($.detail.jobId)"),
        Map.of(
            "ResultSelector", Map.of("status.$", "$.Jobs[0].Status"),
            "ResultPath", "$.now",
            "Next", "Runs"));
  }

  private Map<String, Object> count() {
    Map<String, Object> about = new LinkedHashMap<>();
    // The job's id is looked at again.
    about.put("ResultPath", "$.counted");
    about.put("Next", "Pause");
    return task(
        "cloudwatch:putMetricData",
        Map.of(
            "Namespace",
            NAMESPACE,
            "MetricData",
            List.of(
                Map.of(
                    "MetricName",
                    METRIC,
                    "Dimensions",
                    List.of(Map.of("Name", DIMENSION, "Value", fleet)),
                    "Value",
                    1,
                    "Unit",
                    "Count"))),
        about);
  }

  private Map<String, Object> task(
      String call, Map<String, Object> parameters, Map<String, Object> more) {
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("Type", "Task");
    task.put(
        "Resource", "arn:%s:states:::aws-sdk:%s".formatted(Stack.of(scope).getPartition(), call));
    task.put("Parameters", parameters);
    task.putAll(more);
    return task;
  }
}
