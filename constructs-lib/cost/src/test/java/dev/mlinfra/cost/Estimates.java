package dev.mlinfra.cost;

import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Usage;
import dev.mlinfra.template.ResourceId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Estimates made by hand, for tests of what is done with them. */
final class Estimates {
  static final Usage USAGE = new Usage(1000, 40, 100);

  private final List<LineItem> items = new ArrayList<>();
  private final List<Explained> explained = new ArrayList<>();
  private final List<JobExposure> jobs = new ArrayList<>();
  private String workload = "";

  static Estimates dev() {
    return new Estimates();
  }

  /** Limits that nothing here reaches. */
  static Budget generous() {
    return new Budget(1e6, 1e7, 0.8, 1e5, 1e5, 1e5, 1000);
  }

  static Price ec2(String type, double usd) {
    return ec2(type, usd, "us-east-1");
  }

  static Price ec2(String type, double usd, String region) {
    return new Price(
        "aws",
        region,
        "ec2",
        type,
        "hour",
        Usd.of(usd),
        "prices.go",
        Optional.of(LocalDate.of(2026, 7, 20)),
        "");
  }

  static Price unit(String service, String item, String unit, Usd usd) {
    return new Price(
        "aws", "us-east-1", service, item, unit, usd, "a page", Optional.empty(), "seen once");
  }

  static ResourceId id(String name) {
    return new ResourceId("dev/Test", name);
  }

  Estimates of(String workload) {
    this.workload = workload;
    return this;
  }

  Estimates running(String name, Price price, double hours, String why, double most) {
    return line(
        name,
        price.item(),
        LineItem.Kind.RUNNING,
        new Charge(hours, price, why),
        Optional.of(new Charge(most, price, "its maximum")));
  }

  Estimates line(
      String name, String what, LineItem.Kind kind, Charge expected, Optional<Charge> worst) {
    items.add(
        new LineItem(
            id(name), "dev/Test/" + name, "AWS::Test", workload, what, kind, expected, worst));
    return this;
  }

  Estimates job(String name, int attempts, Duration timeout, Charge hourly, int atOnce) {
    return job(
        name,
        OptionalInt.of(attempts),
        Optional.of(timeout),
        Optional.of(hourly),
        OptionalInt.of(atOnce));
  }

  Estimates job(
      String name,
      OptionalInt attempts,
      Optional<Duration> timeout,
      Optional<Charge> hourly,
      OptionalInt atOnce) {
    jobs.add(
        new JobExposure(id(name), "dev/Test/" + name, workload, attempts, timeout, hourly, atOnce));
    return this;
  }

  Estimates explained(String name, Explained.Reason reason, String because) {
    explained.add(new Explained(id(name), "dev/Test/" + name, "AWS::Test", reason, because));
    return this;
  }

  Estimate estimate() {
    return new Estimate("dev", USAGE, 6, items, explained, jobs);
  }
}
