package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.FargateRules;
import dev.mlinfra.aws.internal.FargateSize;
import dev.mlinfra.aws.internal.ServiceTrust;
import dev.mlinfra.aws.internal.Statement;
import dev.mlinfra.core.ValidationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.interfaces.ecs.IClusterRef;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ecs.CfnTaskDefinition;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.scheduler.CfnSchedule;
import software.amazon.awscdk.services.scheduler.CfnScheduleGroup;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.amazon.awscdk.services.sqs.IQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * A program that runs to its end on Fargate: by a schedule, or when somebody starts it. It is ended
 * when it takes too long, and a topic is told of each end.
 *
 * <p>Several can run at one time, each with another command or other variables.
 */
public final class FargateBatchTask extends Construct {
  private final FargateDefinition definition;
  private final ISecurityGroup securityGroup;
  private final ITopic notifications;
  private final CfnRule success;
  private final CfnRule failure;
  private final Optional<IQueue> deadLetters;

  /**
   * A task.
   *
   * @throws ValidationException with every problem of the properties
   */
  public FargateBatchTask(Construct scope, String id, FargateBatchTaskProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "FargateBatchTask '" + getNode().getPath() + "'",
        FargateRules.task(props, FargateDefinition.secretNames(props)));

    definition =
        new FargateDefinition(
            this, props, Optional.of(props.getMaxRuntime().toSeconds().intValue()));
    securityGroup = definition.newSecurityGroup();
    notifications = props.getNotifications().orElseGet(() -> newTopic(props));
    success = tell("Success", succeeded(), "Task <task> has succeeded.");
    failure =
        tell(
            "Failure",
            failed(),
            "Task <task> has failed: <reason>."
                + advice(new FargateSize(props.getCpu(), props.getMemoryMb())));
    NotifyingRule.letPublish(
        this,
        notifications,
        "TellOfEnds",
        "events.amazonaws.com",
        List.of(success.getAttrArn(), failure.getAttrArn()));
    deadLetters = props.getSchedule().map(schedule -> schedule(schedule, props));
    if (props.getLogRetention() == RetentionDays.INFINITE) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::fargateTask.logRetention", "logs are kept, and paid for, for ever");
    }
  }

  /** The definition of the task; its reference is the newest revision. */
  public CfnTaskDefinition getTaskDefinition() {
    return definition.resource();
  }

  /** Family of the definition: the name of the task without a revision. */
  public String getFamily() {
    return definition.family();
  }

  /** The cluster. */
  public IClusterRef getCluster() {
    return definition.cluster();
  }

  /** The group of the logs. */
  public ILogGroup getLogGroup() {
    return definition.logGroup();
  }

  /** The role of the program; more can be granted to it. */
  public IRole getTaskRole() {
    return definition.taskRole();
  }

  /** The role by which ECS pulls the image, writes the log and reads secrets. */
  public IRole getExecutionRole() {
    return definition.executionRole();
  }

  /** The security group: nothing comes in. */
  public ISecurityGroup getSecurityGroup() {
    return securityGroup;
  }

  /** The topic that is told of each end. */
  public ITopic getNotifications() {
    return notifications;
  }

  /** Takes the starts that the schedule gave up; empty without a schedule. */
  public Optional<IQueue> getDeadLetters() {
    return deadLetters;
  }

  /** Permissions on the task. */
  public FargateBatchTaskGrants getGrants() {
    return new FargateBatchTaskGrants(definition);
  }

  /** Metrics of the task. */
  public FargateBatchTaskMetrics getMetrics() {
    return new FargateBatchTaskMetrics(success.getRef(), failure.getRef(), deadLetters);
  }

  /**
   * What {@code aws ecs run-task} takes as {@code --network-configuration}: the subnets and the
   * security group.
   */
  public String getNetworkConfiguration() {
    return "awsvpcConfiguration={subnets=[%s],securityGroups=[%s],assignPublicIp=%s}"
        .formatted(
            String.join(",", definition.subnetIds()),
            securityGroup.getSecurityGroupId(),
            definition.assignPublicIp());
  }

  private Topic newTopic(FargateBatchTaskProps props) {
    Topic topic = Topic.Builder.create(this, "Notifications").enforceSsl(true).build();
    props.getEmails().forEach(email -> topic.addSubscription(new EmailSubscription(email)));
    return topic;
  }

  private static String advice(FargateSize size) {
    return size.next()
        .map(next -> " If it ran out of memory, the next size of Fargate is " + next + ".")
        .orElse("");
  }

  private Map<String, Object> stopped() {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("clusterArn", List.of(definition.clusterArn()));
    detail.put("group", List.of("family:" + definition.family()));
    detail.put("lastStatus", List.of("STOPPED"));
    return detail;
  }

  private Map<String, Object> succeeded() {
    Map<String, Object> detail = stopped();
    detail.put("containers", exitCode(0));
    return detail;
  }

  /** A task that was never started has no exit code. */
  private Map<String, Object> failed() {
    Map<String, Object> detail = stopped();
    detail.put(
        "$or",
        List.of(
            Map.of("containers", exitCode(Map.of("anything-but", List.of(0)))),
            Map.of("containers", exitCode(Map.of("exists", false)))));
    return detail;
  }

  private static Map<String, Object> exitCode(Object wanted) {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", List.of(FargateDefinition.PROGRAM));
    container.put("exitCode", List.of(wanted));
    return container;
  }

  private CfnRule tell(String id, Map<String, Object> detail, String text) {
    return NotifyingRule.create(
        this,
        id,
        text.substring(0, text.indexOf('.')).replaceAll("[<>]", ""),
        Map.of(
            "source", List.of("aws.ecs"),
            "detail-type", List.of("ECS Task State Change"),
            "detail", detail),
        Map.of("task", "$.detail.taskArn", "reason", "$.detail.stoppedReason"),
        text,
        notifications);
  }

  private IQueue schedule(String expression, FargateBatchTaskProps props) {
    Queue queue =
        Queue.Builder.create(this, "DeadLetters")
            .encryption(QueueEncryption.SQS_MANAGED)
            .enforceSsl(true)
            .retentionPeriod(Duration.days(14))
            .build();
    // A schedule carries no tags, its group does.
    CfnScheduleGroup group = CfnScheduleGroup.Builder.create(this, "ScheduleGroup").build();
    Role role = scheduleRole();
    List<Statement> statements = new ArrayList<>(definition.start(definition.resource().getRef()));
    statements.add(
        Statement.of("KeepWhatFailed", List.of("sqs:SendMessage"), List.of(queue.getQueueArn())));
    statements.forEach(statement -> statement.addTo(role));
    CfnSchedule schedule =
        CfnSchedule.Builder.create(this, "Schedule")
            .description("Starts " + getNode().getPath())
            .groupName(group.getRef())
            .scheduleExpression(expression)
            .scheduleExpressionTimezone(props.getTimeZone())
            .state("ENABLED")
            .flexibleTimeWindow(
                CfnSchedule.FlexibleTimeWindowProperty.builder().mode("OFF").build())
            .target(target(role, queue, props))
            .build();
    // Without its rights in place the first run would be lost.
    schedule.getNode().addDependency(role);
    return queue;
  }

  private Role scheduleRole() {
    return Role.Builder.create(this, "ScheduleRole")
        .description("Starts the task by its schedule")
        .assumedBy(ServiceTrust.ofAccount(this, "scheduler.amazonaws.com"))
        .build();
  }

  private CfnSchedule.TargetProperty target(Role role, Queue queue, FargateBatchTaskProps props) {
    return CfnSchedule.TargetProperty.builder()
        .arn(definition.clusterArn())
        .roleArn(role.getRoleArn())
        .deadLetterConfig(
            CfnSchedule.DeadLetterConfigProperty.builder().arn(queue.getQueueArn()).build())
        .retryPolicy(
            CfnSchedule.RetryPolicyProperty.builder()
                .maximumRetryAttempts(props.getStartRetries())
                .maximumEventAgeInSeconds(props.getMaxStartAge().toSeconds())
                .build())
        .ecsParameters(
            CfnSchedule.EcsParametersProperty.builder()
                .taskDefinitionArn(definition.resource().getRef())
                .taskCount(1)
                .capacityProviderStrategy(
                    List.of(
                        CfnSchedule.CapacityProviderStrategyItemProperty.builder()
                            .capacityProvider(props.isSpot() ? "FARGATE_SPOT" : "FARGATE")
                            .weight(1)
                            .build()))
                .group("family:" + definition.family())
                .propagateTags("TASK_DEFINITION")
                .enableEcsManagedTags(true)
                .networkConfiguration(
                    CfnSchedule.NetworkConfigurationProperty.builder()
                        .awsvpcConfiguration(
                            CfnSchedule.AwsVpcConfigurationProperty.builder()
                                .subnets(definition.subnetIds())
                                .securityGroups(List.of(securityGroup.getSecurityGroupId()))
                                .assignPublicIp(definition.assignPublicIp())
                                .build())
                        .build())
                .build())
        .build();
  }
}
