package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.network.Workload.Need;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What runs in a VPC reaches the services without which it does not start or work. */
final class WorkloadReach implements Rule {
  @Override
  public String id() {
    return "mlinfra::network.workload-reach";
  }

  @Override
  public String requirement() {
    return "A workload in a VPC reaches its registry, logs, storage and control plane.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Reach reach = Reach.of(inspection);
    for (Workload workload : Workloads.of(inspection)) {
      if (!workload.needs().isEmpty()) {
        new Check(reach, workload).say(outcomes);
      }
    }
  }

  /** One workload, with what of its needs is not reached, or perhaps not. */
  private static final class Check {
    private final Reach reach;
    private final Workload workload;
    private final Set<Need> missing = new LinkedHashSet<>();
    private final Set<Need> open = new LinkedHashSet<>();
    private final Set<Value> missingFrom = new LinkedHashSet<>();

    Check(Reach reach, Workload workload) {
      this.reach = reach;
      this.workload = workload;
      for (Value subnet : workload.placement().subnets()) {
        workload.needs().forEach(it -> look(it, subnet));
      }
      open.removeAll(missing);
    }

    private void look(Need need, Value subnet) {
      Verdict reached =
          need.hasEndpoint()
              ? reach.service(workload.placement(), subnet, need.name())
              : reach.internet(workload.placement(), subnet);
      if (reached == Verdict.VIOLATED && need.certain()) {
        missing.add(need);
        missingFrom.add(subnet);
      } else if (reached != Verdict.COMPLIANT) {
        open.add(need);
      }
    }

    void say(Outcomes.Of outcomes) {
      if (!missing.isEmpty()) {
        outcomes.violated(
            workload.resource(),
            workload.at(),
            workload.subnets(),
            workload.what() + " in " + reach.names(missingFrom) + " cannot reach " + names(missing),
            fix());
      } else if (!open.isEmpty()) {
        outcomes.undecided(
            workload.resource(),
            workload.at(),
            workload.subnets(),
            "whether "
                + workload.what()
                + " reaches "
                + names(open)
                + " is known only when deployed",
            "see that its subnets have a route to a NAT gateway, or endpoints for these");
      } else {
        outcomes.compliant(workload.resource(), workload.at());
      }
    }

    private static String names(Set<Need> needs) {
      return needs.stream().map(Need::name).collect(Collectors.joining(", "));
    }

    private String fix() {
      List<String> ways = new ArrayList<>();
      String asking = workload.placement().asking();
      boolean isPublic =
          missingFrom.stream().allMatch(it -> reach.isPublic(it) == Verdict.COMPLIANT);
      ways.add(
          isPublic && !asking.isEmpty()
              ? "set " + asking
              : "put it into subnets with a route to a NAT gateway");
      Set<Need> services =
          missing.stream()
              .filter(Need::hasEndpoint)
              .collect(Collectors.toCollection(LinkedHashSet::new));
      if (!services.isEmpty()) {
        ways.add("add endpoints for " + names(services) + " to the VPC");
      }
      missing.stream()
          .map(Need::otherWay)
          .filter(it -> !it.isEmpty())
          .distinct()
          .forEach(ways::add);
      return String.join(", or ", ways) + "; security groups must let port 443 through";
    }
  }
}
