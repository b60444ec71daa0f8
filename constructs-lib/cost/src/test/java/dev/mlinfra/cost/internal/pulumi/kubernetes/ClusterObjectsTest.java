package dev.mlinfra.cost.internal.pulumi.kubernetes;

import static dev.mlinfra.cost.internal.pulumi.Graphs.elsewhere;
import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.free;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import org.junit.jupiter.api.Test;

/** Services, claims and stateful sets: what they make in the cluster's cloud. */
class ClusterObjectsTest {
  private static final String GKE =
      resource(
          "gcp:container/cluster:Cluster",
          "gke",
          "location: us-central1, removeDefaultNodePool: true");
  private static final String EKS = resource("aws:eks/cluster:Cluster", "eks", "name: eks");
  private static final String AKS =
      resource("azure-native:containerservice:ManagedCluster", "aks", "location: eastus");

  private static String service(String inputs) {
    return resource("kubernetes:core/v1:Service", "serve", inputs);
  }

  private static String claim(String spec) {
    return resource("kubernetes:core/v1:PersistentVolumeClaim", "data", "spec: {" + spec + "}");
  }

  private static final String TEN = "resources: {requests: {storage: 10Gi}}";

  @Test
  void aServiceInsideTheClusterIsFree() {
    assertThat(free(estimate(service("spec: {type: ClusterIP}")))).hasSize(1);
    assertThat(free(estimate(service("metadata: {name: a}")))).hasSize(1);
  }

  @Test
  void aLoadBalancerIsOneOfTheClustersCloud() {
    String balancer =
        service(
            "metadata: {annotations: {service.beta.kubernetes.io/aws-load-balancer-type:"
                + " external}}, spec: {type: LoadBalancer}");
    Estimate estimate = estimate(EKS, balancer);
    expect(estimate, "load balancer", 730 * 0.02, 730 * 0.02);
    assertThat(notPriced(estimate))
        .containsExactly("what goes through the load balancer: usage does not say how much");
    assertThat(notPriced(estimate(GKE, balancer)))
        .containsExactly("no source for load balancers of gcp");
    assertThat(notPriced(estimate(balancer)))
        .containsExactly("a load balancer in a cloud that this graph does not name");
    assertThat(notPriced(estimate(EKS, GKE, balancer)))
        .containsExactly("a load balancer in a cloud that this graph does not name");
    assertThat(notPriced(estimate(EKS, service("spec: {type: LoadBalancer}"))))
        .containsExactly(
            "no source for classic load balancers, which"
                + " service.beta.kubernetes.io/aws-load-balancer-type avoids");
  }

  @Test
  void aClaimMakesADiskOfTheClustersCloud() {
    expect(estimate(GKE, claim(TEN)), "volume pd-balanced", 10 * 0.10, 10 * 0.10);
    expect(
        estimate(GKE, claim("storageClassName: premium-rwo, " + TEN)),
        "volume pd-ssd",
        10 * 0.17,
        10 * 0.17);
    expect(
        estimate(EKS, claim("storageClassName: gp3, " + TEN)), "volume gp3", 10 * 0.08, 10 * 0.08);
  }

  @Test
  void aClassOfTheGraphSaysWhatItMakes() {
    Estimate estimate =
        estimate(
            GKE,
            resource(
                "kubernetes:storage.k8s.io/v1:StorageClass",
                "fast",
                "metadata: {name: fast}, provisioner: pd.csi.storage.gke.io, parameters: {type:"
                    + " pd-ssd}"),
            claim("storageClassName: fast, " + TEN));
    expect(estimate, "volume pd-ssd", 1.70, 1.70);
  }

  @Test
  void aClaimThatCannotBeReadIsNotPriced() {
    assertThat(notPriced(estimate(claim(TEN))))
        .containsExactly("a disk in a cloud that this graph does not name");
    assertThat(notPriced(estimate(EKS, claim(TEN))))
        .containsExactly("a disk of the cluster's default class, which this graph does not say");
    assertThat(notPriced(estimate(GKE, claim("storageClassName: mine, " + TEN))))
        .containsExactly("a disk of class mine, which this graph does not say");
    assertThat(notPriced(estimate(AKS, claim("storageClassName: managed-csi, " + TEN))))
        .containsExactly("no source for managed disks of Azure");
    assertThat(notPriced(estimate(GKE, claim("accessModes: [a]"))))
        .containsExactly("resources.requests.storage is missing");
  }

  @Test
  void aClaimToAVolumeThatIsThereIsBilledWithIt() {
    assertThat(elsewhere(estimate(claim("volumeName: old, " + TEN)))).hasSize(1);
  }

  @Test
  void eachReplicaOfAStatefulSetHasItsDisks() {
    Estimate estimate =
        estimate(
            GKE,
            resource(
                "kubernetes:apps/v1:StatefulSet",
                "store",
                "spec: {replicas: 3, volumeClaimTemplates: [{spec: {" + TEN + "}}]}"));
    expect(estimate, "volume pd-balanced", 3 * 10 * 0.10, 3 * 10 * 0.10);
    assertThat(elsewhere(estimate))
        .containsExactly("its pods run on nodes, which are billed at their pool");
  }
}
