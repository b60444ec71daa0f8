package dev.mlinfra.policy;

import static dev.mlinfra.policy.Edits.bool;
import static dev.mlinfra.policy.Edits.number;
import static dev.mlinfra.policy.Edits.text;
import static dev.mlinfra.policy.Edits.without;

import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.stream.Stream;

/** Faults of what must survive an interruption, a failure or a mistake. */
final class ReliabilityFaults {
  private static final String CAPACITY = "AWS::Batch::ComputeEnvironment";
  private static final String TEMPLATE = "AWS::EC2::LaunchTemplate";
  private static final String MACHINE = "AWS::StepFunctions::StateMachine";

  static final List<Fault> ALL = Stream.of(spot(), failures()).flatMap(List::stream).toList();

  private ReliabilityFaults() {}

  private static List<Fault> spot() {
    return List.of(
        Fault.of("one instance type", "reliability.spot-spread")
            .in(CAPACITY)
            .to("ComputeResources/InstanceTypes", ReliabilityFaults::firstOf),
        Fault.of("one instance type for nodes", "reliability.spot-spread")
            .in("AWS::EKS::Nodegroup")
            .to("InstanceTypes", ReliabilityFaults::firstOf),
        Fault.of("one instance type for scaling", "reliability.spot-spread")
            .in("AWS::AutoScaling::AutoScalingGroup")
            .to("MixedInstancesPolicy/LaunchTemplate/Overrides", ReliabilityFaults::firstOf),
        Fault.of("one subnet", "reliability.spot-spread")
            .in(CAPACITY)
            .to("ComputeResources/Subnets", ReliabilityFaults::firstOf),
        Fault.of("lowest price first", "reliability.spot-allocation")
            .in(CAPACITY)
            .set("ComputeResources/AllocationStrategy", text("BEST_FIT")),
        Fault.of("allocation not said", "reliability.spot-allocation")
            .in(CAPACITY)
            .without("ComputeResources/AllocationStrategy"),
        Fault.of("lowest price first for scaling", "reliability.spot-allocation")
            .in("AWS::AutoScaling::AutoScalingGroup")
            .set(
                "MixedInstancesPolicy/InstancesDistribution/SpotAllocationStrategy",
                text("lowest-price")),
        Fault.of("price cap", "reliability.spot-price-cap")
            .in(CAPACITY)
            .set("ComputeResources/BidPercentage", number(40)),
        Fault.of("price cap for scaling", "reliability.spot-price-cap")
            .in("AWS::AutoScaling::AutoScalingGroup")
            .set("MixedInstancesPolicy/InstancesDistribution/SpotMaxPrice", text("0.5")),
        Fault.of("price cap of the launch template", "reliability.spot-price-cap")
            .in(TEMPLATE)
            .set(
                "LaunchTemplateData/InstanceMarketOptions",
                Edits.json("{'MarketType': 'spot', 'SpotOptions': {'MaxPrice': '0.5'}}")),
        Fault.of("no checkpoint on spot", "reliability.managed-spot-training")
            .in(MACHINE)
            .without("Definition/States/Train/Parameters/CheckpointConfig"),
        Fault.of("waits shorter than it runs", "reliability.managed-spot-training")
            .in(MACHINE)
            .instead(
                "Definition/States/Train/Parameters/StoppingCondition/MaxWaitTimeInSeconds",
                number(60)),
        Fault.of("job without a checkpoint", "reliability.spot-checkpoint")
            .in("AWS::Batch::JobDefinition")
            .without("ContainerProperties/Environment"));
  }

  private static List<Fault> failures() {
    return List.of(
        Fault.of("errors of the code retried", "reliability.batch-final-exit")
            .in("AWS::Batch::JobDefinition")
            .to(
                "RetryStrategy/EvaluateOnExit",
                list -> without(list, it -> it.entry("Action").equals(text("EXIT")))),
        Fault.of("everything retried", "reliability.batch-final-exit")
            .in("AWS::Batch::JobDefinition")
            .without("RetryStrategy/EvaluateOnExit"),
        Fault.of("metadata without a token", "reliability.imds-v2")
            .in(TEMPLATE)
            .set("LaunchTemplateData/MetadataOptions/HttpTokens", text("optional")),
        Fault.of("metadata not said", "reliability.imds-v2")
            .in(TEMPLATE)
            .without("LaunchTemplateData/MetadataOptions"),
        Fault.of("GPU nodes for every pod", "reliability.gpu-node-taint")
            .in("AWS::EKS::Nodegroup")
            .without("Taints"),
        Fault.of("no room for images on GPU nodes", "reliability.gpu-node-disk")
            .in(TEMPLATE)
            .set("LaunchTemplateData/BlockDeviceMappings/*/Ebs/VolumeSize", number(20)),
        Fault.of("failed events dropped", "reliability.async-destination")
            .without("AWS::Lambda::EventInvokeConfig"),
        Fault.of("failed events dropped: no destination", "reliability.async-destination")
            .in("AWS::Lambda::EventInvokeConfig")
            .without("DestinationConfig"),
        Fault.of("messages seen twice", "reliability.queue-visibility")
            .in("AWS::SQS::Queue")
            .instead("VisibilityTimeout", number(60)),
        Fault.of("bad messages for ever", "reliability.queue-redrive")
            .in("AWS::SQS::Queue")
            .without("RedrivePolicy"),
        Fault.of("whole batches seen twice", "reliability.partial-batch-response")
            .in("AWS::Lambda::EventSourceMapping")
            .without("FunctionResponseTypes"),
        Fault.of("broken deployment not taken back", "reliability.ecs-rollback")
            .in("AWS::ECS::Service")
            .without("DeploymentConfiguration"),
        Fault.of("lost host not tried again", "reliability.host-loss-retry")
            .in("AWS::Batch::JobDefinition")
            .without("RetryStrategy"),
        Fault.of("deleted with the stack", "reliability.deletion-protection")
            .changing(
                resource ->
                    retains(resource)
                        ? Edits.withAttribute(resource, "DeletionPolicy", text("Delete"))
                        : resource,
                "AWS::S3::Bucket",
                "AWS::KMS::Key",
                "AWS::DynamoDB::Table",
                "AWS::EFS::FileSystem",
                "AWS::ECR::Repository",
                "AWS::RDS::DBInstance"),
        Fault.of("deleted when replaced", "reliability.deletion-protection")
            .changing(
                resource ->
                    retains(resource)
                        ? Edits.withAttribute(resource, "UpdateReplacePolicy", text("Delete"))
                        : resource,
                "AWS::S3::Bucket",
                "AWS::DynamoDB::Table",
                "AWS::EFS::FileSystem",
                "AWS::RDS::DBInstance"),
        Fault.of("table not protected", "reliability.deletion-protection")
            .in("AWS::DynamoDB::Table")
            .set("DeletionProtectionEnabled", bool(false)),
        Fault.of("database not protected", "reliability.deletion-protection")
            .in("AWS::RDS::DBInstance")
            .set("DeletionProtection", bool(false)));
  }

  private static Value firstOf(Value list) {
    return list.asList().size() > 1 ? Edits.list(list.asList().get(0)) : list;
  }

  /** What production holds; elsewhere it may go with its stack. */
  private static boolean retains(Resource resource) {
    return resource.properties().toJson().contains("\"Value\":\"prod\"")
        && !resource.attribute("DeletionPolicy").equals(text("Delete"));
  }
}
