package dev.mlinfra.review;

import dev.mlinfra.review.ResourceChange.Kind;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What can be reached, or reaches, more or less than before. */
final class ReachRisks {
  private static final String GROUP = "AWS::EC2::SecurityGroup";

  /** Rules of a security group, as resources of their own and as properties of the group. */
  private static final Map<String, String> RULES =
      Map.of(
          GROUP + "Ingress", "lets in",
          GROUP + "Egress", "lets out");

  private static final Map<String, String> GROUP_RULES =
      Map.of("SecurityGroupIngress", "lets in", "SecurityGroupEgress", "lets out");

  /** What makes a way to the internet just by being there. */
  private static final Set<String> WAYS =
      Set.of(
          "AWS::EC2::InternetGateway",
          "AWS::EC2::EgressOnlyInternetGateway",
          "AWS::EC2::NatGateway",
          "AWS::EC2::EIPAssociation",
          "AWS::EC2::VPCPeeringConnection",
          "AWS::EC2::TransitGatewayAttachment",
          "AWS::Lambda::Url",
          "gcp:compute/routerNat:RouterNat",
          "gcp:compute/firewall:Firewall",
          "azure-native:network:PublicIPAddress",
          "azure-native:network:SecurityRule");

  /** What is reached without the internet only as long as it is there. */
  private static final Set<String> ENDPOINTS =
      Set.of("AWS::EC2::VPCEndpoint", "azure-native:network:PrivateEndpoint");

  /** Settings that put something on the internet, and the value that does so. */
  private static final Map<String, String> SWITCHES =
      Map.of(
          "AssignPublicIp", "ENABLED",
          "AssociatePublicIpAddress", "true",
          "EndpointPublicAccess", "true",
          "MapPublicIpOnLaunch", "true",
          "PubliclyAccessible", "true",
          "Scheme", "internet-facing",
          "publicNetworkAccess", "Enabled");

  private static final Pattern EVERYWHERE = Pattern.compile("0\\.0\\.0\\.0/0|::/0");

  private final Sides sides;
  private final List<ReviewItem> items = new ArrayList<>();

  private ReachRisks(Sides sides) {
    this.sides = sides;
  }

  static List<ReviewItem> of(Sides sides) {
    ReachRisks risks = new ReachRisks(sides);
    sides.comparison().changes().forEach(risks::change);
    return risks.items;
  }

  /** Whether a difference is told here, and not a second time with the rest. */
  static boolean tells(ResourceChange change, Difference difference) {
    return (change.type().equals(GROUP)
            && GROUP_RULES.keySet().stream().anyMatch(difference.path()::startsWith))
        || RULES.containsKey(change.type())
        || isSwitchedOn(difference);
  }

  /** Whether a whole new or removed resource is told here. */
  static boolean tells(ResourceChange change) {
    return RULES.containsKey(change.type())
        || WAYS.contains(change.type())
        || ENDPOINTS.contains(change.type());
  }

  private void change(ResourceChange change) {
    Resource resource = change.resource();
    String type = change.type();
    if (change.kind() == Kind.ADDED) {
      added(resource);
    } else if (change.kind() == Kind.REMOVED) {
      if (ENDPOINTS.contains(type)) {
        add(resource, "is removed: who used it needs another way", service(resource), "");
      } else if (RULES.containsKey(type)) {
        String rule =
            Shown.of(sides.base().properties(resource), "", sides.base().context(resource));
        add(resource, "no longer " + RULES.get(type), rule, "");
      } else if (WAYS.contains(type)) {
        add(resource, "is removed, a way to the internet", "", "");
      }
    } else {
      change.differences().forEach(difference -> difference(change, difference));
    }
  }

  private void added(Resource resource) {
    Value properties = sides.head().properties(resource);
    if (RULES.containsKey(resource.type())) {
      add(resource, RULES.get(resource.type()), "", shown(properties, resource));
    } else if (resource.type().equals(GROUP)) {
      GROUP_RULES.forEach(
          (property, what) -> {
            for (Value rule : properties.entry(property).oneOrMany()) {
              if (!isNobody(rule)) {
                add(resource, "is new and " + what, "", shown(rule, resource));
              }
            }
          });
    } else if (resource.type().equals("AWS::EC2::Route")
        && EVERYWHERE.matcher(shown(properties, resource)).find()) {
      add(resource, "is a new route to the internet", "", shown(properties, resource));
    } else if (WAYS.contains(resource.type())) {
      add(resource, "is new, a way to or from the internet", "", "");
    } else if (ENDPOINTS.contains(resource.type())) {
      add(resource, "is new", "", service(resource));
    } else if (resource.type().endsWith(":Service")
        && properties.at("spec.type").asText().filter(it -> !it.equals("ClusterIP")).isPresent()) {
      add(resource, "is new and can be reached from outside of the cluster", "", "");
    } else {
      SWITCHES.forEach(
          (name, value) -> {
            if (properties.entry(name).asText().filter(value::equals).isPresent()) {
              add(resource, "is new and public", "", name + ": " + value);
            }
          });
    }
  }

  /** The CDK's rule for a group that lets nothing out. */
  private static boolean isNobody(Value rule) {
    return rule.entry("CidrIp").asText().filter(it -> it.equals("255.255.255.255/32")).isPresent();
  }

  private void difference(ResourceChange change, Difference difference) {
    if (!tells(change, difference)) {
      return;
    }
    String what;
    if (change.type().equals(GROUP)) {
      String property = difference.path().replaceFirst("[.\\[].*", "");
      what =
          difference.after().isEmpty()
              ? "no longer " + GROUP_RULES.get(property)
              : GROUP_RULES.get(property);
    } else if (RULES.containsKey(change.type())) {
      what = RULES.get(change.type()) + " by another rule: " + difference.path();
    } else {
      what = "becomes public: " + difference.path();
    }
    add(change.resource(), what, difference.before(), difference.after());
  }

  private static boolean isSwitchedOn(Difference difference) {
    String name = difference.path().substring(difference.path().lastIndexOf('.') + 1);
    return SWITCHES.getOrDefault(name, "").equals(difference.after())
        && !difference.after().isEmpty();
  }

  private String service(Resource endpoint) {
    Value name =
        sides.isInHead(endpoint.id().toString())
            ? sides.head().property(endpoint, "ServiceName")
            : sides.base().property(endpoint, "ServiceName");
    return name.asText().orElse("");
  }

  private String shown(Value value, Resource resource) {
    return Shown.of(value, "", sides.head().context(resource));
  }

  private void add(Resource resource, String what, String before, String after) {
    items.add(ReviewItem.of(Risk.REACH, resource, what, before, after));
  }
}
