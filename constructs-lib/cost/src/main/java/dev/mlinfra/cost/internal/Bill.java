package dev.mlinfra.cost.internal;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** What one resource costs, while a pricer works it out. */
public final class Bill {
  private static final String WORKLOAD = "workload";

  /** Where tags and labels stand: of AWS, of Azure, of Google, of Kubernetes. */
  private static final List<String> LABELS =
      List.of(
          "Tags",
          "tags",
          "labels",
          "resourceLabels",
          "nodeConfig.resourceLabels",
          "nodeConfig.labels",
          "metadata.labels");

  private final Pricing pricing;
  private final Resource resource;
  private boolean empty = true;

  Bill(Pricing pricing, Resource resource) {
    this.pricing = pricing;
    this.resource = resource;
  }

  boolean isEmpty() {
    return empty;
  }

  public Resource resource() {
    return resource;
  }

  /** A property, with everything evaluated that is known. */
  public Value property(String path) {
    return pricing.model.property(resource, path);
  }

  /** The number at a path, or what holds where nothing stands; empty when it cannot be known. */
  public Optional<Double> number(String path, double otherwise) {
    Value value = property(path);
    return value.isMissing() ? Optional.of(otherwise) : value.asNumber().map(Number::doubleValue);
  }

  public ResolvedModel model() {
    return pricing.model;
  }

  public Usage usage() {
    return pricing.usage;
  }

  /** The region of the resource's stack; the reference region's name where it is not known. */
  public String region(String otherwise) {
    return pricing
        .model
        .model()
        .stack(resource.id().stack())
        .flatMap(stack -> stack.region())
        .orElse(otherwise);
  }

  public Optional<Price> awsPrice(String service, String item) {
    return pricing.prices.find("aws", region("us-east-1"), service, item);
  }

  /** The price of any provider; see {@link PriceBook#find}. */
  public Optional<Price> price(String provider, String region, String service, String item) {
    return pricing.prices.find(provider, region, service, item);
  }

  /** Every item of a service of AWS that has a price where the resource is. */
  public List<String> awsItems(String service) {
    return pricing.prices.prices().stream()
        .filter(price -> price.provider().equals("aws") && price.service().equals(service))
        .map(Price::item)
        .distinct()
        .filter(item -> awsPrice(service, item).isPresent())
        .toList();
  }

  /** A line with what is expected and what is the most; see {@link LineItem}. */
  public void line(String what, LineItem.Kind kind, Charge expected, Optional<Charge> worst) {
    empty = false;
    pricing.items.add(
        new LineItem(
            resource.id(),
            resource.label(),
            resource.type(),
            workload(),
            what,
            kind,
            expected,
            worst));
  }

  /** What runs all the time, whatever is used: expected and worst case are the same. */
  public void always(String what, Optional<Price> price, double units, String why) {
    priced(
        what,
        price,
        found -> {
          Charge charge = new Charge(units, found, why);
          line(what, LineItem.Kind.RUNNING, charge, Optional.of(charge));
        });
  }

  /** Does something with a price, or says that there is none. */
  public void priced(String what, Optional<Price> price, Consumer<Price> then) {
    price.ifPresentOrElse(then, () -> notPriced("no source for " + what));
  }

  public void free(String because) {
    explain(Explained.Reason.FREE, because);
  }

  public void elsewhere(String because) {
    explain(Explained.Reason.ELSEWHERE, because);
  }

  public void notPriced(String because) {
    explain(Explained.Reason.NOT_PRICED, because);
  }

  private void explain(Explained.Reason reason, String because) {
    empty = false;
    pricing.explained.add(
        new Explained(resource.id(), resource.label(), resource.type(), reason, because));
  }

  /** What one job can cost at most; see {@link JobExposure}. */
  public void job(
      OptionalInt attempts,
      Optional<Duration> timeout,
      Optional<Charge> hourly,
      OptionalInt atOnce) {
    job(workload(), attempts, timeout, hourly, atOnce);
  }

  /** The same for a resource that takes no tags, so that its type says what it is for. */
  public void job(
      String workload,
      OptionalInt attempts,
      Optional<Duration> timeout,
      Optional<Charge> hourly,
      OptionalInt atOnce) {
    pricing.jobs.add(
        new JobExposure(
            resource.id(), resource.label(), workload, attempts, timeout, hourly, atOnce));
  }

  /** What the resource is for, by its cost tag, in any of the forms that tags have. */
  public String workload() {
    for (String path : LABELS) {
      Value tags = property(path);
      Optional<String> found =
          tags.entry(WORKLOAD)
              .asText()
              .or(
                  () ->
                      tags.asList().stream()
                          .filter(tag -> tag.entry("Key").asText().equals(Optional.of(WORKLOAD)))
                          .findFirst()
                          .flatMap(tag -> tag.entry("Value").asText()));
      if (found.isPresent()) {
        return found.get();
      }
    }
    return "";
  }
}
