package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.Usd;
import dev.mlinfra.template.Models;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Bills of small templates, at round prices, so that a test can work out the amounts by hand. */
final class Bills {
  private static final String STACK = "t";

  private Bills() {}

  /** 1000 predictions, 40 hours of training and 100 GB a month. */
  static final Usage USAGE = new Usage(1000, 40, 100);

  /** A price of AWS in its reference region; every unit costs so much. */
  static Price price(String service, String item, double usd) {
    return price(service, item, usd, usd);
  }

  /** A price that is a range. */
  static Price price(String service, String item, double low, double high) {
    return new Price(
        "aws",
        "us-east-1",
        service,
        item,
        "unit",
        new Usd(low, high),
        "a test",
        Optional.of(LocalDate.of(2026, 1, 1)),
        "");
  }

  /** The estimate of a template of resources, one line of YAML each, at these prices. */
  static Estimate of(List<Price> prices, String... resources) {
    return of(PriceBook.of(prices), USAGE, resources);
  }

  /** The estimate at the prices that come along. */
  static Estimate atBundledPrices(String... resources) {
    return of(PriceBook.bundled(), USAGE, resources);
  }

  static Estimate of(PriceBook prices, Usage usage, String... resources) {
    return ofText(prices, usage, "Resources: {" + String.join(", ", resources) + "}");
  }

  static Estimate ofText(PriceBook prices, Usage usage, String template) {
    return Estimator.standard()
        .withPrices(prices)
        .withUsages(Map.of(STACK, usage))
        .estimate(Models.parse(STACK, template))
        .get(0);
  }

  /** The lines of one resource. */
  static List<LineItem> lines(Estimate estimate, String resource) {
    return estimate.items().stream().filter(it -> it.resource().name().equals(resource)).toList();
  }

  /** The one line of a resource for one thing. */
  static LineItem line(Estimate estimate, String resource, String what) {
    List<LineItem> found =
        lines(estimate, resource).stream().filter(it -> it.what().equals(what)).toList();
    if (found.size() != 1) {
      throw new AssertionError(
          found.size() + " lines " + what + " in " + describe(estimate, resource));
    }
    return found.get(0);
  }

  /** What is said of a resource without a price: {@code FREE because}. */
  static List<String> said(Estimate estimate, String resource) {
    return estimate.explained().stream()
        .filter(it -> it.resource().name().equals(resource))
        .map(it -> it.reason() + " " + it.because())
        .toList();
  }

  static JobExposure job(Estimate estimate, String resource) {
    return estimate.jobs().stream()
        .filter(it -> it.resource().name().equals(resource))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> describe(Estimate estimate, String resource) {
    return Stream.concat(
            lines(estimate, resource).stream().map(LineItem::what),
            said(estimate, resource).stream())
        .toList();
  }
}
