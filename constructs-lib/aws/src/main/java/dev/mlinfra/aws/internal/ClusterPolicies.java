package dev.mlinfra.aws.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What each part of a cluster may do. AWS has a managed policy for most of them, which is wider: it
 * must also fit clusters of others, older drivers and load balancers that nobody here makes.
 *
 * @param arns the account and region of the cluster
 * @param cluster name of the cluster
 */
public record ClusterPolicies(Arns arns, String cluster) {
  private static final List<String> ANY = List.of("*");

  /** The control plane, as the user guide of EKS has it for clusters without the old provider. */
  public List<Statement> controlPlane() {
    return List.of(
        new Statement(
            "TagNodes",
            List.of("ec2:CreateTags"),
            arns.in("ec2", "instance/*"),
            Map.of("ForAnyValue:StringLike", Map.of("aws:TagKeys", "kubernetes.io/cluster/*"))),
        Statement.of(
            "SeeNodes",
            List.of(
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeInstanceTopology",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeVpcs"),
            ANY));
  }

  /** The key that secrets are encrypted with. */
  public static List<String> keyActions() {
    return List.of("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt");
  }

  /**
   * A node: join, get roles for its pods, pull images. Images of add-ons are in accounts of AWS.
   */
  public List<Statement> node() {
    return List.of(
        Statement.of(
            "RolesOfPods", List.of("eks-auth:AssumeRoleForPodIdentity"), List.of(clusterArn())),
        Statement.of(
            "PullImages",
            List.of(
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer"),
            images()),
        Statement.of(
            "Join",
            List.of(
                "ec2:DescribeInstanceTypes", "ec2:DescribeInstances", "ecr:GetAuthorizationToken"),
            ANY));
  }

  /** The network of pods: interfaces and addresses of nodes. */
  public List<Statement> podNetwork() {
    return List.of(
        Statement.of(
            "Interfaces",
            List.of(
                "ec2:AssignPrivateIpAddresses",
                "ec2:AttachNetworkInterface",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DetachNetworkInterface",
                "ec2:ModifyNetworkInterfaceAttribute",
                "ec2:UnassignPrivateIpAddresses"),
            Stream.of("instance/*", "network-interface/*", "security-group/*", "subnet/*")
                .flatMap(it -> arns.in("ec2", it).stream())
                .toList()),
        new Statement(
            "TagInterfaces",
            List.of("ec2:CreateTags"),
            arns.in("ec2", "network-interface/*"),
            Map.of("StringEquals", Map.of("ec2:CreateAction", "CreateNetworkInterface"))),
        Statement.of(
            "SeeNetwork",
            List.of(
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags"),
            ANY));
  }

  /** Volumes of pods: those that the driver made, on nodes of this cluster. */
  public List<Statement> volumes() {
    Map<String, Map<String, Object>> asked =
        Map.of("StringEquals", Map.of("aws:RequestTag/ebs.csi.aws.com/cluster", "true"));
    Map<String, Map<String, Object>> made =
        Map.of("StringEquals", Map.of("aws:ResourceTag/ebs.csi.aws.com/cluster", "true"));
    List<String> volumes = arns.in("ec2", "volume/*");
    List<String> snapshots = snapshots();
    return List.of(
        new Statement("MakeVolumes", List.of("ec2:CreateVolume"), volumes, asked),
        new Statement("OfSnapshots", List.of("ec2:CreateVolume"), snapshots, made),
        new Statement("MakeSnapshots", List.of("ec2:CreateSnapshot"), snapshots, asked),
        new Statement(
            "Volumes",
            List.of(
                "ec2:AttachVolume",
                "ec2:CreateSnapshot",
                "ec2:DeleteVolume",
                "ec2:DetachVolume",
                "ec2:ModifyVolume"),
            volumes,
            made),
        new Statement("Snapshots", List.of("ec2:DeleteSnapshot"), snapshots, made),
        new Statement(
            "Nodes",
            List.of("ec2:AttachVolume", "ec2:DetachVolume"),
            arns.in("ec2", "instance/*"),
            Map.of("StringEquals", Map.of("aws:ResourceTag/eks:cluster-name", cluster))),
        new Statement(
            "TagVolumes",
            List.of("ec2:CreateTags"),
            join(volumes, snapshots),
            Map.of(
                "StringEquals",
                Map.of("ec2:CreateAction", List.of("CreateSnapshot", "CreateVolume")))),
        Statement.of(
            "SeeVolumes",
            List.of(
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeSnapshots",
                "ec2:DescribeVolumes",
                "ec2:DescribeVolumesModifications"),
            ANY));
  }

  /** File systems: access points that the driver made. */
  public List<Statement> fileSystems() {
    List<String> points = arns.in("elasticfilesystem", "access-point/*");
    List<String> systems = arns.in("elasticfilesystem", "file-system/*");
    Map<String, Map<String, Object>> asked =
        Map.of("StringEquals", Map.of("aws:RequestTag/efs.csi.aws.com/cluster", "true"));
    Map<String, Map<String, Object>> made =
        Map.of("StringEquals", Map.of("aws:ResourceTag/efs.csi.aws.com/cluster", "true"));
    return List.of(
        new Statement(
            "MakeAccessPoints", List.of("elasticfilesystem:CreateAccessPoint"), systems, asked),
        new Statement(
            "TagAccessPoints",
            List.of("elasticfilesystem:TagResource"),
            points,
            Map.of("StringEquals", Map.of("elasticfilesystem:CreateAction", "CreateAccessPoint"))),
        new Statement(
            "DeleteAccessPoints", List.of("elasticfilesystem:DeleteAccessPoint"), points, made),
        Statement.of(
            "SeeFileSystems",
            List.of(
                "elasticfilesystem:DescribeAccessPoints",
                "elasticfilesystem:DescribeFileSystems",
                "elasticfilesystem:DescribeMountTargets"),
            join(systems, points)),
        Statement.of("SeeZones", List.of("ec2:DescribeAvailabilityZones"), ANY));
  }

  /** Metrics and logs of nodes and pods, into groups that stand in the template. */
  public List<Statement> observability(List<String> logGroups) {
    return List.of(
        Statement.of(
            "WriteLogs",
            List.of("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            logGroups),
        new Statement(
            "SendMetrics",
            List.of("cloudwatch:PutMetricData"),
            ANY,
            Map.of(
                "StringEquals",
                Map.of("cloudwatch:namespace", List.of("CWAgent", "ContainerInsights")))),
        Statement.of("SeeVolumes", List.of("ec2:DescribeTags", "ec2:DescribeVolumes"), ANY));
  }

  /** The autoscaler: node groups of this cluster, which EKS has marked for it. */
  public List<Statement> autoscaler() {
    return List.of(
        new Statement(
            "Scale",
            List.of(
                "autoscaling:SetDesiredCapacity",
                "autoscaling:TerminateInstanceInAutoScalingGroup"),
            arns.in("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),
            Map.of(
                "StringEquals",
                Map.of("aws:ResourceTag/k8s.io/cluster-autoscaler/" + cluster, "owned"))),
        Statement.of(
            "SeeNodeGroups",
            List.of("eks:DescribeNodegroup"),
            arns.in("eks", "nodegroup/%s/*/*".formatted(cluster))),
        Statement.of(
            "SeeCapacity",
            List.of(
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "autoscaling:DescribeTags",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions"),
            ANY));
  }

  /**
   * The controller of load balancers, version 2: those of this cluster. Firewalls (WAF, Shield) and
   * user pools are left out, so it starts with {@code --enable-waf=false --enable-wafv2=false
   * --enable-shield=false}.
   */
  public List<Statement> loadBalancers() {
    Map<String, Map<String, Object>> asked =
        Map.of("StringEquals", Map.of("aws:RequestTag/elbv2.k8s.aws/cluster", cluster));
    Map<String, Map<String, Object>> own =
        Map.of("StringEquals", Map.of("aws:ResourceTag/elbv2.k8s.aws/cluster", cluster));
    List<String> balancers = arns.in("elasticloadbalancing", "loadbalancer/*");
    List<String> targets = arns.in("elasticloadbalancing", "targetgroup/*");
    List<String> listeners = arns.in("elasticloadbalancing", "listener/*");
    List<String> rules = arns.in("elasticloadbalancing", "listener-rule/*");
    List<String> groups = arns.in("ec2", "security-group/*");
    List<Statement> statements = new ArrayList<>();
    statements.add(
        new Statement(
            "Make",
            List.of(
                "elasticloadbalancing:CreateLoadBalancer",
                "elasticloadbalancing:CreateTargetGroup"),
            join(balancers, targets),
            asked));
    statements.add(
        new Statement(
            "Change",
            List.of(
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:AddTags",
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:CreateRule",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:DeleteLoadBalancer",
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:DeleteTargetGroup",
                "elasticloadbalancing:DeregisterTargets",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyListenerAttributes",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:ModifyTargetGroup",
                "elasticloadbalancing:ModifyTargetGroupAttributes",
                "elasticloadbalancing:RegisterTargets",
                "elasticloadbalancing:RemoveListenerCertificates",
                "elasticloadbalancing:RemoveTags",
                "elasticloadbalancing:SetIpAddressType",
                "elasticloadbalancing:SetRulePriorities",
                "elasticloadbalancing:SetSecurityGroups",
                "elasticloadbalancing:SetSubnets"),
            join(join(balancers, targets), join(listeners, rules)),
            own));
    statements.add(
        new Statement(
            "Tag",
            List.of("elasticloadbalancing:AddTags"),
            join(join(balancers, targets), join(listeners, rules)),
            asked));
    statements.add(new Statement("MakeGroups", List.of("ec2:CreateSecurityGroup"), groups, asked));
    statements.add(
        Statement.of("InNetwork", List.of("ec2:CreateSecurityGroup"), arns.in("ec2", "vpc/*")));
    statements.add(
        new Statement(
            "TagGroups",
            List.of("ec2:CreateTags"),
            groups,
            Map.of(
                "StringEquals",
                Map.of(
                    "aws:RequestTag/elbv2.k8s.aws/cluster",
                    cluster,
                    "ec2:CreateAction",
                    "CreateSecurityGroup"))));
    statements.add(
        new Statement(
            "Groups",
            List.of(
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:DeleteSecurityGroup",
                "ec2:DeleteTags",
                "ec2:RevokeSecurityGroupIngress"),
            groups,
            own));
    // Nodes and pods let the load balancers in by the group that EKS made for the cluster.
    statements.add(
        new Statement(
            "ReachNodes",
            List.of("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"),
            groups,
            Map.of(
                "StringEquals",
                Map.of("aws:ResourceTag/kubernetes.io/cluster/" + cluster, "owned"))));
    statements.add(
        Statement.of(
            "Certificates", List.of("acm:DescribeCertificate"), arns.in("acm", "certificate/*")));
    statements.add(
        new Statement(
            "ServiceRole",
            List.of("iam:CreateServiceLinkedRole"),
            List.of(
                arns.iam(
                    "role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing")),
            Map.of(
                "StringEquals",
                Map.of("iam:AWSServiceName", "elasticloadbalancing.amazonaws.com"))));
    statements.add(
        Statement.of(
            "See",
            List.of(
                "acm:ListCertificates",
                "ec2:DescribeAccountAttributes",
                "ec2:DescribeAddresses",
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeInternetGateways",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DescribeVpcs",
                "elasticloadbalancing:DescribeListenerAttributes",
                "elasticloadbalancing:DescribeListenerCertificates",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeLoadBalancerAttributes",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeSSLPolicies",
                "elasticloadbalancing:DescribeTags",
                "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth"),
            ANY));
    return statements;
  }

  /** ARN of the cluster, by its name, so that roles can stand before it. */
  public String clusterArn() {
    return arns.in("eks", "cluster/" + cluster).get(0);
  }

  /** Every statement; together they are what a boundary of clusters admits. */
  List<Statement> all() {
    return Stream.of(
            controlPlane(),
            List.of(Statement.of("Key", keyActions(), arns.in("kms", "key/*"))),
            node(),
            podNetwork(),
            volumes(),
            fileSystems(),
            observability(arns.in("logs", "log-group:*")),
            autoscaler(),
            loadBalancers())
        .flatMap(List::stream)
        .toList();
  }

  /** Snapshots have no account in their ARNs. */
  private List<String> snapshots() {
    return arns.regions().stream()
        .map(region -> "arn:%s:ec2:%s::snapshot/*".formatted(arns.partition(), region))
        .toList();
  }

  private List<String> images() {
    return arns.regions().stream()
        .map(region -> "arn:%s:ecr:%s:*:repository/*".formatted(arns.partition(), region))
        .toList();
  }

  private static List<String> join(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
