package dev.mlinfra.cost;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an environment costs with one of the ways out of its network.
 *
 * <p>The network says in its metadata what it would need for each way, so the others are priced by
 * the same pricers as the one that was synthesised.
 *
 * @param egress {@code public-ip}, {@code nat} or {@code endpoints}
 * @param chosen whether it is the one that was synthesised
 * @param estimate of the whole environment
 */
public record EgressChoice(String egress, boolean chosen, Estimate estimate) {
  /** Where a network says what it needs; the constructs write it. */
  public static final String METADATA = "mlinfra:network";

  private static final List<String> ALL = List.of("public-ip", "nat", "endpoints");
  private static final String VPC = "AWS::EC2::VPC";
  private static final String NAT_GATEWAY = "AWS::EC2::NatGateway";
  private static final String ADDRESS = "AWS::EC2::EIP";
  private static final String ENDPOINT = "AWS::EC2::VPCEndpoint";

  /** What says whether machines and tasks get public addresses. */
  private static final Map<String, Value> PUBLIC =
      Map.of("MapPublicIpOnLaunch", new Value.Bool(true), "AssignPublicIp", text("ENABLED"));

  private static final Map<String, Value> PRIVATE =
      Map.of("MapPublicIpOnLaunch", new Value.Bool(false), "AssignPublicIp", text("DISABLED"));

  /**
   * Every way out, the cheapest set-up first; empty when the model makes no network, or one that
   * does not say what it needs.
   *
   * @param model one environment
   */
  public static List<EgressChoice> of(Model model, Estimator estimator) {
    Optional<Value> network =
        model.resources(VPC).stream()
            .map(vpc -> vpc.attribute("Metadata").entry(METADATA))
            .filter(it -> !it.isMissing())
            .findFirst();
    if (network.isEmpty()) {
      return List.of();
    }
    Optional<String> chosen = network.get().entry("egress").asText();
    return ALL.stream()
        .map(
            egress ->
                new EgressChoice(
                    egress,
                    chosen.equals(Optional.of(egress)),
                    estimator.estimate(with(egress, model)).get(0)))
        .toList();
  }

  /** {@code nat: 40.00 USD a month expected, 120.00 USD at most (chosen)}. */
  public String summary() {
    return "%s: %s a month expected, %s at most%s"
        .formatted(egress, estimate.expected(), estimate.worst(), chosen ? " (chosen)" : "");
  }

  private static Model with(String egress, Model model) {
    return new Model(
        model.kind(),
        model.stacks().stream().map(stack -> with(egress, stack)).toList(),
        model.gaps());
  }

  private static Stack with(String egress, Stack stack) {
    Map<String, Value> addresses = egress.equals("public-ip") ? PUBLIC : PRIVATE;
    List<Value> networks = new ArrayList<>();
    stack.resources().values().stream()
        .filter(resource -> resource.type().equals(VPC))
        .map(vpc -> vpc.attribute("Metadata").entry(METADATA))
        .filter(network -> !network.isMissing())
        .forEach(networks::add);
    Map<String, Resource> resources = new LinkedHashMap<>();
    stack
        .resources()
        .forEach(
            (name, resource) -> {
              if (networks.isEmpty() || !isWayOut(resource)) {
                resources.put(
                    name, resource.withProperties(replaced(resource.properties(), addresses)));
              }
            });
    networks.forEach(network -> wayOut(egress, network, stack.id(), resources));
    return stack.withResources(resources);
  }

  private static boolean isWayOut(Resource resource) {
    return Set.of(NAT_GATEWAY, ADDRESS).contains(resource.type())
        || (resource.type().equals(ENDPOINT)
            && resource.property("VpcEndpointType").equals(text("Interface")));
  }

  /** The same value with other entries of these names, however deep they stand. */
  private static Value replaced(Value value, Map<String, Value> entries) {
    if (value instanceof Value.Sequence list) {
      return new Value.Sequence(
          list.items().stream().map(item -> replaced(item, entries)).toList());
    }
    if (value instanceof Value.Mapping map) {
      Map<String, Value> all = new LinkedHashMap<>();
      map.entries()
          .forEach(
              (name, entry) ->
                  all.put(
                      name,
                      entries.containsKey(name) ? entries.get(name) : replaced(entry, entries)));
      return new Value.Mapping(all);
    }
    return value;
  }

  private static void wayOut(
      String egress, Value network, String stack, Map<String, Resource> resources) {
    if (egress.equals("nat")) {
      for (int gateway = 1; gateway <= number(network, "natGateways"); gateway++) {
        add(NAT_GATEWAY, "Nat" + gateway, Map.of(), stack, resources);
        add(ADDRESS, "NatAddress" + gateway, Map.of(), stack, resources);
      }
    } else if (egress.equals("endpoints")) {
      Value subnets =
          new Value.Sequence(Collections.nCopies(number(network, "zones"), text("subnet")));
      for (Value service : network.entry("endpoints").asList()) {
        add(
            ENDPOINT,
            "Endpoint" + service.asText().orElse(""),
            Map.of("VpcEndpointType", text("Interface"), "SubnetIds", subnets),
            stack,
            resources);
      }
    }
  }

  private static void add(
      String type,
      String name,
      Map<String, Value> properties,
      String stack,
      Map<String, Resource> resources) {
    resources.put(
        name,
        new Resource(
            new ResourceId(stack, name),
            type,
            new Value.Mapping(properties),
            Map.of(),
            Optional.empty(),
            List.of(),
            Optional.empty()));
  }

  private static int number(Value network, String name) {
    return network.entry(name).asNumber().map(Number::intValue).orElse(0);
  }

  private static Value text(String text) {
    return new Value.Text(text);
  }
}
