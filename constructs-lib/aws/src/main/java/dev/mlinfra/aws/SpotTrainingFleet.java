package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.FleetPlan;
import dev.mlinfra.aws.internal.FleetRules;
import dev.mlinfra.aws.internal.TrainingMachines;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.PriceBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Names;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.UniqueResourceNameOptions;
import software.amazon.awscdk.services.batch.CfnComputeEnvironment;
import software.amazon.awscdk.services.batch.CfnJobDefinition;
import software.amazon.awscdk.services.batch.CfnJobQueue;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.ec2.CfnLaunchTemplate;
import software.amazon.awscdk.services.ec2.CfnSecurityGroup;
import software.amazon.awscdk.services.fis.CfnExperimentTemplate;
import software.amazon.awscdk.services.iam.CfnInstanceProfile;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/**
 * A queue of training jobs on machines of the spot market, by AWS Batch: none runs without a job.
 *
 * <p>Each job is bounded in attempts, time and money. A job whose machine is taken away is tried
 * again and goes on from its checkpoint; one whose program fails is not. The program finds its
 * folders as {@code s3://} addresses in {@code MLINFRA_DATASETS}, {@code MLINFRA_CHECKPOINTS} and
 * {@code MLINFRA_MODELS}; it gets SIGTERM before its machine goes.
 */
public final class SpotTrainingFleet extends Construct {
  /** By this tag of its machines a drill finds the fleet. */
  static final String FLEET_TAG = "mlinfra:fleet";

  private final SpotTrainingFleetProps props;
  private final ILogGroup logGroup;
  private final FleetMachines machines;
  private final FleetJobs jobs;
  private final ITopic notifications;
  private final FleetEvents events;

  /**
   * A fleet.
   *
   * @throws ValidationException with every problem of the properties
   */
  public SpotTrainingFleet(Construct scope, String id, SpotTrainingFleetProps props) {
    super(scope, id);
    this.props = props;
    String region = priceRegion();
    PriceBook prices = PriceBook.bundled();
    ValidationException.throwIfAny(
        "SpotTrainingFleet '" + getNode().getPath() + "'",
        FleetRules.problems(props, prices, region));

    FleetPlan plan = FleetPlan.of(props, prices, region);
    props.getNetwork().require(needs(props));
    logGroup =
        LogGroup.Builder.create(this, "Logs")
            .retention(props.getLogRetention())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    machines = new FleetMachines(this, props, plan, logGroup);
    jobs = new FleetJobs(this, props, plan, logGroup, jobName(), nodesJobName());
    notifications =
        props
            .getNotifications()
            .orElseGet(() -> Topic.Builder.create(this, "Notifications").enforceSsl(true).build());
    events = new FleetEvents(this, props, queues(), notifications, plan.warnAfterSeconds());
    warn(prices, region);
  }

  /** The environment of spot machines. */
  public CfnComputeEnvironment getSpotEnvironment() {
    return machines.spot();
  }

  /** The environment of machines on demand; empty without {@code onDemandFallback}. */
  public Optional<CfnComputeEnvironment> getOnDemandEnvironment() {
    return machines.onDemand();
  }

  /** The queue that jobs go into. */
  public CfnJobQueue getQueue() {
    return machines.queue();
  }

  /** The definition of jobs; its reference is the newest revision. */
  public CfnJobDefinition getJobDefinition() {
    return jobs.definition();
  }

  /** The queue of jobs on several machines; empty without {@code nodes}. */
  public Optional<CfnJobQueue> getNodesQueue() {
    return machines.nodesQueue();
  }

  /** The definition of jobs on several machines; empty without {@code nodes}. */
  public Optional<CfnJobDefinition> getNodesJobDefinition() {
    return jobs.nodesDefinition();
  }

  /** The template that machines are started by. */
  public CfnLaunchTemplate getLaunchTemplate() {
    return machines.launchTemplate();
  }

  /** The security group of machines: nothing comes in but from each other, for several nodes. */
  public CfnSecurityGroup getSecurityGroup() {
    return machines.securityGroup();
  }

  /** The role of the program; more can be granted to it. */
  public IRole getJobRole() {
    return jobs.role();
  }

  /** The role of the machines. */
  public IRole getInstanceRole() {
    return machines.instanceRole();
  }

  /** The profile by which machines get their role. */
  public CfnInstanceProfile getInstanceProfile() {
    return machines.instanceProfile();
  }

  /** The group of the logs. */
  public ILogGroup getLogGroup() {
    return logGroup;
  }

  /** The topic that is told of notices, failures and long runs. */
  public ITopic getNotifications() {
    return notifications;
  }

  /** The alarm for as long as a job runs that may have used {@code warnAt} of its budget. */
  public CfnAlarm getBudgetAlarm() {
    return events.budgetAlarm();
  }

  /** The drill that interrupts one machine; empty without {@code interruptionDrill}. */
  public Optional<CfnExperimentTemplate> getDrill() {
    return events.drill();
  }

  /** Permissions on the fleet. */
  public SpotTrainingFleetGrants getGrants() {
    Arns arns = Arns.of(this, Optional.empty(), List.of());
    List<String> definitions =
        new ArrayList<>(arns.in("batch", "job-definition/" + jobName() + ":*"));
    props
        .getNodes()
        .ifPresent(
            it -> definitions.addAll(arns.in("batch", "job-definition/" + nodesJobName() + ":*")));
    return new SpotTrainingFleetGrants(
        queues(), definitions, arns.in("batch", "job/*").get(0), logGroup);
  }

  /** Metrics of the fleet. */
  public SpotTrainingFleetMetrics getMetrics() {
    return events.metrics();
  }

  /** The agent on an image of your own sends metrics. */
  private static List<NetworkNeed> needs(SpotTrainingFleetProps props) {
    return props.getAmiParameter().isPresent()
        ? List.of(NetworkNeed.BATCH_INSTANCES, NetworkNeed.METRICS)
        : List.of(NetworkNeed.BATCH_INSTANCES);
  }

  private List<String> queues() {
    List<String> queues = new ArrayList<>(List.of(getQueue().getAttrJobQueueArn()));
    getNodesQueue().ifPresent(it -> queues.add(it.getAttrJobQueueArn()));
    return queues;
  }

  private String jobName() {
    return Names.uniqueResourceName(
        this, UniqueResourceNameOptions.builder().maxLength(120).separator("-").build());
  }

  private String nodesJobName() {
    return jobName() + "-nodes";
  }

  private String priceRegion() {
    String region = Stack.of(this).getRegion();
    return Token.isUnresolved(region) ? PriceBook.referenceRegion("aws") : region;
  }

  private void warn(PriceBook prices, String region) {
    int zones = props.getNetwork().getSubnets().size();
    if (props.getInstanceTypes().size() < 4 || zones < 2) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::fleet.spread",
              "capacity is looked for in %d x %d pools (types x zones): 4 types in 2 zones find it more often"
                  .formatted(props.getInstanceTypes().size(), zones));
    }
    String unpriced = TrainingMachines.of(props.getInstanceTypes()).unpriced(prices, region);
    if (!unpriced.isEmpty()) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::fleet.notPriced",
              "no source for the price of " + unpriced + ": the budget of a job leaves it out");
    }
  }
}
