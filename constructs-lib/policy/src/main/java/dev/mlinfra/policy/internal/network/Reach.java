package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What can be reached from the subnets of a model: over the internet, or through an endpoint in the
 * VPC. An answer is {@code COMPLIANT} for yes, {@code VIOLATED} for no, and {@code UNDECIDED} where
 * a subnet, VPC or route is not of the model.
 *
 * <p>Network ACLs, and routes by IPv6 alone, are not looked at.
 */
final class Reach {
  static final String ENDPOINT = "AWS::EC2::VPCEndpoint";
  private static final String SUBNET = "AWS::EC2::Subnet";
  private static final String VPC = "AWS::EC2::VPC";
  private static final String EVERYWHERE = "0.0.0.0/0";

  /** What the name of a service starts with in a region. */
  private static final Pattern REGIONAL = Pattern.compile("^(cn\\.)?com\\.amazonaws\\.[a-z0-9-]+");

  private final Inspection inspection;
  private final SecurityGroups groups;

  /** The route table of each subnet that has one of its own. */
  private final Map<ResourceId, List<Value>> tables = new HashMap<>();

  /** The routes of each route table that lead out of the VPC. */
  private final Map<ResourceId, List<Way>> routes = new HashMap<>();

  private final List<Endpoint> endpoints = new ArrayList<>();
  private boolean unknownSubnets;
  private boolean unknownTables;

  /** Where a route for all addresses leads. */
  private enum Leads {
    INTERNET,
    NAT,
    ELSEWHERE
  }

  private record Way(Leads leads, Resource route) {}

  /**
   * An endpoint of a VPC.
   *
   * @param resource the endpoint
   * @param isInterface whether it has addresses in subnets; else it stands in route tables
   * @param end what the name of its service certainly ends with, such as {@code .ecr.api}
   */
  record Endpoint(Resource resource, boolean isInterface, String end) {
    /** Whether it is one of a service. */
    Verdict serves(String service) {
      if (end.isEmpty()) {
        return Verdict.UNDECIDED;
      }
      boolean isName =
          end.startsWith(".") ? end.equals("." + service) : end.endsWith("." + service);
      return isName ? Verdict.COMPLIANT : Verdict.VIOLATED;
    }
  }

  private Reach(Inspection inspection) {
    this.inspection = inspection;
    this.groups = new SecurityGroups(inspection);
    for (Resource each : inspection.resources("AWS::EC2::SubnetRouteTableAssociation")) {
      Value subnet = inspection.property(each, "SubnetId");
      Optional<Resource> known = subnet(subnet);
      known.ifPresent(
          it ->
              tables
                  .computeIfAbsent(it.id(), id -> new ArrayList<>())
                  .add(inspection.property(each, "RouteTableId")));
      unknownSubnets |= known.isEmpty() && subnet.isSymbolic();
    }
    inspection.resources("AWS::EC2::Route").forEach(this::route);
    for (Resource each : inspection.resources("AWS::EC2::VPNGatewayRoutePropagation")) {
      for (Value table : Decide.items(inspection.property(each, "RouteTableIds"))) {
        add(table, new Way(Leads.ELSEWHERE, each));
      }
    }
    for (Resource each : inspection.resources(ENDPOINT)) {
      Optional<String> kind = inspection.property(each, "VpcEndpointType").asText();
      String end =
          inspection.property(each, "ServiceName").resolvedText(inspection.context(each)).suffix();
      end = REGIONAL.matcher(end).replaceFirst("");
      endpoints.add(new Endpoint(each, kind.filter("Interface"::equals).isPresent(), end));
    }
  }

  static Reach of(Inspection inspection) {
    return inspection.prepared(Reach.class, Reach::new);
  }

  /** The best of some answers: the ways of which one is enough. */
  static Verdict best(Collection<Verdict> verdicts) {
    return verdicts.stream().min(Comparator.naturalOrder()).orElse(Verdict.VIOLATED);
  }

  /** The best of some answers: the ways of which one is enough. */
  static Verdict best(Verdict... verdicts) {
    return best(Arrays.asList(verdicts));
  }

  private void route(Resource route) {
    Verdict toEverywhere =
        Decide.oneOf(inspection.property(route, "DestinationCidrBlock"), EVERYWHERE);
    if (toEverywhere != Verdict.VIOLATED) {
      Leads leads = toEverywhere == Verdict.COMPLIANT ? leads(route) : Leads.ELSEWHERE;
      add(inspection.property(route, "RouteTableId"), new Way(leads, route));
    }
  }

  private void add(Value table, Way way) {
    Optional<Resource> known = inspection.named(table);
    known.ifPresent(it -> routes.computeIfAbsent(it.id(), id -> new ArrayList<>()).add(way));
    unknownTables |= known.isEmpty() && table.isSymbolic();
  }

  private Leads leads(Resource route) {
    for (String nat : List.of("NatGatewayId", "InstanceId", "NetworkInterfaceId")) {
      if (!inspection.property(route, nat).isMissing()) {
        return Leads.NAT;
      }
    }
    Value gateway = inspection.property(route, "GatewayId");
    boolean internet =
        inspection
                .named(gateway)
                .filter(it -> it.type().equals("AWS::EC2::InternetGateway"))
                .isPresent()
            || gateway.asText().filter(it -> it.startsWith("igw-")).isPresent();
    return internet ? Leads.INTERNET : Leads.ELSEWHERE;
  }

  // ---- subnets and their route tables

  /** The subnet of the model that a value names. */
  Optional<Resource> subnet(Value value) {
    return inspection.named(value).filter(it -> it.type().equals(SUBNET));
  }

  /** The VPC of a subnet or endpoint, as it is written. */
  Value vpc(Resource of) {
    return inspection.property(of, "VpcId");
  }

  private Optional<Resource> vpcOfModel(Resource of) {
    return inspection.named(vpc(of)).filter(it -> it.type().equals(VPC));
  }

  /** The route tables that a subnet can have. */
  private List<Value> tables(Resource subnet) {
    return tables.getOrDefault(subnet.id(), List.of());
  }

  /** Whether it is certain which routes a subnet has. */
  private boolean hasKnownRoutes(Resource subnet) {
    List<Value> own = tables(subnet);
    // A subnet without a table of its own has the VPC's main one, which leads nowhere at first.
    boolean known =
        own.isEmpty()
            ? !unknownSubnets && vpcOfModel(subnet).isPresent()
            : own.stream().allMatch(it -> inspection.named(it).isPresent());
    return known && !unknownTables;
  }

  private List<Way> ways(Resource subnet) {
    return tables(subnet).stream()
        .flatMap(it -> inspection.named(it).stream())
        .flatMap(it -> routes.getOrDefault(it.id(), List.of()).stream())
        .toList();
  }

  /** Whether what has a public address in a subnet certainly reaches the internet. */
  Verdict isPublic(Value value) {
    Optional<Resource> subnet = subnet(value);
    if (subnet.isEmpty()) {
      return Verdict.UNDECIDED;
    }
    List<Way> ways = ways(subnet.get());
    if (ways.stream().anyMatch(it -> it.leads() == Leads.INTERNET)) {
      return Verdict.COMPLIANT;
    }
    boolean certain =
        hasKnownRoutes(subnet.get()) && ways.stream().allMatch(it -> it.leads() != Leads.ELSEWHERE);
    return certain ? Verdict.VIOLATED : Verdict.UNDECIDED;
  }

  // ---- what is reached

  /** Whether something reaches the internet from one of its subnets. */
  Verdict internet(Placement placement, Value subnet) {
    return Verdict.worst(
        List.of(byRoute(placement, subnet), groups.letOutToInternet(placement.groups())));
  }

  private Verdict byRoute(Placement placement, Value value) {
    Optional<Resource> subnet = subnet(value);
    if (subnet.isEmpty()) {
      return Verdict.UNDECIDED;
    }
    List<Verdict> answers = new ArrayList<>();
    for (Way way : ways(subnet.get())) {
      answers.add(
          switch (way.leads()) {
            case INTERNET -> address(placement, subnet.get());
            case NAT -> translates(inspection.property(way.route(), "NatGatewayId"));
            case ELSEWHERE -> Verdict.UNDECIDED;
          });
    }
    if (!hasKnownRoutes(subnet.get())) {
      answers.add(Verdict.UNDECIDED);
    }
    return best(answers);
  }

  private Verdict address(Placement placement, Resource subnet) {
    return placement
        .publicAddress()
        .orElseGet(() -> Decide.isTrue(inspection.property(subnet, "MapPublicIpOnLaunch")));
  }

  /** A NAT gateway leads on only from a subnet with a route to an internet gateway. */
  private Verdict translates(Value value) {
    Optional<Resource> gateway = inspection.named(value);
    if (gateway.isEmpty()) {
      return Verdict.COMPLIANT;
    }
    Value kind = inspection.property(gateway.get(), "ConnectivityType");
    Value subnet = inspection.property(gateway.get(), "SubnetId");
    boolean leadsNowhere =
        Decide.oneOf(kind, "private") == Verdict.COMPLIANT
            || (!subnet.isMissing() && isPublic(subnet) == Verdict.VIOLATED);
    return leadsNowhere ? Verdict.VIOLATED : Verdict.COMPLIANT;
  }

  /**
   * Whether something reaches a service of AWS from one of its subnets, over the internet or
   * through an endpoint.
   *
   * @param service as in the name of its endpoint, such as {@code ecr.api}
   */
  Verdict service(Placement placement, Value subnet, String service) {
    Verdict internet = internet(placement, subnet);
    return internet == Verdict.COMPLIANT
        ? internet
        : best(internet, byEndpoint(placement, subnet, service));
  }

  /** Whether something reaches a service through an endpoint in the VPC of its subnet. */
  Verdict byEndpoint(Placement placement, Value value, String service) {
    Optional<Resource> subnet = subnet(value);
    // Endpoints of a VPC that is not of the model can stand anywhere.
    if (subnet.isEmpty() || vpcOfModel(subnet.get()).isEmpty()) {
      return Verdict.UNDECIDED;
    }
    List<Verdict> answers = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.serves(service) == Verdict.VIOLATED) {
        continue;
      }
      answers.add(
          Verdict.worst(
              List.of(
                  endpoint.serves(service),
                  isSameVpc(subnet.get(), endpoint.resource()),
                  endpoint.isInterface()
                      ? byAddress(placement, subnet.get(), endpoint.resource())
                      : byTable(placement, subnet.get(), endpoint.resource()))));
    }
    return best(answers);
  }

  private Verdict isSameVpc(Resource subnet, Resource endpoint) {
    Value one = vpc(subnet);
    Value other = vpc(endpoint);
    boolean named = inspection.named(one).isPresent() && inspection.named(other).isPresent();
    if (named) {
      return inspection.named(one).equals(inspection.named(other))
          ? Verdict.COMPLIANT
          : Verdict.VIOLATED;
    }
    return other.isSymbolic() ? Verdict.UNDECIDED : Verdict.VIOLATED;
  }

  private Verdict byAddress(Placement placement, Resource subnet, Resource endpoint) {
    Verdict names = Decide.text(privateNames(endpoint), it -> !it.equalsIgnoreCase("false"));
    List<Value> ofEndpoint =
        new ArrayList<>(Decide.items(inspection.property(endpoint, "SecurityGroupIds")));
    List<Value> of = new ArrayList<>(placement.groups());
    Value defaultGroup =
        new Value.Reference(
            vpcOfModel(subnet).orElseThrow().id(), Optional.of(SecurityGroups.DEFAULT_GROUP));
    if (ofEndpoint.isEmpty()) {
      ofEndpoint.add(defaultGroup);
    }
    if (of.isEmpty()) {
      of.add(defaultGroup);
    }
    List<Value> ranges = ranges(subnet);
    return Verdict.worst(
        List.of(
            names,
            groups.letIn(ofEndpoint, of, ranges),
            groups.letOutToInterface(placement.groups(), ofEndpoint, ranges)));
  }

  /** Without a name in the VPC, clients go on asking for the public address. */
  private Value privateNames(Resource endpoint) {
    Value names = inspection.property(endpoint, "PrivateDnsEnabled");
    return names.isMissing() ? new Value.Bool(true) : names;
  }

  private List<Value> ranges(Resource subnet) {
    List<Value> ranges = new ArrayList<>();
    ranges.add(inspection.property(subnet, "CidrBlock"));
    vpcOfModel(subnet)
        .ifPresent(
            it -> {
              ranges.add(inspection.property(it, "CidrBlock"));
              ranges.add(new Value.Reference(it.id(), Optional.of("CidrBlock")));
            });
    return ranges;
  }

  private Verdict byTable(Placement placement, Resource subnet, Resource endpoint) {
    return Verdict.worst(
        List.of(standsIn(endpoint, subnet), groups.letOutToGateway(placement.groups())));
  }

  /** Whether a gateway endpoint stands in every route table that a subnet can have. */
  private Verdict standsIn(Resource endpoint, Resource subnet) {
    List<Value> served = Decide.items(inspection.property(endpoint, "RouteTableIds"));
    boolean unknown =
        !hasKnownRoutes(subnet)
            || served.stream().anyMatch(it -> inspection.named(it).isEmpty() && it.isSymbolic());
    Verdict otherwise = unknown ? Verdict.UNDECIDED : Verdict.VIOLATED;
    List<Value> own = tables(subnet);
    return own.isEmpty()
        ? otherwise
        : Verdict.worst(
            own.stream().map(it -> isAmong(served, it) ? Verdict.COMPLIANT : otherwise).toList());
  }

  private boolean isAmong(List<Value> tables, Value table) {
    Optional<Resource> wanted = inspection.named(table);
    return wanted.isPresent()
        && tables.stream().anyMatch(it -> inspection.named(it).equals(wanted));
  }

  /** Whether what goes from a subnet to a service goes through a gateway endpoint. */
  Verdict goesThrough(Value value, Resource endpoint) {
    return subnet(value).map(it -> standsIn(endpoint, it)).orElse(Verdict.UNDECIDED);
  }

  /** The gateway endpoints of a service through which a subnet certainly goes. */
  List<Resource> gateways(Value value, String service) {
    return gateways().stream()
        .filter(it -> it.serves(service) == Verdict.COMPLIANT)
        .map(Endpoint::resource)
        .filter(it -> goesThrough(value, it) == Verdict.COMPLIANT)
        .toList();
  }

  /** The gateway endpoints of the model. */
  List<Endpoint> gateways() {
    return endpoints.stream().filter(it -> !it.isInterface()).toList();
  }

  /** The names of some subnets, for people. */
  String names(Collection<Value> subnets) {
    return subnets.stream()
        .map(it -> subnet(it).map(known -> known.id().name()).orElseGet(it::toJson))
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
