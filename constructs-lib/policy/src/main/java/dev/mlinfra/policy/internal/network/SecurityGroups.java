package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The security groups of a model, with the rules that stand beside them. */
final class SecurityGroups {
  static final String TYPE = "AWS::EC2::SecurityGroup";
  static final String INGRESS = "AWS::EC2::SecurityGroupIngress";
  static final String EGRESS = "AWS::EC2::SecurityGroupEgress";

  /** Attribute of a VPC: the group of what names none. */
  static final String DEFAULT_GROUP = "DefaultSecurityGroup";

  private static final int HTTPS = 443;

  private final Inspection inspection;
  private final Map<Optional<Group>, List<Value>> ingress;
  private final Map<Optional<Group>, List<Value>> egress;

  SecurityGroups(Inspection inspection) {
    this.inspection = inspection;
    this.ingress = rules(INGRESS);
    this.egress = rules(EGRESS);
  }

  /**
   * A group of the model: a security group, or the default one of a VPC.
   *
   * @param resource the security group or the VPC
   */
  record Group(ResourceId resource) {}

  /** The group of the model that a value names. */
  Optional<Group> group(Value value) {
    return inspection
        .named(value)
        .filter(it -> it.type().equals(TYPE) || isDefaultGroup(value))
        .map(it -> new Group(it.id()));
  }

  /** Whether a value is the default group of a VPC of the model. */
  static boolean isDefaultGroup(Value value) {
    return value instanceof Value.Reference reference
        && reference.attribute().filter(DEFAULT_GROUP::equals).isPresent();
  }

  /** Whether one of some groups lets HTTPS out to the internet. */
  Verdict letOutToInternet(List<Value> groups) {
    return letOut(groups, this::toInternet);
  }

  /**
   * Whether one of some groups lets HTTPS out to a gateway endpoint, which has public addresses.
   */
  Verdict letOutToGateway(List<Value> groups) {
    return letOut(
        groups,
        rule ->
            rule.entry("DestinationPrefixListId").isMissing()
                ? toInternet(rule)
                : Verdict.COMPLIANT);
  }

  /** Whether one of some groups lets HTTPS out to an interface endpoint in the same VPC. */
  Verdict letOutToInterface(List<Value> groups, List<Value> ofEndpoint, List<Value> ranges) {
    return letOut(
        groups,
        rule ->
            Reach.best(
                isRange(rule.entry("CidrIp"), ranges),
                isGroup(rule.entry("DestinationSecurityGroupId"), ofEndpoint)));
  }

  /**
   * Whether one of an endpoint's groups lets HTTPS in from something in the same VPC.
   *
   * @param ofEndpoint the groups of the endpoint
   * @param of the groups of what comes
   * @param ranges the addresses of what comes: its subnet's and its VPC's
   */
  Verdict letIn(List<Value> ofEndpoint, List<Value> of, List<Value> ranges) {
    Verdict in = Verdict.VIOLATED;
    for (Value value : ofEndpoint) {
      Optional<Group> group = group(value);
      // What is not of the model is taken to be made for the purpose.
      if (group.isEmpty()) {
        return Verdict.COMPLIANT;
      }
      for (Value rule : ingress(group.get())) {
        Verdict source =
            Reach.best(
                isRange(rule.entry("CidrIp"), ranges),
                isGroup(rule.entry("SourceSecurityGroupId"), of),
                rule.entry("SourcePrefixListId").isMissing()
                    ? Verdict.VIOLATED
                    : Verdict.UNDECIDED);
        in = Reach.best(in, Verdict.worst(List.of(Ports.cover(rule, HTTPS), source)));
      }
      if (isDefaultGroup(value)) {
        in = Reach.best(in, isGroup(value, of));
      }
    }
    return in;
  }

  private interface Destination {
    Verdict reached(Value rule);
  }

  private Verdict letOut(List<Value> groups, Destination destination) {
    Verdict out = groups.isEmpty() ? Verdict.COMPLIANT : Verdict.VIOLATED;
    for (Value value : groups) {
      Optional<Group> group = group(value);
      Optional<Resource> resource = group.flatMap(it -> inspection.resource(it.resource()));
      Value inline =
          resource
              .filter(it -> it.type().equals(TYPE))
              .map(it -> inspection.property(it, "SecurityGroupEgress"))
              .orElseGet(Value.Missing::new);
      // A group without rules for what goes out has one that lets out everything.
      if (group.isEmpty() || Decide.items(inline).isEmpty()) {
        return Verdict.COMPLIANT;
      }
      List<Value> rules = new ArrayList<>(Decide.items(inline));
      rules.addAll(beside(egress, group.get()));
      for (Value rule : rules) {
        Verdict covered =
            rule.isSymbolic()
                ? Verdict.UNDECIDED
                : Verdict.worst(List.of(Ports.cover(rule, HTTPS), destination.reached(rule)));
        out = Reach.best(out, covered);
      }
    }
    return out;
  }

  private List<Value> ingress(Group group) {
    List<Value> rules = new ArrayList<>(beside(ingress, group));
    inspection
        .resource(group.resource())
        .filter(it -> it.type().equals(TYPE))
        .map(it -> Decide.items(inspection.property(it, "SecurityGroupIngress")))
        .ifPresent(rules::addAll);
    return rules;
  }

  /** The rules of a group, and those of which the group is not known. */
  private static List<Value> beside(Map<Optional<Group>, List<Value>> rules, Group group) {
    List<Value> found = new ArrayList<>(rules.getOrDefault(Optional.of(group), List.of()));
    found.addAll(rules.getOrDefault(Optional.<Group>empty(), List.of()));
    return found;
  }

  private Map<Optional<Group>, List<Value>> rules(String type) {
    Map<Optional<Group>, List<Value>> rules = new HashMap<>();
    for (Resource rule : inspection.resources(type)) {
      Value of = inspection.property(rule, "GroupId");
      Optional<Group> group = group(of);
      if (group.isPresent()) {
        rules.computeIfAbsent(group, it -> new ArrayList<>()).add(inspection.properties(rule));
      } else if (of.isSymbolic()) {
        rules
            .computeIfAbsent(group, it -> new ArrayList<>())
            .add(new Value.Unknown("a rule of a group that is not known", of));
      }
    }
    return rules;
  }

  private Verdict toInternet(Value rule) {
    Value range = rule.entry("CidrIp");
    if (range.isMissing()) {
      return Verdict.VIOLATED;
    }
    return Decide.each(
        range,
        it -> {
          Optional<CidrBlock> block = it.asText().flatMap(CidrBlock::parse);
          if (block.isEmpty()) {
            return Verdict.UNDECIDED;
          }
          if (block.get().isEverything()) {
            return Verdict.COMPLIANT;
          }
          return isInside(block.get()) ? Verdict.VIOLATED : Verdict.UNDECIDED;
        });
  }

  /** Whether a range is one that nothing on the internet has. */
  private static boolean isInside(CidrBlock block) {
    return List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "255.255.255.255/32").stream()
        .map(it -> CidrBlock.parse(it).orElseThrow())
        .anyMatch(it -> it.contains(block));
  }

  /** Whether a range of a rule certainly holds one of some ranges, the smaller first. */
  private static Verdict isRange(Value range, List<Value> ranges) {
    if (range.isMissing()) {
      return Verdict.VIOLATED;
    }
    if (ranges.contains(range)) {
      return Verdict.COMPLIANT;
    }
    Optional<CidrBlock> block = range.asText().flatMap(CidrBlock::parse);
    if (block.isEmpty()) {
      return Verdict.UNDECIDED;
    }
    if (block.get().isEverything()) {
      return Verdict.COMPLIANT;
    }
    List<CidrBlock> known =
        ranges.stream().flatMap(it -> it.asText().flatMap(CidrBlock::parse).stream()).toList();
    if (known.stream().anyMatch(block.get()::contains)) {
      return Verdict.COMPLIANT;
    }
    return known.isEmpty() ? Verdict.UNDECIDED : Verdict.VIOLATED;
  }

  private Verdict isGroup(Value value, List<Value> groups) {
    if (value.isMissing()) {
      return Verdict.VIOLATED;
    }
    if (groups.contains(value)) {
      return Verdict.COMPLIANT;
    }
    Optional<Group> group = group(value);
    Verdict found = Verdict.VIOLATED;
    for (Value each : groups) {
      Optional<Group> other = group(each);
      if (other.isPresent() && other.equals(group)) {
        return Verdict.COMPLIANT;
      }
      if (other.isEmpty() || group.isEmpty()) {
        found = Verdict.UNDECIDED;
      }
    }
    return found;
  }
}
