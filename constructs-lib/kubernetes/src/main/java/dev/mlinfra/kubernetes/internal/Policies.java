package dev.mlinfra.kubernetes.internal;

import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.networking.v1.inputs.IPBlockArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyEgressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyIngressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPeerArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicyPortArgs;
import com.pulumi.kubernetes.networking.v1.inputs.NetworkPolicySpecArgs;
import dev.mlinfra.kubernetes.Allowance;
import dev.mlinfra.kubernetes.MlNamespaceArgs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The network policies of a namespace: everything is denied, and what is allowed adds up. */
public final class Policies {
  private static final String INGRESS = "Ingress";
  private static final String EGRESS = "Egress";
  private static final int DNS = 53;

  /** Every namespace has this label with its own name, and nobody can change it. */
  private static final String NAMESPACE = "kubernetes.io/metadata.name";

  private Policies() {}

  /** The policies by their names. */
  public static Map<String, NetworkPolicySpecArgs> of(MlNamespaceArgs args) {
    Map<String, NetworkPolicySpecArgs> policies = new LinkedHashMap<>();
    policies.put("deny-all", denyAll());
    policies.put("dns", dns());
    args.getAllowances().forEach(one -> policies.put(one.name(), policy(one)));
    return policies;
  }

  /** The policy without which everything is allowed. */
  public static NetworkPolicySpecArgs denyAll() {
    return ofAllPods().policyTypes(INGRESS, EGRESS).build();
  }

  private static NetworkPolicySpecArgs.Builder ofAllPods() {
    return NetworkPolicySpecArgs.builder().podSelector(LabelSelectorArgs.builder().build());
  }

  private static NetworkPolicySpecArgs dns() {
    return ofAllPods()
        .policyTypes(EGRESS)
        .egress(
            NetworkPolicyEgressRuleArgs.builder()
                .to(podsOf("kube-system"))
                .ports(port("UDP", DNS), port("TCP", DNS))
                .build())
        .build();
  }

  private static NetworkPolicySpecArgs policy(Allowance allowance) {
    List<NetworkPolicyPortArgs> ports =
        allowance.ports().stream().map(number -> port("TCP", number)).toList();
    NetworkPolicyPeerArgs peer = peer(allowance.peer());
    if (allowance.direction() == Allowance.Direction.INGRESS) {
      NetworkPolicyIngressRuleArgs.Builder rule = NetworkPolicyIngressRuleArgs.builder().from(peer);
      if (!ports.isEmpty()) {
        rule.ports(ports);
      }
      return ofAllPods().policyTypes(INGRESS).ingress(rule.build()).build();
    }
    NetworkPolicyEgressRuleArgs.Builder rule = NetworkPolicyEgressRuleArgs.builder().to(peer);
    if (!ports.isEmpty()) {
      rule.ports(ports);
    }
    return ofAllPods().policyTypes(EGRESS).egress(rule.build()).build();
  }

  private static NetworkPolicyPeerArgs peer(Allowance.Peer peer) {
    return Stream.of(
            peer.cidr()
                .map(
                    cidr -> {
                      IPBlockArgs.Builder block = IPBlockArgs.builder().cidr(cidr);
                      if (!peer.except().isEmpty()) {
                        block.except(peer.except());
                      }
                      return NetworkPolicyPeerArgs.builder().ipBlock(block.build()).build();
                    }),
            peer.namespace().map(Policies::podsOf))
        .flatMap(java.util.Optional::stream)
        .findFirst()
        .orElseGet(
            () ->
                NetworkPolicyPeerArgs.builder()
                    .podSelector(LabelSelectorArgs.builder().build())
                    .build());
  }

  private static NetworkPolicyPeerArgs podsOf(String namespace) {
    return NetworkPolicyPeerArgs.builder()
        .namespaceSelector(
            LabelSelectorArgs.builder().matchLabels(Map.of(NAMESPACE, namespace)).build())
        .build();
  }

  private static NetworkPolicyPortArgs port(String protocol, int number) {
    return NetworkPolicyPortArgs.builder().protocol(protocol).port(number).build();
  }
}
