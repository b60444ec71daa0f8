package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicLoadBalancerTest {

  @Test
  void compliantWhenInternal() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Service",
                        "api",
                        "metadata: {annotations: {networking.gke.io/load-balancer-type:"
                            + " Internal}}, spec: {type: LoadBalancer}"))))
        .containsExactly("COMPLIANT api spec.type");
  }

  @Test
  void compliantWhenLimited() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Service",
                        "api",
                        "spec: {type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24]}"))))
        .containsExactly("COMPLIANT api spec.type");
  }

  @Test
  void compliantWhenTheClassIsInternalUnlessToldOtherwise() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Service",
                        "api",
                        "spec: {type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb}"))))
        .containsExactly("COMPLIANT api spec.type");
  }

  @Test
  void violatedWhenOpen() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("kubernetes:core/v1:Service", "api", "spec: {type: LoadBalancer}"))))
        .containsExactly("VIOLATED api spec.type: is open to the whole internet");
  }

  @Test
  void violatedWhenEverywhereIsAllowed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Service",
                        "api",
                        "spec: {type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8,"
                            + " 0.0.0.0/0]}"))))
        .containsExactly("VIOLATED api spec.type: is open to the whole internet");
  }

  @Test
  void violatedWhenFacingTheInternet() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Service",
                        "api",
                        "metadata: {annotations:"
                            + " {service.beta.kubernetes.io/aws-load-balancer-scheme:"
                            + " internet-facing, service.beta.kubernetes.io/aws-load-balancer-type:"
                            + " external}}, spec: {type: LoadBalancer}"))))
        .containsExactly("VIOLATED api spec.type: is open to the whole internet");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Service",
                        "api",
                        "spec: {type: LoadBalancer, loadBalancerSourceRanges: ["
                            + UNKNOWN
                            + "]}"))))
        .containsExactly("UNDECIDED api spec.type: is known only when deployed");
  }

  @Test
  void undecidedWhenTheTypeIsNotKnown() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Service", "api", "spec: {type: " + UNKNOWN + "}"))))
        .containsExactly("UNDECIDED api spec.type: is known only when deployed");
  }

  @Test
  void undecidedByAnotherClass() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:core/v1:Service",
                        "api",
                        "spec: {type: LoadBalancer, loadBalancerClass: tailscale}"))))
        .containsExactly("UNDECIDED api spec.type: is known only when deployed");
  }

  @Test
  void notApplicableToAnotherType() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("kubernetes:core/v1:Service", "api", "spec: {type: ClusterIP}"))))
        .isEmpty();
  }

  @Test
  void compliantWhenAnAnnotationLimitsIt() {
    assertThat(check(limitedTo("10.0.0.0/8, 192.168.0.0/16")))
        .containsExactly("COMPLIANT api spec.type");
  }

  @Test
  void violatedWhenAnAnnotationAllowsEverywhere() {
    assertThat(check(limitedTo("10.0.0.0/8, ::/0")))
        .containsExactly("VIOLATED api spec.type: is open to the whole internet");
  }

  private static Model limitedTo(String ranges) {
    return PulumiStates.of(
        resource(
            "kubernetes:core/v1:Service",
            "api",
            "metadata: {annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: '"
                + ranges
                + "'}}, spec: {type: LoadBalancer}"));
  }

  private static List<String> check(Model model) {
    return Checks.of(new PublicLoadBalancer(), model);
  }
}
