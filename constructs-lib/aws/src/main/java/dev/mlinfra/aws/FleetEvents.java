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
import software.amazon.awscdk.services.fis.CfnExperimentTemplate;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.stepfunctions.CfnStateMachine;
import software.constructs.Construct;

/** Who is told of what happens to a fleet and its jobs, and the drill. */
final class FleetEvents {
  private final Construct scope;
  private final SpotTrainingFleetProps props;
  private final List<String> queues;
  private final ITopic topic;
  private final CfnRule interruption;
  private final CfnRule failure;

  FleetEvents(
      Construct scope,
      SpotTrainingFleetProps props,
      List<String> queues,
      ITopic topic,
      long warnAfterSeconds) {
    this.scope = scope;
    this.props = props;
    this.queues = queues;
    this.topic = topic;
    // The notice names an instance and nothing of its fleet, so it is that of the whole account.
    interruption =
        tell(
            "Interruption",
            "A spot machine of this account is taken away",
            Map.of(
                "source", List.of("aws.ec2"),
                "detail-type", List.of("EC2 Spot Instance Interruption Warning")),
            Map.of("instance", "$.detail.instance-id"),
            "Machine <instance> is taken away in two minutes. Its job goes on from its"
                + " checkpoint.");
    failure =
        tell(
            "Failure",
            "A training job has failed",
            jobs("FAILED"),
            Map.of(
                "job",
                "$.detail.jobName",
                "id",
                "$.detail.jobId",
                "reason",
                "$.detail.statusReason"),
            "Job <job> (<id>) has failed: <reason>.");
    letTell();
    longRuns(warnAfterSeconds);
    if (props.isInterruptionDrill()) {
      drill();
    }
  }

  SpotTrainingFleetMetrics metrics() {
    return new SpotTrainingFleetMetrics(interruption.getRef(), failure.getRef());
  }

  private Map<String, Object> jobs(String status) {
    return Map.of(
        "source", List.of("aws.batch"),
        "detail-type", List.of("Batch Job State Change"),
        "detail", Map.of("jobQueue", queues, "status", List.of(status)));
  }

  private CfnRule tell(
      String id,
      String description,
      Map<String, Object> pattern,
      Map<String, String> paths,
      String text) {
    return CfnRule.Builder.create(scope, id)
        .description(description)
        .eventPattern(pattern)
        .targets(
            List.of(
                CfnRule.TargetProperty.builder()
                    .id("Notifications")
                    .arn(topic.getTopicArn())
                    .inputTransformer(
                        CfnRule.InputTransformerProperty.builder()
                            .inputPathsMap(paths)
                            .inputTemplate("\"" + text + "\"")
                            .build())
                    .build()))
        .build();
  }

  private void letTell() {
    topic.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("TellOfFleet")
            .principals(List.of(new ServicePrincipal("events.amazonaws.com")))
            .actions(List.of("sns:Publish"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(
                Map.of(
                    "StringEquals", Map.of("aws:SourceAccount", Stack.of(scope).getAccount()),
                    "ArnEquals",
                        Map.of(
                            "aws:SourceArn",
                            List.of(interruption.getAttrArn(), failure.getAttrArn()))))
            .build());
  }

  /** Waits from the start of a job until most of its budget may be spent, and looks then. */
  private void longRuns(long seconds) {
    Role role = role("LongRunRole", "Tells of jobs that run long", "states.amazonaws.com");
    // It knows no resource.
    Statement.of("SeeJobs", List.of("batch:DescribeJobs"), List.of("*")).addTo(role);
    Statement.of("Tell", List.of("sns:Publish"), List.of(topic.getTopicArn())).addTo(role);
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
        .eventPattern(jobs("RUNNING"))
        .targets(
            List.of(
                CfnRule.TargetProperty.builder()
                    .id("LongRun")
                    .arn(machine.getRef())
                    .roleArn(starter.getRoleArn())
                    .build()))
        .build();
  }

  private Map<String, Object> definition(long seconds) {
    String partition = Stack.of(scope).getPartition();
    Map<String, Object> states = new LinkedHashMap<>();
    states.put("Wait", Map.of("Type", "Wait", "Seconds", seconds, "Next", "Look"));
    states.put(
        "Look",
        Map.of(
            "Type",
            "Task",
            "Resource",
            "arn:" + partition + ":states:::aws-sdk:batch:describeJobs",
            "Parameters",
            Map.of("Jobs.$", "States.Array($.detail.jobId)"),
            "ResultSelector",
            Map.of("status.$", "$.Jobs[0].Status"),
            "ResultPath",
            "$.now",
            "Next",
            "Runs"));
    states.put(
        "Runs",
        Map.of(
            "Type", "Choice",
            "Choices",
                Stream.of("RUNNABLE", "STARTING", "RUNNING")
                    .map(
                        status ->
                            Map.of(
                                "Variable", "$.now.status", "StringEquals", status, "Next", "Tell"))
                    .toList(),
            "Default", "Done"));
    states.put(
        "Tell",
        Map.of(
            "Type",
            "Task",
            "Resource",
            "arn:" + partition + ":states:::sns:publish",
            "Parameters",
            Map.of(
                "TopicArn", topic.getTopicArn(),
                "Message.$",
                    "States.Format('Job {} still runs and may have used %s percent of its budget of %s USD.', $.detail.jobName)"
                        .formatted(Math.round(props.getWarnAt() * 100), props.getJobBudgetUsd())),
            "Next",
            "Done"));
    states.put("Done", Map.of("Type", "Succeed"));
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put(
        "Comment", "Tells of a job that still runs when most of its budget may be spent");
    definition.put("StartAt", "Wait");
    definition.put("TimeoutSeconds", seconds + 3600);
    definition.put("States", states);
    return definition;
  }

  private void drill() {
    String fleet = scope.getNode().getPath();
    Stack stack = Stack.of(scope);
    Role role = role("DrillRole", "Interrupts a machine of the fleet", "fis.amazonaws.com");
    new Statement(
            "Interrupt",
            List.of("ec2:SendSpotInstanceInterruptions"),
            List.of(
                "arn:%s:ec2:%s:%s:instance/*"
                    .formatted(stack.getPartition(), stack.getRegion(), stack.getAccount())),
            Map.of("StringEquals", Map.of("aws:ResourceTag/" + SpotTrainingFleet.FLEET_TAG, fleet)))
        .addTo(role);
    // It knows no resource.
    Statement.of("FindMachines", List.of("ec2:DescribeInstances"), List.of("*")).addTo(role);
    CfnAlarm alarm =
        CfnAlarm.Builder.create(scope, "DrillStop")
            .alarmDescription("Stops the drill: a training job has failed")
            .namespace("AWS/Events")
            .metricName("MatchedEvents")
            .dimensions(
                List.of(
                    CfnAlarm.DimensionProperty.builder()
                        .name("RuleName")
                        .value(failure.getRef())
                        .build()))
            .statistic("Sum")
            .period(60)
            .evaluationPeriods(1)
            .threshold(1)
            .comparisonOperator("GreaterThanOrEqualToThreshold")
            .treatMissingData("notBreaching")
            .build();
    CfnExperimentTemplate.Builder.create(scope, "Drill")
        .description("Interrupts one spot machine of " + fleet)
        .roleArn(role.getRoleArn())
        .stopConditions(
            List.of(
                CfnExperimentTemplate.ExperimentTemplateStopConditionProperty.builder()
                    .source("aws:cloudwatch:alarm")
                    .value(alarm.getAttrArn())
                    .build()))
        .targets(
            Map.of(
                "machine",
                CfnExperimentTemplate.ExperimentTemplateTargetProperty.builder()
                    .resourceType("aws:ec2:spot-instance")
                    .resourceTags(Map.of(SpotTrainingFleet.FLEET_TAG, fleet))
                    .filters(
                        List.of(
                            CfnExperimentTemplate.ExperimentTemplateTargetFilterProperty.builder()
                                .path("State.Name")
                                .values(List.of("running"))
                                .build()))
                    .selectionMode("COUNT(1)")
                    .build()))
        .actions(
            Map.of(
                "interrupt",
                CfnExperimentTemplate.ExperimentTemplateActionProperty.builder()
                    .actionId("aws:ec2:send-spot-instance-interruptions")
                    .parameters(Map.of("durationBeforeInterruption", "PT2M"))
                    .targets(Map.of("SpotInstances", "machine"))
                    .build()))
        .tags(Map.of("Name", fleet))
        .build();
  }

  private Role role(String id, String description, String service) {
    return Role.Builder.create(scope, id)
        .description(description)
        .path(props.getRolePath())
        .assumedBy(ServiceTrust.ofAccount(scope, service))
        .build();
  }
}
