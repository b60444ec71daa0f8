package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.ServiceTrust;
import dev.mlinfra.aws.internal.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.fis.CfnExperimentTemplate;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/** Who is told of what happens to a fleet and its jobs, and the drill. */
final class FleetEvents {
  private final Construct scope;
  private final SpotTrainingFleetProps props;
  private final List<String> queues;
  private final ITopic topic;
  private final CfnRule interruption;
  private final CfnRule failure;
  private final BudgetAlarm budgetAlarm;
  private final Optional<CfnExperimentTemplate> drill;

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
    NotifyingRule.letPublish(
        scope,
        topic,
        "TellOfFleet",
        "events.amazonaws.com",
        List.of(interruption.getAttrArn(), failure.getAttrArn()));
    budgetAlarm = new BudgetAlarm(scope, props, jobs("RUNNING"), topic, warnAfterSeconds);
    drill = props.isInterruptionDrill() ? Optional.of(newDrill()) : Optional.empty();
  }

  SpotTrainingFleetMetrics metrics() {
    return new SpotTrainingFleetMetrics(interruption.getRef(), failure.getRef());
  }

  CfnAlarm budgetAlarm() {
    return budgetAlarm.alarm();
  }

  Optional<CfnExperimentTemplate> drill() {
    return drill;
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
    return NotifyingRule.create(scope, id, description, pattern, paths, text, topic);
  }

  private CfnExperimentTemplate newDrill() {
    String fleet = scope.getNode().getPath();
    Stack stack = Stack.of(scope);
    Role role =
        Role.Builder.create(scope, "DrillRole")
            .description("Interrupts a machine of the fleet")
            .path(props.getRolePath())
            .assumedBy(ServiceTrust.ofAccount(scope, "fis.amazonaws.com"))
            .build();
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
    return CfnExperimentTemplate.Builder.create(scope, "Drill")
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
}
