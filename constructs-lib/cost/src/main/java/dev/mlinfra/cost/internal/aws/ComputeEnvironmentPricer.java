package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.LineItem.HOURS_PER_MONTH;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compute environments of Batch. Expected is one machine of the cheapest type for the hours that
 * jobs run; the worst case is every vCPU that is allowed, all month, on the dearest type.
 */
final class ComputeEnvironmentPricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of(ComputeEnvironment.TYPE);
  }

  @Override
  public void price(Bill bill) {
    ComputeEnvironment environment = new ComputeEnvironment(bill, bill.resource());
    if (bill.property("Type").asText().filter("UNMANAGED"::equalsIgnoreCase).isPresent()) {
      bill.elsewhere("its machines are managed, and billed, outside of Batch");
    } else if (!bill.property("EksConfiguration").isMissing() || !environment.isFargate()) {
      machines(bill, environment);
    } else {
      fargate(bill, environment);
    }
  }

  private static void machines(Bill bill, ComputeEnvironment environment) {
    Machine.Choice choice = environment.machines();
    if (!choice.report(bill)) {
      if (choice.unpriced().isEmpty()) {
        bill.notPriced("names no instance types");
      }
      return;
    }
    double min = environment.minVcpus();
    double max = Math.max(min, environment.maxVcpus().orElse(min));
    if (environment.maxVcpus().isEmpty()) {
      bill.notPriced("MaxvCpus is only known at deployment; the worst case counts MinvCpus");
    }
    Amount jobs = JobHours.of(bill);
    Machines.line(
        bill,
        choice.machines(),
        environment.market(),
        machine -> expected(machine, min, jobs),
        machine -> ComputeEnvironment.month(machine, max, "MaxvCpus"));
    whileTheyRun(bill, choice.machines(), environment, jobs, max);
  }

  /** What is kept running takes the jobs, too. */
  private static Amount expected(Machine machine, double min, Amount jobs) {
    Amount kept = ComputeEnvironment.month(machine, min, "MinvCpus or DesiredvCpus");
    return kept.count() >= jobs.count() ? kept : jobs;
  }

  private static void whileTheyRun(
      Bill bill, List<Machine> machines, ComputeEnvironment environment, Amount jobs, double max) {
    Value data = LaunchTemplates.data(bill, environment.property("LaunchTemplate"));
    Machine cheapest =
        Machines.cheapest(
            machines, environment.market(), it -> expected(it, environment.minVcpus(), jobs));
    Machine smallest =
        machines.stream()
            .max((a, b) -> Double.compare(instances(a, max), instances(b, max)))
            .orElseThrow();
    Nodes nodes =
        new Nodes(
            expected(cheapest, environment.minVcpus(), jobs),
            ComputeEnvironment.month(smallest, max, "MaxvCpus of " + smallest.type()));
    nodes.price(
        bill, Disk.ofMappings(data.at("BlockDeviceMappings"), Assumption.of("ecs.hostVolumeGb")));
    if (PublicAddress.isGivenIn(bill, environment.property("Subnets"))) {
      PublicAddress.running(bill, nodes.expected(), nodes.most());
    }
  }

  private static double instances(Machine machine, double vCpus) {
    return ComputeEnvironment.instances(machine, vCpus);
  }

  private static void fargate(Bill bill, ComputeEnvironment environment) {
    boolean spot = environment.market().isSpot();
    Optional<Double> max = environment.maxVcpus();
    Fargate.Size usual = Fargate.smallestJob(bill);
    Optional<Price> expected = Fargate.price(bill, usual, spot);
    Optional<Price> worst = Fargate.price(bill, Fargate.MOST_PER_VCPU, false);
    if (expected.isEmpty() || worst.isEmpty()) {
      bill.notPriced("no source for Fargate in " + bill.region(Aws.REFERENCE_REGION));
      return;
    }
    if (max.isEmpty()) {
      bill.notPriced("MaxvCpus is only known at deployment, so that nothing bounds the worst case");
    }
    Amount jobs = JobHours.of(bill);
    bill.line(
        "Fargate",
        Kind.RUNNING,
        new Charge(jobs.count(), expected.get(), jobs.why()),
        max.map(
            vCpus ->
                new Charge(
                    vCpus * HOURS_PER_MONTH,
                    worst.get(),
                    "%s MaxvCpus x 730 h".formatted(Numbers.text(vCpus)))));
  }
}
