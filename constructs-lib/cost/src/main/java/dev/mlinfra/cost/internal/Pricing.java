package dev.mlinfra.cost.internal;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import java.util.ArrayList;
import java.util.List;

/** The bill of one environment while it is made. */
public final class Pricing {
  final ResolvedModel model;
  final PriceBook prices;
  final Usage usage;
  final List<LineItem> items = new ArrayList<>();
  final List<Explained> explained = new ArrayList<>();
  final List<JobExposure> jobs = new ArrayList<>();
  private final String environment;
  private int resources;

  public Pricing(ResolvedModel model, PriceBook prices, String environment, Usage usage) {
    this.model = model;
    this.prices = prices;
    this.environment = environment;
    this.usage = usage;
  }

  /** Adds one resource. */
  public void price(Resource resource) {
    resources++;
    Bill bill = new Bill(this, resource);
    Pricers.of(resource.type()).price(bill);
    if (bill.isEmpty()) {
      throw new IllegalStateException("nothing was said about " + resource.id());
    }
  }

  public Estimate estimate() {
    return new Estimate(environment, usage, resources, items, explained, jobs);
  }
}
