package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.LineItem.HOURS_PER_MONTH;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fleets of EC2: they keep their target capacity all month. A type can count as several units of
 * it.
 */
final class FleetPricer implements Pricer {
  private static final String SPOT_FLEET = "SpotFleetRequestConfigData.";
  private static final String FLEET = "TargetCapacitySpecification.";

  @Override
  public Set<String> types() {
    return Set.of("AWS::EC2::EC2Fleet", "AWS::EC2::SpotFleet");
  }

  @Override
  public void price(Bill bill) {
    boolean spotFleet = bill.resource().type().endsWith("SpotFleet");
    String target = spotFleet ? SPOT_FLEET + "TargetCapacity" : FLEET + "TotalTargetCapacity";
    Optional<Double> total = number(bill, target);
    if (total.isEmpty()) {
      bill.notPriced("the target capacity is only known at deployment");
      return;
    }
    Map<Value, Double> weights = weights(bill, spotFleet ? SPOT_FLEET : "");
    if (weights.isEmpty()) {
      bill.notPriced(Nodes.BY_ATTRIBUTES);
      return;
    }
    double onDemand = onDemand(bill, spotFleet, total.get());
    if (onDemand > 0) {
      line(bill, weights, onDemand, Market.ON_DEMAND);
    }
    if (total.get() > onDemand) {
      line(bill, weights, total.get() - onDemand, spot(bill, spotFleet));
    }
    if (total.get() == 0) {
      bill.free("its target capacity is zero");
    }
  }

  private static double onDemand(Bill bill, boolean spotFleet, double total) {
    if (spotFleet) {
      return number(bill, SPOT_FLEET + "OnDemandTargetCapacity").orElse(0.0);
    }
    boolean defaultsToSpot =
        bill.property(FLEET + "DefaultTargetCapacityType")
            .asText()
            .filter("spot"::equals)
            .isPresent();
    return number(bill, FLEET + "OnDemandTargetCapacity")
        .orElseGet(
            () ->
                defaultsToSpot
                    ? 0
                    : total - number(bill, FLEET + "SpotTargetCapacity").orElse(0.0));
  }

  private static Market spot(Bill bill, boolean spotFleet) {
    String cap = spotFleet ? SPOT_FLEET + "SpotPrice" : "SpotOptions.MaxTotalPrice";
    return new Market(true, Optional.empty(), spotFleet ? number(bill, cap) : Optional.empty());
  }

  private static Optional<Double> number(Bill bill, String path) {
    return Numbers.of(bill.property(path));
  }

  private static void line(Bill bill, Map<Value, Double> weights, double units, Market market) {
    Machine.Choice choice = Machine.of(bill, weights.keySet());
    if (choice.report(bill)) {
      Machines.line(
          bill,
          choice.machines(),
          market,
          machine -> hours(units, weights.get(new Value.Text(machine.type()))),
          machine -> hours(units, weights.get(new Value.Text(machine.type()))));
    }
  }

  private static Amount hours(double units, double weight) {
    double instances = Math.ceil(units / weight);
    return Amount.of(instances, "instances for a capacity of " + Numbers.text(units))
        .times(HOURS_PER_MONTH, "h");
  }

  /** The types that may run, and how many units of capacity each is; none where any may run. */
  private static Map<Value, Double> weights(Bill bill, String at) {
    Map<Value, Double> weights = new LinkedHashMap<>();
    for (Value specification : bill.property(at + "LaunchSpecifications").asList()) {
      put(weights, specification, specification.entry("InstanceType"));
    }
    for (Value config : bill.property(at + "LaunchTemplateConfigs").asList()) {
      Value data = LaunchTemplates.data(bill, config.entry("LaunchTemplateSpecification"));
      List<Value> overrides = new ArrayList<>(config.entry("Overrides").asList());
      if (overrides.isEmpty()) {
        put(weights, config, data.at("InstanceType"));
      }
      for (Value override : overrides) {
        Value own = override.entry("InstanceType");
        put(weights, override, own.isMissing() ? data.at("InstanceType") : own);
      }
    }
    return weights;
  }

  private static void put(Map<Value, Double> weights, Value specification, Value type) {
    if (!type.isMissing()) {
      weights.put(
          type,
          Numbers.of(specification.entry("WeightedCapacity"))
              .filter(weight -> weight > 0)
              .orElse(1.0));
    }
  }
}
