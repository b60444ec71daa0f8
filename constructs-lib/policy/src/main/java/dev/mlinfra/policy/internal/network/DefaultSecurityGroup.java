package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;

/** Nothing has the default security group of its VPC, in which all members reach each other. */
final class DefaultSecurityGroup implements Rule {
  private static final String TASK = "NetworkConfiguration.AwsvpcConfiguration.";
  private static final String SCHEDULED_TASK = "Target.EcsParameters." + TASK;

  /**
   * Where a type names its security groups.
   *
   * @param groups path of the groups
   * @param inVpc path of what says that it is in a VPC, so that it gets the default group when it
   *     names none; empty when it must name one, or gets another
   * @param instead paths of what can name the groups in its place
   */
  private record Place(String type, String groups, String inVpc, List<String> instead) {
    Place(String type, String groups, String inVpc) {
      this(type, groups, inVpc, List.of());
    }
  }

  private static final List<Place> PLACES =
      List.of(
          new Place("AWS::Lambda::Function", "VpcConfig.SecurityGroupIds", "VpcConfig.SubnetIds"),
          new Place("AWS::ECS::Service", TASK + "SecurityGroups", TASK + "Subnets"),
          new Place(
              "AWS::Scheduler::Schedule",
              SCHEDULED_TASK + "SecurityGroups",
              SCHEDULED_TASK + "Subnets"),
          new Place(
              "AWS::Batch::ComputeEnvironment",
              "ComputeResources.SecurityGroupIds",
              "ComputeResources.Subnets",
              List.of("ComputeResources.LaunchTemplate")),
          new Place(
              "AWS::EC2::Instance",
              "SecurityGroupIds",
              "SubnetId",
              List.of("NetworkInterfaces", "LaunchTemplate", "SecurityGroups")),
          new Place("AWS::EC2::LaunchTemplate", "LaunchTemplateData.SecurityGroupIds", ""),
          new Place(
              "AWS::EC2::LaunchTemplate",
              "LaunchTemplateData.NetworkInterfaces[0].Groups",
              "LaunchTemplateData.NetworkInterfaces[0]",
              List.of("LaunchTemplateData.NetworkInterfaces[0].NetworkInterfaceId")),
          new Place("AWS::EFS::MountTarget", "SecurityGroups", ""),
          new Place(
              "AWS::RDS::DBInstance",
              "VPCSecurityGroups",
              "DBSubnetGroupName",
              List.of("DBClusterIdentifier")),
          new Place("AWS::RDS::DBCluster", "VpcSecurityGroupIds", "DBSubnetGroupName"),
          new Place("AWS::SageMaker::Model", "VpcConfig.SecurityGroupIds", ""),
          new Place("AWS::SageMaker::NotebookInstance", "SecurityGroupIds", "SubnetId"));

  private static final String FIX = "name a security group made for it";

  @Override
  public String id() {
    return "mlinfra::network.default-security-group";
  }

  @Override
  public String requirement() {
    return "What is in a VPC names a security group of its own, not the VPC's default one.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Place place : PLACES) {
      for (Resource resource : inspection.resources(place.type())) {
        check(resource, place, inspection, outcomes);
      }
    }
    Place endpoint = new Place(Reach.ENDPOINT, "SecurityGroupIds", "VpcEndpointType");
    for (Resource resource : inspection.resources(Reach.ENDPOINT)) {
      Value kind = inspection.property(resource, endpoint.inVpc());
      if (Decide.oneOf(kind, "Interface") == Verdict.COMPLIANT) {
        check(resource, endpoint, inspection, outcomes);
      }
    }
    for (Resource resource : inspection.resources("AWS::Events::Rule")) {
      for (int i = 0; i < inspection.property(resource, "Targets").asList().size(); i++) {
        String task = "Targets[" + i + "].EcsParameters.NetworkConfiguration.AwsVpcConfiguration.";
        Place target = new Place(resource.type(), task + "SecurityGroups", task + "Subnets");
        check(resource, target, inspection, outcomes);
      }
    }
    Place balancer =
        new Place("AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups", "Subnets");
    for (Resource resource : inspection.resources(balancer.type())) {
      Value kind = inspection.property(resource, "Type");
      if (kind.isMissing() || Decide.oneOf(kind, "application") == Verdict.COMPLIANT) {
        check(resource, balancer, inspection, outcomes);
      }
    }
  }

  private static void check(
      Resource resource, Place place, Inspection inspection, Outcomes.Of outcomes) {
    Value groups = inspection.property(resource, place.groups());
    List<Value> items = Decide.items(groups);
    if (!items.isEmpty()) {
      Verdict verdict = Verdict.worst(items.stream().map(it -> isOwn(it, inspection)).toList());
      outcomes.say(
          verdict,
          resource,
          place.groups(),
          groups,
          verdict == Verdict.VIOLATED
              ? "has the default security group of its VPC"
              : "whether it has the default security group is known only when deployed",
          FIX);
    } else if (isInVpc(resource, place, inspection)) {
      outcomes.violated(
          resource,
          place.groups(),
          groups,
          "names no security group, so it gets the default one of its VPC",
          FIX);
    }
  }

  private static boolean isInVpc(Resource resource, Place place, Inspection inspection) {
    return !place.inVpc().isEmpty()
        && !Decide.items(inspection.property(resource, place.inVpc())).isEmpty()
        && place.instead().stream().allMatch(it -> inspection.property(resource, it).isMissing());
  }

  private static Verdict isOwn(Value group, Inspection inspection) {
    if (SecurityGroups.isDefaultGroup(group)) {
      return Verdict.VIOLATED;
    }
    boolean named = inspection.named(group).isPresent() || group.asText().isPresent();
    return named ? Verdict.COMPLIANT : Verdict.UNDECIDED;
  }
}
