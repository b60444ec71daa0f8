package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.GpuEksNodegroup;
import dev.mlinfra.aws.GpuEksNodegroupProps;
import dev.mlinfra.aws.IMlDataBucket;
import dev.mlinfra.aws.IMlNetwork;
import dev.mlinfra.aws.MlCluster;
import dev.mlinfra.aws.MlClusterProps;
import dev.mlinfra.aws.NodeCapacity;
import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.ClusterSettings;
import dev.mlinfra.core.ClusterSettings.Nodegroup;
import dev.mlinfra.core.ClusterSettings.PodRole;
import dev.mlinfra.core.Environment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/** A Kubernetes cluster, its nodes, and what its pods may do with data. */
final class ClusterStack extends Stack {
  private final IMlDataBucket data;
  private final MlCluster cluster;
  private final Map<String, String> outputs = new LinkedHashMap<>();

  /**
   * @param network where its nodes run; empty for one that exists
   */
  ClusterStack(
      Construct scope,
      StackProps props,
      Environment environment,
      AwsSettings aws,
      ClusterSettings settings,
      IMlDataBucket data,
      Optional<IMlNetwork> network) {
    super(scope, "Cluster", props);
    this.data = data;
    MlClusterProps.Builder cluster = MlClusterProps.builder();
    IntStream.range(0, settings.admins().size())
        .mapToObj(i -> Role.fromRoleArn(this, "Admin" + i, settings.admins().get(i)))
        .forEach(cluster::addAdmins);
    this.cluster =
        new MlCluster(
            this,
            "Cluster",
            cluster
                .clusterName("%s-%s".formatted(environment.project(), environment.name()))
                .network(network.orElseGet(() -> NetworkStack.existing(this, aws.network())))
                .version(settings.version())
                .publicCidrs(settings.publicCidrs())
                .deletionProtection(settings.deletionProtection())
                .logRetention(PredictionStack.retention(settings.logRetentionDays()))
                .rolePath(environment.organization().rolePath())
                .build());
    outputs.put("ClusterName", this.cluster.getClusterName());
    outputs.put("Endpoint", this.cluster.getEndpoint());
    outputs.put("CertificateAuthority", this.cluster.getCertificateAuthority());
    outputs.put("SecurityGroupId", this.cluster.getSecurityGroupId());
    settings.nodegroups().forEach(this::nodes);
    settings.podRoles().forEach(this::podRole);
  }

  Map<String, String> outputs() {
    return outputs;
  }

  private void nodes(Nodegroup settings) {
    GpuEksNodegroup nodes =
        new GpuEksNodegroup(
            this,
            OutputNames.of("", settings.name(), "Nodes"),
            GpuEksNodegroupProps.builder()
                .cluster(cluster)
                .instanceTypes(settings.instanceTypes())
                .capacity(settings.spot() ? NodeCapacity.spot() : NodeCapacity.onDemand())
                .min(settings.min())
                .max(settings.max())
                .purpose(settings.name())
                .diskGb(settings.diskGb())
                .multiNode(settings.multiNode())
                .build());
    outputs.put(
        OutputNames.of("", settings.name(), "NodegroupArn"), nodes.getNodegroup().getAttrArn());
  }

  private void podRole(PodRole settings) {
    String id =
        OutputNames.of(
            "", "%s-%s".formatted(settings.namespace(), settings.serviceAccount()), "Pods");
    IRole role = cluster.newPodRole(id, settings.namespace(), settings.serviceAccount());
    switch (settings.access()) {
      case TRAINING -> {
        data.getGrants().readDatasets(role);
        data.getGrants().readCheckpoints(role);
        data.getGrants().writeCheckpoints(role);
        data.getGrants().writeModels(role);
      }
      case INFERENCE -> {
        data.getGrants().readModels(role);
        data.getGrants().writeResults(role);
      }
    }
    outputs.put(id + "RoleArn", role.getRoleArn());
  }
}
