package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.AcceleratorKind;
import dev.mlinfra.aws.SpotTrainingFleetProps;
import dev.mlinfra.cost.PriceBook;

/**
 * What a fleet gives one job, how much of it runs at one time, and when somebody is told.
 *
 * @param kind what its machines compute with
 * @param vcpus processors of a job
 * @param memoryMib memory of a job
 * @param accelerators accelerators of a job
 * @param spotVcpus processors on the spot market at one time
 * @param onDemandVcpus processors on demand at one time; 0 without a fallback
 * @param nodesVcpus processors of one job on several machines; 0 where there are none
 * @param efaInterfaces adapters that each machine of such a job has; 0 where a type has none
 * @param warnAfterSeconds when a job has used up {@code warnAt} of its budget, if it ran on the
 *     dearest type
 */
public record FleetPlan(
    AcceleratorKind kind,
    int vcpus,
    int memoryMib,
    int accelerators,
    int spotVcpus,
    int onDemandVcpus,
    int nodesVcpus,
    int efaInterfaces,
    long warnAfterSeconds) {

  /** The plan of properties that {@link FleetRules} has nothing against. */
  public static FleetPlan of(SpotTrainingFleetProps props, PriceBook prices, String region) {
    TrainingMachines machines = TrainingMachines.of(props.getInstanceTypes());
    int vcpus = props.getVcpus().orElse(machines.vcpus());
    int jobs = props.getMaxConcurrentJobs();
    // With a fallback half of the jobs, the larger one, is for spot: both can run at one time.
    int onDemandJobs = props.isOnDemandFallback() ? jobs / 2 : 0;
    return new FleetPlan(
        machines.kind(),
        vcpus,
        props.getMemoryMib().orElse(machines.memoryMib()),
        props.getAccelerators().orElse(machines.accelerators()),
        Math.min(props.getMaxVcpus(), (jobs - onDemandJobs) * vcpus),
        Math.min(props.getMaxVcpus(), onDemandJobs * vcpus),
        Math.min(props.getMaxVcpus(), props.getNodes().orElse(0) * vcpus),
        efaInterfaces(props, machines),
        warnAfterSeconds(props, machines, prices, region));
  }

  /** A machine with a public address has one interface. */
  private static int efaInterfaces(SpotTrainingFleetProps props, TrainingMachines machines) {
    int most = props.getNodes().isEmpty() ? 0 : machines.efaInterfaces();
    return props.getNetwork().isPublicIp() ? Math.min(1, most) : most;
  }

  private static long warnAfterSeconds(
      SpotTrainingFleetProps props, TrainingMachines machines, PriceBook prices, String region) {
    double longest = props.getAttempts() * props.getMaxRuntime().toSeconds().doubleValue();
    double nodes = props.getNodes().orElse(1);
    double byBudget =
        machines
            .dearest(prices, region)
            .map(price -> props.getJobBudgetUsd() / (nodes * price.usd().high()) * 3600)
            .orElse(longest);
    return Math.max(60, Math.round(props.getWarnAt() * Math.min(longest, byBudget)));
  }
}
