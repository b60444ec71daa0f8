package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.reliability.SpotPool.Choice;
import dev.mlinfra.policy.internal.reliability.SpotPool.Setting;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Everything in a model that starts spot instances by itself; see {@link #of}. */
final class SpotPools {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final Value NOTHING = new Value.Missing();

  private final Inspection inspection;
  private final LaunchTemplates templates;
  private final List<SpotPool> all = new ArrayList<>();

  private SpotPools(Inspection inspection) {
    this.inspection = inspection;
    this.templates = LaunchTemplates.of(inspection);
    inspection.resources("AWS::Batch::ComputeEnvironment").forEach(this::batch);
    inspection.resources("AWS::EKS::Nodegroup").forEach(this::eks);
    inspection.resources("AWS::AutoScaling::AutoScalingGroup").forEach(this::group);
    inspection.resources("AWS::EC2::EC2Fleet").forEach(this::fleet);
    inspection.resources("AWS::EC2::SpotFleet").forEach(this::spotFleet);
    inspection.resources(LaunchTemplates.TYPE).forEach(this::template);
    inspection.resources("AWS::AutoScaling::LaunchConfiguration").forEach(this::configuration);
  }

  static List<SpotPool> of(Inspection inspection) {
    return List.copyOf(inspection.prepared(SpotPools.class, SpotPools::new).all);
  }

  private void batch(Resource environment) {
    Value resources = inspection.property(environment, "ComputeResources");
    Verdict spot = Can.be(resources.entry("Type"), "SPOT");
    if (spot == Verdict.VIOLATED) {
      return;
    }
    all.add(
        new SpotPool(
            environment,
            spot == Verdict.COMPLIANT,
            choice(
                "ComputeResources.InstanceTypes",
                resources.entry("InstanceTypes"),
                SpotPools::addType),
            Optional.of(
                choice("ComputeResources.Subnets", resources.entry("Subnets"), this::addZone)),
            Optional.of(
                new Setting(
                    "ComputeResources.AllocationStrategy", resources.entry("AllocationStrategy"))),
            present(
                new Setting("ComputeResources.BidPercentage", resources.entry("BidPercentage")))));
  }

  private void eks(Resource nodes) {
    Verdict spot = Can.be(inspection.property(nodes, "CapacityType"), "SPOT");
    if (spot == Verdict.VIOLATED) {
      return;
    }
    Value types = inspection.property(nodes, "InstanceTypes");
    Value template = inspection.property(nodes, "LaunchTemplate");
    all.add(
        new SpotPool(
            nodes,
            spot == Verdict.COMPLIANT,
            types.isMissing() && !template.isMissing()
                ? choice("LaunchTemplate", template, this::addTemplate)
                : choice("InstanceTypes", types, SpotPools::addType),
            Optional.of(choice("Subnets", inspection.property(nodes, "Subnets"), this::addZone)),
            Optional.empty(),
            List.of()));
  }

  private void group(Resource group) {
    String policy = "MixedInstancesPolicy.";
    Value distribution = inspection.property(group, policy + "InstancesDistribution");
    Value onDemand = distribution.entry("OnDemandPercentageAboveBaseCapacity");
    // Without a number, all instances are on demand.
    Verdict spot = Can.beNumber(onDemand, number -> number.compareTo(HUNDRED) < 0);
    if (spot == Verdict.VIOLATED) {
      return;
    }
    Value template = inspection.property(group, policy + "LaunchTemplate");
    Value overrides = template.entry("Overrides");
    Value specification = template.entry("LaunchTemplateSpecification");
    String zones =
        inspection.property(group, "VPCZoneIdentifier").isMissing()
            ? "AvailabilityZones"
            : "VPCZoneIdentifier";
    all.add(
        new SpotPool(
            group,
            spot == Verdict.COMPLIANT,
            overrides.isMissing()
                ? choice(
                    policy + "LaunchTemplate.LaunchTemplateSpecification",
                    specification,
                    this::addTemplate)
                : choice(
                    policy + "LaunchTemplate.Overrides",
                    overrides,
                    (spread, override) -> addOverride(spread, override, specification)),
            Optional.of(choice(zones, inspection.property(group, zones), this::addZone)),
            Optional.of(
                new Setting(
                    policy + "InstancesDistribution.SpotAllocationStrategy",
                    distribution.entry("SpotAllocationStrategy"))),
            present(
                new Setting(
                    policy + "InstancesDistribution.SpotMaxPrice",
                    distribution.entry("SpotMaxPrice")))));
  }

  private void fleet(Resource fleet) {
    Value target = inspection.property(fleet, "TargetCapacitySpecification");
    Verdict some = Can.beNumber(target.entry("SpotTargetCapacity"), it -> it.signum() > 0);
    Verdict rest = Can.be(target.entry("DefaultTargetCapacityType"), "spot");
    if (some == Verdict.VIOLATED && rest == Verdict.VIOLATED) {
      return;
    }
    Value configs = inspection.property(fleet, "LaunchTemplateConfigs");
    all.add(
        new SpotPool(
            fleet,
            some == Verdict.COMPLIANT || rest == Verdict.COMPLIANT,
            choice("LaunchTemplateConfigs", configs, this::addTypesOfConfig),
            Optional.of(choice("LaunchTemplateConfigs", configs, this::addZonesOfConfig)),
            Optional.of(
                new Setting(
                    "SpotOptions.AllocationStrategy",
                    inspection.property(fleet, "SpotOptions.AllocationStrategy"))),
            overridden("LaunchTemplateConfigs", configs, "MaxPrice")));
  }

  private void spotFleet(Resource fleet) {
    String request = "SpotFleetRequestConfigData.";
    Value configs = inspection.property(fleet, request + "LaunchTemplateConfigs");
    Value specifications = inspection.property(fleet, request + "LaunchSpecifications");
    boolean byTemplate = !configs.isMissing();
    String at = request + (byTemplate ? "LaunchTemplateConfigs" : "LaunchSpecifications");
    List<Setting> caps = new ArrayList<>();
    caps.addAll(
        present(
            new Setting(request + "SpotPrice", inspection.property(fleet, request + "SpotPrice"))));
    caps.addAll(overridden(request + "LaunchTemplateConfigs", configs, "SpotPrice"));
    caps.addAll(each(request + "LaunchSpecifications", specifications, "SpotPrice"));
    all.add(
        new SpotPool(
            fleet,
            true,
            byTemplate
                ? choice(at, configs, this::addTypesOfConfig)
                : choice(at, specifications, SpotPools::addTypeOf),
            Optional.of(
                byTemplate
                    ? choice(at, configs, this::addZonesOfConfig)
                    : choice(at, specifications, (spread, it) -> addZoneOf(spread, it, NOTHING))),
            Optional.of(
                new Setting(
                    request + "AllocationStrategy",
                    inspection.property(fleet, request + "AllocationStrategy"))),
            caps));
  }

  /** A template that asks for spot instances is used alone: nothing else admits it. */
  private void template(Resource template) {
    Value data = inspection.property(template, "LaunchTemplateData");
    Value options = data.entry("InstanceMarketOptions");
    Verdict spot = Can.be(options.entry("MarketType"), "spot");
    if (spot == Verdict.VIOLATED) {
      return;
    }
    all.add(
        new SpotPool(
            template,
            spot == Verdict.COMPLIANT,
            choice("LaunchTemplateData", data, SpotPools::addTypeOf),
            Optional.empty(),
            Optional.empty(),
            present(
                new Setting(
                    "LaunchTemplateData.InstanceMarketOptions.SpotOptions.MaxPrice",
                    options.entry("SpotOptions").entry("MaxPrice")))));
  }

  private void configuration(Resource configuration) {
    Value price = inspection.property(configuration, "SpotPrice");
    List<Setting> caps = present(new Setting("SpotPrice", price));
    if (caps.isEmpty()) {
      return;
    }
    all.add(
        new SpotPool(
            configuration,
            Decide.present(price) == Verdict.COMPLIANT,
            choice(
                "InstanceType",
                inspection.property(configuration, "InstanceType"),
                SpotPools::addType),
            Optional.empty(),
            Optional.empty(),
            caps));
  }

  // ---- instance types

  /** A family, and a word such as {@code optimal}, stand for several types. */
  private static void addType(Spread spread, Value type) {
    Optional<String> name = type.asText();
    if (type.isSymbolic()) {
      spread.leaveOpen();
    } else if (name.isPresent() && name.get().contains(".")) {
      spread.add(name.get());
    } else if (name.isPresent()) {
      spread.addMany();
    }
  }

  /** The type or the wanted attributes that stand in a template or a specification. */
  private static void addTypeOf(Spread spread, Value launch) {
    Value wanted = launch.entry("InstanceRequirements");
    if (wanted.isMissing()) {
      launch.entry("InstanceType").alternatives().forEach(it -> addType(spread, it));
    } else if (wanted.isSymbolic()) {
      spread.leaveOpen();
    } else {
      spread.addMany();
    }
  }

  private void addTemplate(Spread spread, Value specification) {
    addTypeOf(spread, templates.data(specification));
  }

  private void addOverride(Spread spread, Value override, Value specification) {
    boolean ofTemplate =
        override.entry("InstanceType").isMissing()
            && override.entry("InstanceRequirements").isMissing();
    if (ofTemplate) {
      addTemplate(spread, specification);
    } else {
      addTypeOf(spread, override);
    }
  }

  private void addTypesOfConfig(Spread spread, Value config) {
    Value specification = config.entry("LaunchTemplateSpecification");
    List<Value> overrides = Decide.items(config.entry("Overrides"));
    overrides.forEach(override -> addOverride(spread, override, specification));
    if (overrides.isEmpty()) {
      addTemplate(spread, specification);
    }
  }

  // ---- zones

  private void addZone(Spread spread, Value zone) {
    Optional<String> text = zone.asText();
    if (text.isPresent()) {
      for (String name : text.get().split(",", -1)) {
        spread.add(name.strip());
      }
    } else if (zone instanceof Value.GetAZs) {
      spread.addMany();
    } else if (zone instanceof Value.Select select && select.from() instanceof Value.GetAZs) {
      spread.add(zone.toJson());
    } else if (zone instanceof Value.Reference subnet) {
      spread.add(zoneOf(subnet));
    } else if (zone instanceof Value.Join join && join.parts() instanceof Value.Sequence parts) {
      parts.items().stream()
          .filter(part -> !(part instanceof Value.Text))
          .forEach(part -> addZone(spread, part));
    } else if (zone.isSymbolic()) {
      spread.leaveOpen();
    }
  }

  /** Two subnets of one zone are one place. */
  private String zoneOf(Value.Reference subnet) {
    return inspection
        .resource(subnet.resource())
        .map(it -> inspection.property(it, "AvailabilityZone"))
        .filter(zone -> !zone.isMissing())
        .map(Value::toJson)
        .orElse(subnet.toString());
  }

  private void addZonesOfConfig(Spread spread, Value config) {
    Value specification = config.entry("LaunchTemplateSpecification");
    Value template = templates.data(specification);
    List<Value> overrides = Decide.items(config.entry("Overrides"));
    overrides.forEach(override -> addZoneOf(spread, override, template));
    if (overrides.isEmpty()) {
      addZoneOf(spread, NOTHING, template);
    }
  }

  /** Where nobody says where, EC2 chooses from all zones. */
  private void addZoneOf(Spread spread, Value launch, Value template) {
    for (Value each : List.of(launch, template)) {
      List<Value> named =
          List.of(
              each.entry("SubnetId"),
              each.entry("AvailabilityZone"),
              each.entry("AvailabilityZoneId"),
              each.entry("Placement").entry("AvailabilityZone"),
              each.entry("NetworkInterfaces").item(0).entry("SubnetId"));
      List<Value> given = named.stream().filter(it -> !it.isMissing()).toList();
      if (!given.isEmpty()) {
        addZone(spread, given.get(0));
        return;
      }
    }
    spread.addMany();
  }

  // ---- settings

  private static Choice choice(String at, Value given, BiConsumer<Spread, Value> add) {
    return new Choice(new Setting(at, given), Spread.of(given, add));
  }

  private static List<Setting> present(Setting setting) {
    return setting.given().alternatives().stream().allMatch(Value::isMissing)
        ? List.of()
        : List.of(setting);
  }

  private static List<Setting> overridden(String at, Value configs, String name) {
    List<Setting> found = new ArrayList<>();
    List<Value> items = configs.asList();
    for (int i = 0; i < items.size(); i++) {
      found.addAll(each(at + "[" + i + "].Overrides", items.get(i).entry("Overrides"), name));
    }
    return found;
  }

  private static List<Setting> each(String at, Value list, String name) {
    List<Setting> found = new ArrayList<>();
    List<Value> items = list.asList();
    for (int i = 0; i < items.size(); i++) {
      found.addAll(present(new Setting(at + "[" + i + "]." + name, items.get(i).entry(name))));
    }
    return found;
  }
}
