package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.ClusterPolicies;
import dev.mlinfra.aws.internal.ClusterRules;
import dev.mlinfra.aws.internal.KubernetesVersions;
import dev.mlinfra.aws.internal.ServiceTrust;
import dev.mlinfra.aws.internal.Statement;
import dev.mlinfra.core.ValidationException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.interfaces.iam.IRoleRef;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.eks.CfnAccessEntry;
import software.amazon.awscdk.services.eks.CfnAddon;
import software.amazon.awscdk.services.eks.CfnCluster;
import software.amazon.awscdk.services.eks.CfnPodIdentityAssociation;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.SessionTagsPrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;
import software.constructs.IDependable;

/**
 * A Kubernetes cluster on EKS with what GPU work needs, and nothing that calls Kubernetes while it
 * is deployed: who may do what stands in access entries, add-ons are those that EKS manages, and
 * pods get roles by pod identities.
 *
 * <p>Two small machines without an accelerator carry what keeps the cluster going; they cost money
 * also while no work is there. Nodes for work come by {@link GpuEksNodegroup}.
 *
 * <p>Status: schema-checked (2026-11-24); not deployed on AWS.
 */
public final class MlCluster extends Construct implements IMlCluster {
  private static final String SYSTEM = "kube-system";
  private static final int SYSTEM_NODES = 2;
  private static final int MOST_SYSTEM_NODES = 4;

  private final MlClusterProps props;
  private final ClusterPolicies policies;
  private final Role role;
  private final IKey key;
  private final List<ILogGroup> logs = new ArrayList<>();
  private final CfnCluster cluster;
  private final List<CfnAddon> beforeNodes;
  private final GpuEksNodegroup systemNodes;
  private final List<CfnAddon> addons = new ArrayList<>();
  private final IRole autoscalerRole;
  private final IRole loadBalancerRole;

  /**
   * A cluster.
   *
   * @throws ValidationException with every problem of the properties
   */
  public MlCluster(Construct scope, String id, MlClusterProps props) {
    super(scope, id);
    this.props = props;
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    ValidationException.throwIfAny(
        "MlCluster '" + getNode().getPath() + "'", ClusterRules.problems(props, today));

    policies =
        new ClusterPolicies(Arns.of(this, Optional.empty(), List.of()), props.getClusterName());
    props
        .getNetwork()
        .require(List.of(NetworkNeed.EKS_NODES, NetworkNeed.LOAD_BALANCERS, NetworkNeed.METRICS));
    key =
        props
            .getKey()
            .orElseGet(
                () ->
                    new MlKey(this, "Key", MlKeyProps.builder().services(List.of("eks")).build())
                        .getKey());
    role = newControlPlaneRole();
    ILogGroup controlPlaneLogs = newLogs("Logs", "/aws/eks/%s/cluster");
    cluster = newCluster();
    cluster.getNode().addDependency(controlPlaneLogs, role);
    admins();
    beforeNodes =
        List.of(
            addon("PodIdentityAgent", "eks-pod-identity-agent").build(),
            addon("KubeProxy", "kube-proxy").build(),
            addon("PodNetwork", "vpc-cni")
                .configurationValues("{\"enableNetworkPolicy\":\"true\"}")
                .podIdentityAssociations(
                    identity("aws-node", addonRole("PodNetworkRole", policies.podNetwork())))
                .build());
    addons.addAll(beforeNodes);
    systemNodes = newSystemNodes();
    addonsOnNodes();
    autoscalerRole = newPodRole("Autoscaler", SYSTEM, "cluster-autoscaler", policies.autoscaler());
    loadBalancerRole =
        newPodRole(
            "LoadBalancers", SYSTEM, "aws-load-balancer-controller", policies.loadBalancers());
    Acknowledge.on(
        loadBalancerRole.getNode().findChild("DefaultPolicy"),
        "mlinfra::iam.resource-form",
        "sources of IAM's actions differ on what AddTags acts on; the service names all four types");
    warn(today);
  }

  /**
   * A cluster that was made elsewhere, with pod identities and access entries switched on.
   *
   * @param props what to know of it
   */
  public static IMlCluster fromExisting(ExistingClusterProps props) {
    return new ExistingCluster(props);
  }

  @Override
  public String getClusterName() {
    return cluster.getRef();
  }

  @Override
  public IMlNetwork getNetwork() {
    return props.getNetwork();
  }

  @Override
  public String getSecurityGroupId() {
    return cluster.getAttrClusterSecurityGroupId();
  }

  @Override
  public String getRolePath() {
    return props.getRolePath();
  }

  @Override
  public List<IDependable> getBeforeNodes() {
    return List.copyOf(beforeNodes);
  }

  /** The cluster. */
  public CfnCluster getCluster() {
    return cluster;
  }

  /** Where its API answers. */
  public String getEndpoint() {
    return cluster.getAttrEndpoint();
  }

  /** The certificate of who signed that of its API, in base64. */
  public String getCertificateAuthority() {
    return cluster.getAttrCertificateAuthorityData();
  }

  /** The key of its secrets. */
  public IKey getKey() {
    return key;
  }

  /** The role of the control plane. */
  public IRole getControlPlaneRole() {
    return role;
  }

  /** The nodes that carry what keeps the cluster going. */
  public GpuEksNodegroup getSystemNodes() {
    return systemNodes;
  }

  /** The add-ons that EKS manages. */
  public List<CfnAddon> getAddons() {
    return List.copyOf(addons);
  }

  /** Groups of the logs: the control plane's first, then those of nodes and pods. */
  public List<ILogGroup> getLogGroups() {
    return List.copyOf(logs);
  }

  /** The role of the Cluster Autoscaler, {@code kube-system/cluster-autoscaler}. */
  public IRole getAutoscalerRole() {
    return autoscalerRole;
  }

  /** The role of the controller of load balancers, {@code aws-load-balancer-controller}. */
  public IRole getLoadBalancerRole() {
    return loadBalancerRole;
  }

  /**
   * A role for pods, without permissions yet.
   *
   * @param id of the construct
   * @param namespace of the pods
   * @param serviceAccount of the pods
   */
  public IRole newPodRole(String id, String namespace, String serviceAccount) {
    return newPodRole(id, namespace, serviceAccount, List.of());
  }

  /**
   * Lets a role act as a member of a group of Kubernetes, which a role binding in the cluster gives
   * permissions to.
   *
   * @param id of the construct
   * @param who the role
   * @param group such as {@code mlinfra:job-submitters}; not {@code system:…}
   */
  public CfnAccessEntry newAccess(String id, IRoleRef who, String group) {
    return CfnAccessEntry.Builder.create(this, id)
        .clusterName(cluster.getRef())
        .principalArn(who.getRoleRef().getRoleArn())
        .kubernetesGroups(List.of(group))
        .build();
  }

  private Role newControlPlaneRole() {
    Role made =
        Role.Builder.create(this, "Role")
            .description("Control plane: see nodes and mark them, use the key of secrets")
            .path(props.getRolePath())
            .assumedBy(ServiceTrust.ofAccount(this, "eks.amazonaws.com"))
            .build();
    policies.controlPlane().forEach(statement -> statement.addTo(made));
    Statement.of("Secrets", ClusterPolicies.keyActions(), List.of(key.getKeyArn())).addTo(made);
    return made;
  }

  /** Made before what writes it, or it would be kept for ever. */
  private ILogGroup newLogs(String id, String name) {
    LogGroup made =
        LogGroup.Builder.create(this, id)
            .logGroupName(name.formatted(props.getClusterName()))
            .retention(props.getLogRetention())
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    logs.add(made);
    return made;
  }

  private CfnCluster newCluster() {
    return CfnCluster.Builder.create(this, "Resource")
        .name(props.getClusterName())
        .version(props.getVersion())
        .roleArn(role.getRoleArn())
        .accessConfig(
            CfnCluster.AccessConfigProperty.builder()
                .authenticationMode("API")
                .bootstrapClusterCreatorAdminPermissions(false)
                .build())
        // All add-ons stand in the template, with the roles that they have.
        .bootstrapSelfManagedAddons(false)
        // Extended support costs six times as much: rather an update.
        .upgradePolicy(CfnCluster.UpgradePolicyProperty.builder().supportType("STANDARD").build())
        .deletionProtection(props.isDeletionProtection())
        .encryptionConfig(
            List.of(
                CfnCluster.EncryptionConfigProperty.builder()
                    .provider(CfnCluster.ProviderProperty.builder().keyArn(key.getKeyArn()).build())
                    .resources(List.of("secrets"))
                    .build()))
        .logging(
            CfnCluster.LoggingProperty.builder()
                .clusterLogging(
                    CfnCluster.ClusterLoggingProperty.builder()
                        .enabledTypes(
                            List.of(
                                logging("api"),
                                logging("audit"),
                                logging("authenticator"),
                                logging("controllerManager"),
                                logging("scheduler")))
                        .build())
                .build())
        .resourcesVpcConfig(
            CfnCluster.ResourcesVpcConfigProperty.builder()
                .subnetIds(
                    props.getNetwork().getSubnets().stream().map(ISubnet::getSubnetId).toList())
                .endpointPrivateAccess(true)
                .endpointPublicAccess(!props.getPublicCidrs().isEmpty())
                .publicAccessCidrs(props.getPublicCidrs().isEmpty() ? null : props.getPublicCidrs())
                .build())
        .build();
  }

  private static CfnCluster.LoggingTypeConfigProperty logging(String type) {
    return CfnCluster.LoggingTypeConfigProperty.builder().type(type).build();
  }

  private void admins() {
    Construct scope = new Construct(this, "Admins");
    for (int i = 0; i < props.getAdmins().size(); i++) {
      CfnAccessEntry.Builder.create(scope, "Admin" + i)
          .clusterName(cluster.getRef())
          .principalArn(props.getAdmins().get(i).getRoleRef().getRoleArn())
          .accessPolicies(
              List.of(
                  CfnAccessEntry.AccessPolicyProperty.builder()
                      .policyArn(
                          "arn:%s:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
                              .formatted(Stack.of(this).getPartition()))
                      .accessScope(
                          CfnAccessEntry.AccessScopeProperty.builder().type("cluster").build())
                      .build()))
          .build();
    }
  }

  private GpuEksNodegroup newSystemNodes() {
    return new GpuEksNodegroup(
        this,
        "SystemNodes",
        GpuEksNodegroupProps.builder()
            .cluster(this)
            .instanceTypes(List.of("t3.large", "t3a.large"))
            .min(SYSTEM_NODES)
            .max(MOST_SYSTEM_NODES)
            .purpose("system")
            .diskGb(50)
            .build());
  }

  /** Add-ons that wait for a node before they count as there. */
  private void addonsOnNodes() {
    List<ILogGroup> ofNodes =
        List.of(
            newLogs("ApplicationLogs", "/aws/containerinsights/%s/application"),
            newLogs("DataplaneLogs", "/aws/containerinsights/%s/dataplane"),
            newLogs("HostLogs", "/aws/containerinsights/%s/host"),
            newLogs("PerformanceLogs", "/aws/containerinsights/%s/performance"));
    List<CfnAddon> made =
        List.of(
            addon("Dns", "coredns").build(),
            addon("Metrics", "metrics-server").build(),
            addon("Volumes", "aws-ebs-csi-driver")
                .podIdentityAssociations(
                    identity("ebs-csi-controller-sa", addonRole("VolumesRole", policies.volumes())))
                .build(),
            addon("FileSystems", "aws-efs-csi-driver")
                .podIdentityAssociations(
                    identity(
                        "efs-csi-controller-sa",
                        addonRole("FileSystemsRole", policies.fileSystems())))
                .build(),
            // Buckets are mounted with the roles of pods, on nodes with accelerators too.
            addon("Buckets", "aws-mountpoint-s3-csi-driver")
                .configurationValues("{\"node\":{\"tolerateAllTaints\":true}}")
                .build(),
            addon("Observability", "amazon-cloudwatch-observability")
                .podIdentityAssociations(
                    identity(
                        "cloudwatch-agent",
                        addonRole(
                            "ObservabilityRole",
                            policies.observability(
                                ofNodes.stream().map(ILogGroup::getLogGroupArn).toList()))))
                .build());
    made.forEach(it -> it.getNode().addDependency(systemNodes));
    made.get(made.size() - 1).getNode().addDependency(ofNodes.toArray(IDependable[]::new));
    addons.addAll(made);
  }

  private CfnAddon.Builder addon(String id, String name) {
    return CfnAddon.Builder.create(this, id)
        .addonName(name)
        .clusterName(cluster.getRef())
        // What somebody changed by hand in the cluster goes back to what stands here.
        .resolveConflicts("OVERWRITE");
  }

  private static List<CfnAddon.PodIdentityAssociationProperty> identity(
      String serviceAccount, IRole role) {
    return List.of(
        CfnAddon.PodIdentityAssociationProperty.builder()
            .serviceAccount(serviceAccount)
            .roleArn(role.getRoleArn())
            .build());
  }

  private IRole addonRole(String id, List<Statement> statements) {
    Role made = Role.Builder.create(this, id).path(props.getRolePath()).assumedBy(pods()).build();
    statements.forEach(statement -> statement.addTo(made));
    return made;
  }

  private IRole newPodRole(
      String id, String namespace, String serviceAccount, List<Statement> statements) {
    Construct scope = new Construct(this, id);
    Role made =
        Role.Builder.create(scope, "Role")
            .description("Pods %s/%s".formatted(namespace, serviceAccount))
            .path(props.getRolePath())
            .assumedBy(pods())
            .build();
    statements.forEach(statement -> statement.addTo(made));
    CfnPodIdentityAssociation.Builder.create(scope, "Resource")
        .clusterName(cluster.getRef())
        .namespace(namespace)
        .serviceAccount(serviceAccount)
        .roleArn(made.getRoleArn())
        .build();
    return made;
  }

  /** Pods of this cluster and of no other. */
  private IPrincipal pods() {
    return new SessionTagsPrincipal(
        ServiceTrust.ofResources(
            this, "pods.eks.amazonaws.com", "eks", "cluster/" + props.getClusterName()));
  }

  private void warn(LocalDate today) {
    KubernetesVersions.warning(props.getVersion(), today)
        .ifPresent(
            warning -> Annotations.of(this).addWarningV2("mlinfra::cluster.version", warning));
    if (props.getPublicCidrs().contains("0.0.0.0/0")) {
      Annotations.of(this)
          .addWarningV2(
              "mlinfra::cluster.endpoint",
              "the API can be reached from everywhere: name the addresses of your people");
    }
  }
}
