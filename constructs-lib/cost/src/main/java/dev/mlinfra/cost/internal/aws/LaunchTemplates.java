package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Optional;

/** What launch templates and launch configurations say of the machines that others start. */
final class LaunchTemplates {
  private static final String TEMPLATE = "AWS::EC2::LaunchTemplate";
  private static final String CONFIGURATION = "AWS::AutoScaling::LaunchConfiguration";

  private LaunchTemplates() {}

  /**
   * The data of the template that a specification names.
   *
   * @param specification what holds {@code LaunchTemplateId}, {@code LaunchTemplateName}, {@code
   *     Id} or {@code Name}
   * @return its {@code LaunchTemplateData}, or missing when it stands elsewhere
   */
  static Value data(Bill bill, Value specification) {
    for (Resource template : Siblings.of(bill, TEMPLATE)) {
      if (isNamed(bill, specification, template)) {
        return bill.model().property(template, "LaunchTemplateData");
      }
    }
    return new Value.Missing();
  }

  private static boolean isNamed(Bill bill, Value specification, Resource template) {
    return specification.asMap().values().stream()
        .anyMatch(value -> Siblings.names(bill, value, template));
  }

  /** The properties of a launch configuration; its names are those of a template's data. */
  static Value configuration(Bill bill, Value name) {
    return Siblings.named(bill, name, CONFIGURATION)
        .map(bill.model()::properties)
        .orElse(new Value.Missing());
  }

  /** How a template's data buys instances. */
  static Market market(Value data) {
    boolean spot =
        data.at("InstanceMarketOptions.MarketType").asText().filter("spot"::equals).isPresent();
    Optional<Double> cap =
        Numbers.of(data.at("InstanceMarketOptions.SpotOptions.MaxPrice"))
            .or(() -> Numbers.of(data.entry("SpotPrice")));
    return new Market(spot || !data.entry("SpotPrice").isMissing(), Optional.empty(), cap);
  }
}
