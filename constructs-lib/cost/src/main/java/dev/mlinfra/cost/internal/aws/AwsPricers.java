package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Pricer;
import java.util.List;

/** The pricers of AWS. */
public final class AwsPricers {
  /** All of them. */
  public static final List<Pricer> ALL =
      List.of(
          new AddressPricer(),
          new AlarmPricer(),
          new ApiPricer(),
          new ApiStagePricer(),
          new BucketPricer(),
          new BudgetPricer(),
          new BuildPricer(),
          new ClusterPricer(),
          new ComputeEnvironmentPricer(),
          new ConfigPricer(),
          new CustomResourcePricer(),
          new DashboardPricer(),
          new DistributionPricer(),
          new EndpointPricer(),
          new FileSystemPricer(),
          new FleetPricer(),
          new FreeTypes(),
          new FunctionPricer(),
          new FunctionVersionPricer(),
          new GroupPricer(),
          new HostedZonePricer(),
          new InstancePricer(),
          new JobDefinitionPricer(),
          new KeyPricer(),
          new LoadBalancerPricer(),
          new LogGroupPricer(),
          new MetricFilterPricer(),
          new NatGatewayPricer(),
          new NestedStackPricer(),
          new NodegroupPricer(),
          new NotebookPricer(),
          new ParameterPricer(),
          new PipePricer(),
          new QueuePricer(),
          new RepositoryPricer(),
          new RulePricer(),
          new SchedulePricer(),
          new SecretPricer(),
          new ServicePricer(),
          new StateMachinePricer(),
          new TablePricer(),
          new TaskDefinitionPricer(),
          new TopicPricer(),
          new VolumePricer(),
          new VpcEndpointPricer());

  private AwsPricers() {}
}
