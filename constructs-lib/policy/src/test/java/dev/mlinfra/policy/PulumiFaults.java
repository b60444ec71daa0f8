package dev.mlinfra.policy;

import static dev.mlinfra.policy.Edits.bool;
import static dev.mlinfra.policy.Edits.json;
import static dev.mlinfra.policy.Edits.list;
import static dev.mlinfra.policy.Edits.number;
import static dev.mlinfra.policy.Edits.text;
import static dev.mlinfra.policy.Edits.with;

import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Faults of what runs on Kubernetes, and on other clouds. */
final class PulumiFaults {
  private static final String[] WORKLOADS = {
    "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:Job"
  };
  private static final String POD = "spec/template/spec/";
  private static final String CONTAINER = POD + "containers/*/";
  private static final String NAMESPACE = "kubernetes:core/v1:Namespace";

  static final List<Fault> ALL =
      Stream.of(pods(), cluster(), google(), azure()).flatMap(List::stream).toList();

  private PulumiFaults() {}

  private static List<Fault> pods() {
    return List.of(
        pod("privileged", "privileged").set(CONTAINER + "securityContext/privileged", bool(true)),
        pod("may gain rights", "privilege-escalation")
            .without(CONTAINER + "securityContext/allowPrivilegeEscalation"),
        pod("keeps its capabilities", "capabilities")
            .without(CONTAINER + "securityContext/capabilities"),
        pod("gets a capability", "capabilities")
            .set(CONTAINER + "securityContext/capabilities/add", list(text("SYS_ADMIN"))),
        pod("may be root", "run-as-non-root").without(POD + "securityContext/runAsNonRoot"),
        pod("is root", "run-as-non-root").set(CONTAINER + "securityContext/runAsUser", number(0)),
        pod("without a seccomp profile", "seccomp-profile")
            .without(POD + "securityContext/seccompProfile"),
        pod("on the network of its node", "host-namespaces").set(POD + "hostNetwork", bool(true)),
        pod("with a path of its node", "host-path")
            .set(POD + "volumes", json("[{'name': 'dev', 'hostPath': {'path': '/dev'}}]")),
        pod("with a port of its node", "host-ports")
            .set(CONTAINER + "ports", json("[{'containerPort': 80, 'hostPort': 80}]")),
        pod("with kernel settings", "kernel-settings")
            .set(
                POD + "securityContext/sysctls", json("[{'name': 'kernel.msgmax', 'value': '1'}]")),
        pod("with a network share", "volume-types")
            .set(POD + "volumes", json("[{'name': 'n', 'nfs': {'server': 's', 'path': '/'}}]")),
        pod("tolerates nothing", "gpu-quartet").without(POD + "tolerations"),
        pod("takes any node", "gpu-quartet").without(POD + "nodeSelector"),
        pod("without a memory limit", "gpu-quartet", "resources")
            .without(CONTAINER + "resources/limits/memory"),
        pod("without a processor request", "resources")
            .without(CONTAINER + "resources/requests/cpu"),
        pod("under the default account", "default-service-account")
            .without(POD + "serviceAccountName"),
        pod("with a token", "token-mount").set(POD + "automountServiceAccountToken", bool(true)),
        pod("with the latest image", "image-pinned")
            .set(CONTAINER + "image", text("registry.example.com/ml-agent/serve:latest")),
        pod("with a secret in clear", "plain-secret")
            .to(
                CONTAINER + "env",
                variables ->
                    Edits.plus(
                        variables,
                        json(
                            "{'name': 'DB_PASSWORD', 'value': 'not-a-real-password-0123456789'}"))),
        Fault.of("pods without a cost tag", "tags.propagation", "tags.missing")
            .in(WORKLOADS)
            .without("spec/template/metadata/labels/cost-center"));
  }

  private static List<Fault> cluster() {
    String job = "kubernetes:batch/v1:Job";
    return List.of(
        Fault.of("everybody reaches the pods", "kubernetes.network-policy")
            .in("kubernetes:networking.k8s.io/v1:NetworkPolicy")
            .to(
                "spec",
                spec ->
                    spec.at("podSelector.matchLabels").isMissing()
                        ? with(spec, "ingress", list(new Value.Mapping(Map.of())))
                        : spec),
        Fault.of("job of Kubernetes without an end", "kubernetes.job-limits")
            .in(job)
            .without("spec/activeDeadlineSeconds"),
        Fault.of("job retried for ever", "kubernetes.job-limits")
            .in(job)
            .set("spec/backoffLimit", number(100)),
        Fault.of("job kept for ever", "kubernetes.job-limits")
            .in(job)
            .without("spec/ttlSecondsAfterFinished"),
        Fault.of("service for the whole internet", "kubernetes.public-load-balancer")
            .in("kubernetes:core/v1:Service")
            .without("metadata/annotations"),
        Fault.of("secret of Kubernetes in clear", "kubernetes.plain-secret")
            .in("kubernetes:core/v1:Secret")
            .set("stringData/key", text("not-a-real-key-0123456789")),
        Fault.of("namespace without a cost tag", "tags.missing")
            .in(NAMESPACE)
            .without("metadata/labels/owner"));
  }

  private static List<Fault> google() {
    String cluster = "gcp:container/cluster:Cluster";
    return List.of(
        Fault.of("Google: basic role", "clouds.basic-role")
            .in("gcp:projects/iAMMember:IAMMember", "gcp:storage/bucketIAMMember:BucketIAMMember")
            .set("role", text("roles/editor")),
        Fault.of("Google: granted to everybody", "clouds.public-principal")
            .in("gcp:projects/iAMMember:IAMMember", "gcp:storage/bucketIAMMember:BucketIAMMember")
            .set("member", text("allUsers")),
        Fault.of("Google: default account", "clouds.default-service-account")
            .in("gcp:container/nodePool:NodePool")
            .without("nodeConfig/serviceAccount"),
        Fault.of("Google: access lists", "clouds.bucket-access")
            .in("gcp:storage/bucket:Bucket")
            .set("uniformBucketLevelAccess", bool(false)),
        Fault.of("Google: may be public", "clouds.bucket-access")
            .in("gcp:storage/bucket:Bucket")
            .without("publicAccessPrevention"),
        Fault.of("Google: nodes with addresses", "clouds.public-network")
            .in(cluster)
            .without("privateClusterConfig"),
        Fault.of("Google: control plane for everybody", "clouds.public-network")
            .in(cluster)
            .without("masterAuthorizedNetworksConfig"),
        Fault.of("Google: nodes that never end", "clouds.idle-shutdown")
            .in("gcp:container/nodePool:NodePool")
            .set("autoscaling/minNodeCount", number(1)),
        Fault.of("Google: password in clear", "clouds.secret-input")
            .in(cluster)
            .set("masterAuth", json("{'password': 'not-a-real-password-0123456789'}")),
        Fault.of("Google: key of an account", "clouds.exported-key")
            .changing(
                account -> Edits.withType(account, "gcp:serviceaccount/key:Key"),
                "gcp:serviceaccount/account:Account"),
        Fault.of("Google: SSH for everybody", "clouds.open-firewall")
            .in("gcp:compute/firewall:Firewall")
            .set("sourceRanges", list(text("0.0.0.0/0"))),
        Fault.of("Google: bucket without a cost tag", "tags.missing")
            .in("gcp:storage/bucket:Bucket")
            .without("labels/cost-center"));
  }

  private static List<Fault> azure() {
    String storage = "azure-native:storage:StorageAccount";
    return List.of(
        Fault.of("Azure: shared key", "clouds.shared-key-access")
            .in(storage)
            .without("allowSharedKeyAccess"),
        Fault.of("Azure: containers may be public", "clouds.public-principal")
            .in(storage)
            .set("allowBlobPublicAccess", bool(true)),
        Fault.of("Azure: user of the registry", "clouds.shared-key-access")
            .in("azure-native:containerregistry:Registry")
            .set("adminUserEnabled", bool(true)),
        Fault.of("Azure: local users", "clouds.shared-key-access")
            .in("azure-native:machinelearningservices:Compute")
            .without("properties/disableLocalAuth"),
        Fault.of("Azure: machines that never end", "clouds.idle-shutdown")
            .in("azure-native:machinelearningservices:Compute")
            .set("properties/properties/scaleSettings/minNodeCount", number(1)),
        Fault.of("Azure: workspace for everybody", "clouds.public-network")
            .in("azure-native:machinelearningservices:Workspace")
            .without("publicNetworkAccess"),
        Fault.of("Azure: control plane for everybody", "clouds.public-network")
            .in("azure-native:containerservice:ManagedCluster")
            .without("apiServerAccessProfile"),
        Fault.of("Azure: contributor", "clouds.basic-role")
            .in("azure-native:authorization:RoleAssignment")
            .to(
                "",
                assignment ->
                    with(
                        with(
                            assignment,
                            "roleDefinitionId",
                            text(
                                "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c")),
                        "scope",
                        text("/subscriptions/11111111-2222-3333-4444-555555555555"))),
        Fault.of("Azure: every port for everybody", "clouds.open-firewall")
            .in("azure-native:network:NetworkSecurityGroup")
            .to(
                "securityRules/*",
                rule ->
                    with(
                        with(rule, "sourceAddressPrefix", text("Internet")),
                        "destinationPortRange",
                        text("*"))),
        Fault.of("Azure: without a cost tag", "tags.missing")
            .in(storage, "azure-native:machinelearningservices:Compute")
            .without("tags/workload"));
  }

  private static Fault.Places pod(String what, String... rules) {
    return Fault.of(
            "pod " + what,
            Stream.of(rules).map(rule -> "kubernetes." + rule).toArray(String[]::new))
        .in(WORKLOADS);
  }
}
