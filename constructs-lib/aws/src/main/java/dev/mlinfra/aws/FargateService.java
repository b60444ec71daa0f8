package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.FargateRules;
import dev.mlinfra.core.ValidationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.interfaces.ecs.IClusterRef;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalableTarget;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ecs.CfnService;
import software.amazon.awscdk.services.ecs.CfnTaskDefinition;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/**
 * A program that always runs on Fargate, such as one that takes work from a queue. It scales with
 * its load, and goes back to what worked when a deployment fails.
 */
public final class FargateService extends Construct {
  private final FargateDefinition definition;
  private final List<ISecurityGroup> securityGroups;
  private final CfnService service;
  private final CfnScalableTarget scaling;

  /**
   * A service.
   *
   * @throws ValidationException with every problem of the properties
   */
  public FargateService(Construct scope, String id, FargateServiceProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "FargateService '" + getNode().getPath() + "'",
        FargateRules.service(props, FargateDefinition.secretNames(props)));

    definition = new FargateDefinition(this, props, Optional.empty());
    securityGroups =
        props.getSecurityGroups().isEmpty()
            ? List.of(definition.newSecurityGroup())
            : props.getSecurityGroups();
    service = service(props);
    service.getNode().addDependency(definition.executionRole());
    scaling =
        CfnScalableTarget.Builder.create(this, "Scaling")
            .serviceNamespace("ecs")
            .scalableDimension("ecs:service:DesiredCount")
            .resourceId("service/" + definition.clusterName() + "/" + service.getAttrName())
            .minCapacity(props.getMinTasks())
            .maxCapacity(props.getMaxTasks())
            .build();
    policies(props);
  }

  /** The service. */
  public CfnService getService() {
    return service;
  }

  /** The definition of its tasks. */
  public CfnTaskDefinition getTaskDefinition() {
    return definition.resource();
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

  /** The security groups of the tasks. */
  public List<ISecurityGroup> getSecurityGroups() {
    return securityGroups;
  }

  /** How it scales. */
  public CfnScalableTarget getScaling() {
    return scaling;
  }

  /** Metrics of the service. */
  public FargateServiceMetrics getMetrics() {
    return new FargateServiceMetrics(definition.clusterName(), service.getAttrName());
  }

  private CfnService service(FargateServiceProps props) {
    return CfnService.Builder.create(this, "Service")
        .cluster(definition.clusterArn())
        .taskDefinition(definition.resource().getRef())
        .desiredCount(props.getMinTasks())
        .capacityProviderStrategy(capacity(props))
        .deploymentConfiguration(
            CfnService.DeploymentConfigurationProperty.builder()
                .minimumHealthyPercent(100)
                .maximumPercent(200)
                .deploymentCircuitBreaker(
                    CfnService.DeploymentCircuitBreakerProperty.builder()
                        .enable(true)
                        .rollback(true)
                        .build())
                .build())
        .enableExecuteCommand(false)
        .enableEcsManagedTags(true)
        .propagateTags("SERVICE")
        .networkConfiguration(
            CfnService.NetworkConfigurationProperty.builder()
                .awsvpcConfiguration(
                    CfnService.AwsVpcConfigurationProperty.builder()
                        .subnets(definition.subnetIds())
                        .securityGroups(
                            securityGroups.stream()
                                .map(ISecurityGroup::getSecurityGroupId)
                                .toList())
                        .assignPublicIp(definition.assignPublicIp())
                        .build())
                .build())
        .build();
  }

  private static List<CfnService.CapacityProviderStrategyItemProperty> capacity(
      FargateServiceProps props) {
    List<CfnService.CapacityProviderStrategyItemProperty> strategy = new ArrayList<>();
    strategy.add(
        CfnService.CapacityProviderStrategyItemProperty.builder()
            .capacityProvider("FARGATE")
            .base(props.isSpot() ? props.getMinTasks() : 0)
            .weight(props.isSpot() ? 0 : 1)
            .build());
    if (props.isSpot()) {
      strategy.add(
          CfnService.CapacityProviderStrategyItemProperty.builder()
              .capacityProvider("FARGATE_SPOT")
              .weight(1)
              .build());
    }
    return strategy;
  }

  private void policies(FargateServiceProps props) {
    predefined("CpuScaling", "ECSServiceAverageCPUUtilization", props.getCpuTarget());
    props
        .getMemoryTarget()
        .ifPresent(
            target -> predefined("MemoryScaling", "ECSServiceAverageMemoryUtilization", target));
    props.getMetric().ifPresent(metric -> custom(metric, props.getMetricTarget().orElseThrow()));
  }

  private void predefined(String id, String metric, int target) {
    policy(
        id,
        CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty.builder()
            .targetValue(target)
            .predefinedMetricSpecification(
                CfnScalingPolicy.PredefinedMetricSpecificationProperty.builder()
                    .predefinedMetricType(metric)
                    .build())
            .build());
  }

  private void custom(Metric metric, double target) {
    Map<String, Object> dimensions = new LinkedHashMap<>();
    if (metric.getDimensions() != null) {
      dimensions.putAll(metric.getDimensions());
    }
    policy(
        "MetricScaling",
        CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty.builder()
            .targetValue(target)
            .customizedMetricSpecification(
                CfnScalingPolicy.CustomizedMetricSpecificationProperty.builder()
                    .namespace(metric.getNamespace())
                    .metricName(metric.getMetricName())
                    .statistic(metric.getStatistic())
                    .dimensions(
                        dimensions.entrySet().stream()
                            .map(
                                entry ->
                                    CfnScalingPolicy.MetricDimensionProperty.builder()
                                        .name(entry.getKey())
                                        .value(entry.getValue().toString())
                                        .build())
                            .toList())
                    .build())
            .build());
  }

  private void policy(
      String id, CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty tracking) {
    CfnScalingPolicy.Builder.create(this, id)
        .policyName(id)
        .policyType("TargetTrackingScaling")
        .scalingTargetId(scaling.getRef())
        .targetTrackingScalingPolicyConfiguration(tracking)
        .build();
  }
}
