package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.network.SecurityGroups.Group;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** No port is open to everyone, but those of the web on a load balancer. */
final class OpenPort implements Rule {
  private static final int SSH = 22;
  private static final int REMOTE_DESKTOP = 3389;
  private static final List<Integer> WEB = List.of(80, 443);
  private static final int LAST_PORT = 65535;

  /** Nobody has more addresses than 10.0.0.0/8 to name; two halves of everything are everyone. */
  private static final Pattern PART_OF_THE_INTERNET = Pattern.compile("/0*[0-7]");

  @Override
  public String id() {
    return "mlinfra::network.open-port";
  }

  @Override
  public String requirement() {
    return "No port is open to everyone, but 80 and 443 of a load balancer.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Check check = new Check(inspection, outcomes);
    for (Resource group : inspection.resources(SecurityGroups.TYPE)) {
      Optional<Group> itself = Optional.of(new Group(group.id()));
      for (Value branch : inspection.property(group, "SecurityGroupIngress").alternatives()) {
        List<Value> rules = branch.oneOrMany();
        for (int i = 0; i < rules.size(); i++) {
          for (Value rule : rules.get(i).alternatives()) {
            check.rule(group, "SecurityGroupIngress[" + i + "]", rule, itself);
          }
        }
      }
    }
    for (Resource rule : inspection.resources(SecurityGroups.INGRESS)) {
      check.rule(
          rule,
          "",
          inspection.properties(rule),
          check.groups.group(inspection.property(rule, "GroupId")));
    }
  }

  private static final class Check {
    private final Inspection inspection;
    private final Outcomes.Of outcomes;
    private final SecurityGroups groups;

    /** The groups of load balancers; one that is not on the internet does no harm. */
    private final Set<Group> balanced = new HashSet<>();

    Check(Inspection inspection, Outcomes.Of outcomes) {
      this.inspection = inspection;
      this.outcomes = outcomes;
      this.groups = new SecurityGroups(inspection);
      for (Resource balancer :
          inspection.resources(
              "AWS::ElasticLoadBalancingV2::LoadBalancer",
              "AWS::ElasticLoadBalancing::LoadBalancer")) {
        for (Value value : Decide.items(inspection.property(balancer, "SecurityGroups"))) {
          groups.group(value).ifPresent(balanced::add);
        }
      }
    }

    void rule(Resource resource, String at, Value rule, Optional<Group> group) {
      if (rule.isMissing()) {
        return;
      }
      if (rule.isSymbolic()) {
        outcomes.undecided(
            resource, at, rule, "the rule is known only when deployed", "write the rule out");
        return;
      }
      String source = rule.entry("CidrIp").isMissing() ? "CidrIpv6" : "CidrIp";
      Value range = rule.entry(source);
      String place = at.isEmpty() ? source : at + "." + source;
      Verdict closed =
          range.isMissing() ? Verdict.COMPLIANT : Decide.each(range, it -> isBound(it, resource));
      if (closed == Verdict.COMPLIANT || Ports.none(rule)) {
        outcomes.compliant(resource, range.isMissing() ? at : place);
      } else if (closed == Verdict.UNDECIDED) {
        outcomes.undecided(
            resource,
            place,
            range,
            "whether " + ports(rule) + " is open to everyone is known only when deployed",
            "write the addresses out, or name a security group");
      } else {
        Verdict verdict = mayBeOpen(rule, group);
        outcomes.say(
            verdict,
            resource,
            place,
            range,
            (verdict == Verdict.UNDECIDED ? "perhaps lets everyone in on " : "lets everyone in on ")
                + ports(rule),
            fix(rule));
      }
    }

    private Verdict isBound(Value range, Resource resource) {
      boolean ofVpc =
          range instanceof Value.Reference reference
              && reference.attribute().filter(it -> it.contains("CidrBlock")).isPresent();
      String end = range.resolvedText(inspection.context(resource)).suffix().strip();
      if (ofVpc || end.isEmpty()) {
        return ofVpc || range.isMissing() ? Verdict.COMPLIANT : Verdict.UNDECIDED;
      }
      int slash = end.lastIndexOf('/');
      if (slash < 0) {
        return range.isSymbolic() ? Verdict.UNDECIDED : Verdict.COMPLIANT;
      }
      return PART_OF_THE_INTERNET.matcher(end.substring(slash)).matches()
          ? Verdict.VIOLATED
          : Verdict.COMPLIANT;
    }

    private Verdict mayBeOpen(Value rule, Optional<Group> group) {
      Verdict isWeb =
          Verdict.worst(
              List.of(
                  Decide.number(rule.entry("FromPort"), it -> isWeb(it.toPlainString())),
                  Decide.number(rule.entry("ToPort"), it -> isWeb(it.toPlainString())),
                  Decide.not(Decide.oneOf(rule.entry("IpProtocol"), "-1"))));
      boolean isOnePort = rule.entry("FromPort").asText().equals(rule.entry("ToPort").asText());
      if (!isOnePort && isWeb == Verdict.COMPLIANT) {
        return Verdict.VIOLATED;
      }
      return Verdict.worst(List.of(isWeb, group.map(this::isBalanced).orElse(Verdict.UNDECIDED)));
    }

    /**
     * What has a group that nothing in the model has, such as one for other stacks, is not known.
     */
    private Verdict isBalanced(Group group) {
      if (balanced.contains(group)) {
        return Verdict.COMPLIANT;
      }
      boolean isUsed =
          inspection.resources().stream()
              .filter(it -> !it.type().startsWith(SecurityGroups.TYPE))
              .anyMatch(it -> mentions(inspection.properties(it), group.resource()));
      return isUsed ? Verdict.VIOLATED : Verdict.UNDECIDED;
    }

    private static boolean mentions(Value value, ResourceId resource) {
      return (value instanceof Value.Reference reference && reference.resource().equals(resource))
          || value.children().stream().anyMatch(it -> mentions(it, resource));
    }

    private static boolean isWeb(String port) {
      return WEB.stream().anyMatch(it -> port.equals(Integer.toString(it)));
    }
  }

  private static String ports(Value rule) {
    String first = rule.entry("FromPort").asText().orElse("");
    String last = rule.entry("ToPort").asText().orElse("");
    if (isEvery(rule)) {
      return "every port";
    }
    if (Ports.cover(rule, SSH) == Verdict.COMPLIANT) {
      return "port 22 (SSH)";
    }
    if (Ports.cover(rule, REMOTE_DESKTOP) == Verdict.COMPLIANT) {
      return "port 3389 (remote desktop)";
    }
    if (first.isEmpty() || last.isEmpty()) {
      return "its port";
    }
    return first.equals(last) ? "port " + first : "ports " + first + " to " + last;
  }

  private static boolean isEvery(Value rule) {
    return Ports.all(rule)
        || (Ports.cover(rule, 1) == Verdict.COMPLIANT
            && Ports.cover(rule, LAST_PORT) == Verdict.COMPLIANT);
  }

  private static String fix(Value rule) {
    boolean isShell =
        Ports.cover(rule, SSH) == Verdict.COMPLIANT
            || Ports.cover(rule, REMOTE_DESKTOP) == Verdict.COMPLIANT;
    return isShell && !isEvery(rule)
        ? "take the rule out and open shells with Session Manager"
        : "name the port, and the addresses or the security group that may come in";
  }
}
