package dev.mlinfra.policy.internal.clouds;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFirewallTest {

  @Test
  void compliantWithNamedRanges() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:compute/firewall:Firewall",
                        "ssh",
                        "sourceRanges: [35.235.240.0/20], allows: [{protocol: tcp, ports: ['22']}]"))))
        .containsExactly("COMPLIANT ssh allows");
  }

  @Test
  void compliantForAnotherPort() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:compute/firewall:Firewall",
                        "web",
                        "sourceRanges: [0.0.0.0/0], allows: [{protocol: tcp, ports: ['443']}, {protocol: icmp}]"),
                    resource(
                        "azure-native:network:NetworkSecurityGroup",
                        "group",
                        "securityRules: [{access: Allow, direction: Inbound, protocol: Tcp, sourceAddressPrefix: '*', destinationPortRange: '443'}]"))))
        .containsExactly("COMPLIANT web allows", "COMPLIANT group securityRules[0]");
  }

  @Test
  void compliantForTagsAlone() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:compute/firewall:Firewall",
                        "inner",
                        "sourceTags: [gpu], allows: [{protocol: all}]"))))
        .containsExactly("COMPLIANT inner allows");
  }

  @Test
  void violatedByALogin() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:compute/firewall:Firewall",
                        "ssh",
                        "sourceRanges: [0.0.0.0/0], allows: [{protocol: tcp, ports: ['20-30']}]"))))
        .containsExactly("VIOLATED ssh allows: lets the whole internet try to log in");
  }

  @Test
  void violatedByEveryPort() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:compute/firewall:Firewall",
                        "any",
                        "sourceRanges: [10.0.0.0/8, 0.0.0.0/0], allows: [{protocol: all}]"),
                    resource(
                        "gcp:compute/firewall:Firewall", "none", "allows: [{protocol: tcp}]"))))
        .containsExactly(
            "VIOLATED any allows: lets the whole internet try to log in",
            "VIOLATED none allows: lets the whole internet try to log in");
  }

  @Test
  void violatedByARuleOfAzure() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "azure-native:network:NetworkSecurityGroup",
                        "group",
                        "securityRules: [{access: Allow, direction: Inbound, protocol: Tcp, sourceAddressPrefix: 'Internet', destinationPortRange: '3389'}]"),
                    resource(
                        "azure-native:network:SecurityRule",
                        "rule",
                        "access: Allow, direction: Inbound, protocol: '*', sourceAddressPrefixes: [0.0.0.0/0], destinationPortRanges: ['80', '*']"))))
        .containsExactly(
            "VIOLATED group securityRules[0]: lets the whole internet try to log in",
            "VIOLATED rule: lets the whole internet try to log in");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:compute/firewall:Firewall",
                        "ssh",
                        "sourceRanges: ["
                            + UNKNOWN
                            + "], allows: [{protocol: tcp, ports: ['22']}]"),
                    resource(
                        "azure-native:network:NetworkSecurityGroup",
                        "group",
                        "securityRules: [{access: Allow, direction: Inbound, protocol: Tcp, sourceAddressPrefix: "
                            + UNKNOWN
                            + ", destinationPortRange: 22}]"))))
        .containsExactly(
            "UNDECIDED ssh allows: is known only when deployed",
            "UNDECIDED group securityRules[0]: is known only when deployed");
  }

  @Test
  void notApplicableToWhatGoesOut() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "gcp:compute/firewall:Firewall",
                        "out",
                        "direction: EGRESS, allows: [{protocol: all}]"),
                    resource(
                        "gcp:compute/firewall:Firewall",
                        "off",
                        "disabled: true, allows: [{protocol: all}]"),
                    resource(
                        "azure-native:network:NetworkSecurityGroup",
                        "group",
                        "securityRules: [{access: Deny}, {direction: Outbound}]"))))
        .isEmpty();
  }

  private static List<String> check(Model model) {
    return Checks.of(new OpenFirewall(), model);
  }
}
