package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Nobody in the world may try to log in. */
final class OpenFirewall implements Rule {
  private static final Set<String> EVERYWHERE =
      Set.of("*", "any", "internet", "0.0.0.0/0", "0.0.0.0", "::/0");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
  private static final List<Integer> LOGINS = List.of(22, 3389);
  private static final String PROBLEM = "lets the whole internet try to log in";
  private static final String FIX =
      "name the ranges that may, or go through Identity-Aware Proxy, Bastion or a VPN";

  @Override
  public String id() {
    return "mlinfra::clouds.open-firewall";
  }

  @Override
  public String requirement() {
    return "No firewall lets the whole internet reach SSH, remote desktop or every port.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource firewall : CloudResources.of(inspection, "gcp:compute/firewall:Firewall")) {
      google(firewall, inspection, outcomes);
    }
    for (Resource group :
        CloudResources.of(inspection, "azure-native:network:NetworkSecurityGroup")) {
      List<Value> rules = inspection.property(group, "securityRules").asList();
      for (int i = 0; i < rules.size(); i++) {
        azure(group, "securityRules[" + i + "]", rules.get(i), outcomes);
      }
    }
    for (Resource rule : CloudResources.of(inspection, "azure-native:network:SecurityRule")) {
      azure(rule, "", inspection.properties(rule), outcomes);
    }
  }

  private static void google(Resource firewall, Inspection inspection, Outcomes.Of outcomes) {
    Value direction = inspection.property(firewall, "direction");
    Value allows = inspection.property(firewall, "allows");
    boolean works = !inspection.property(firewall, "disabled").asBoolean().orElse(false);
    if (!works
        || Decide.isAbsent(allows)
        || Decide.oneOf(direction, "EGRESS") == Verdict.COMPLIANT) {
      return;
    }
    Value ranges = inspection.property(firewall, "sourceRanges");
    boolean others =
        !Decide.isAbsent(inspection.property(firewall, "sourceTags"))
            || !Decide.isAbsent(inspection.property(firewall, "sourceServiceAccounts"));
    // Without any source it is for all of them.
    Verdict from =
        Decide.isAbsent(ranges) ? (others ? Verdict.COMPLIANT : Verdict.VIOLATED) : named(ranges);
    Verdict to = Verdict.worst(Decide.items(allows).stream().map(OpenFirewall::allowed).toList());
    outcomes.decided(from.compareTo(to) <= 0 ? from : to, firewall, "allows", allows, PROBLEM, FIX);
  }

  private static Verdict named(Value ranges) {
    return Verdict.worst(
        Decide.items(ranges).stream()
            .map(
                it ->
                    Decide.text(it, range -> !EVERYWHERE.contains(range.toLowerCase(Locale.ROOT))))
            .toList());
  }

  private static Verdict allowed(Value allow) {
    Verdict protocol = Decide.text(allow.entry("protocol"), it -> !it.matches("(?i)tcp|6|all"));
    Value ports = allow.entry("ports");
    List<Value> each = Decide.items(ports);
    Verdict port =
        each.isEmpty()
            ? Verdict.VIOLATED
            : Verdict.worst(each.stream().map(OpenFirewall::harmless).toList());
    return protocol.compareTo(port) <= 0 ? protocol : port;
  }

  private static void azure(Resource resource, String at, Value rule, Outcomes.Of outcomes) {
    Verdict denies = Decide.oneOf(rule.entry("access"), "Deny");
    Verdict out = Decide.oneOf(rule.entry("direction"), "Outbound");
    if (denies == Verdict.COMPLIANT || out == Verdict.COMPLIANT) {
      return;
    }
    Verdict protocol = Decide.text(rule.entry("protocol"), it -> !it.matches("(?i)tcp|\\*"));
    Verdict from =
        Verdict.worst(
            List.of(
                named(rule.entry("sourceAddressPrefix")),
                named(rule.entry("sourceAddressPrefixes"))));
    Verdict to =
        Verdict.worst(
            Stream.of("destinationPortRange", "destinationPortRanges")
                .flatMap(it -> Decide.items(rule.entry(it)).stream())
                .map(OpenFirewall::harmless)
                .toList());
    Verdict verdict =
        Stream.of(denies, out, protocol, from, to)
            .min(Comparator.naturalOrder())
            .orElse(Verdict.VIOLATED);
    outcomes.decided(verdict, resource, at, rule.entry("destinationPortRange"), PROBLEM, FIX);
  }

  /** Whether a port or range such as {@code 20-30} leaves out where people log in. */
  private static Verdict harmless(Value ports) {
    return Decide.text(
        ports,
        it -> {
          Matcher range = RANGE.matcher(it.strip());
          if (!range.matches()) {
            return false;
          }
          int first = Integer.parseInt(range.group(1));
          int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
          return LOGINS.stream().noneMatch(login -> first <= login && login <= last);
        });
  }
}
