package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.LineItem.HOURS_PER_MONTH;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A compute environment of Batch, as far as its template says.
 *
 * @param bill where prices come from; nothing is put on it
 * @param resource the environment
 */
record ComputeEnvironment(Bill bill, Resource resource) {
  static final String TYPE = "AWS::Batch::ComputeEnvironment";

  /** Words that let Batch choose, and the families of the price book that stand for its choice. */
  private static final Set<String> ANY = Set.of("optimal", "default_x86_64");

  private static final List<String> ANY_FAMILIES = List.of("c6i", "m6i", "r6i");
  private static final String ANY_ARM = "default_arm64";
  private static final List<String> ANY_ARM_FAMILIES = List.of("c7g", "m7g");

  static List<ComputeEnvironment> all(Bill bill) {
    return Siblings.of(bill, TYPE).stream().map(it -> new ComputeEnvironment(bill, it)).toList();
  }

  Value property(String path) {
    return bill.model().property(resource, "ComputeResources." + path);
  }

  private Optional<Double> number(String path) {
    return Numbers.of(property(path));
  }

  /** {@code EC2}, {@code SPOT}, {@code FARGATE}, {@code FARGATE_SPOT}. */
  String kind() {
    return property("Type").asText().orElse("EC2").toUpperCase(Locale.ROOT);
  }

  boolean isFargate() {
    return kind().startsWith("FARGATE");
  }

  Market market() {
    return new Market(kind().endsWith("SPOT"), number("BidPercentage"), Optional.empty());
  }

  double minVcpus() {
    return Math.max(number("MinvCpus").orElse(0.0), number("DesiredvCpus").orElse(0.0));
  }

  /** Empty when only the deployment knows it. */
  Optional<Double> maxVcpus() {
    return number("MaxvCpus");
  }

  /** The types that it may start. */
  Machine.Choice machines() {
    List<Machine> machines = new ArrayList<>();
    List<String> unpriced = new ArrayList<>();
    for (Value value : property("InstanceTypes").oneOrMany()) {
      Optional<String> name = value.asText();
      if (name.isPresent() && !name.get().contains(".")) {
        List<Machine> family = family(name.get());
        machines.addAll(family);
        if (family.isEmpty()) {
          unpriced.add(Machine.noSource(bill, "family " + name.get()));
        }
      } else {
        Machine.Choice one = Machine.of(bill, List.of(value));
        machines.addAll(one.machines());
        unpriced.addAll(one.unpriced());
      }
    }
    List<Machine> known =
        machines.stream().filter(it -> InstanceType.vCpus(it.type()).isPresent()).toList();
    if (machines.size() > known.size()) {
      unpriced.add("the vCPUs of an instance type are not known");
    }
    return new Machine.Choice(known.stream().distinct().toList(), unpriced);
  }

  private List<Machine> family(String name) {
    List<String> families =
        ANY.contains(name) ? ANY_FAMILIES : name.equals(ANY_ARM) ? ANY_ARM_FAMILIES : List.of(name);
    return families.stream().flatMap(it -> fitting(Machine.ofFamily(bill, it)).stream()).toList();
  }

  /** Of a family Batch starts sizes that its limit has room for. */
  private List<Machine> fitting(List<Machine> family) {
    double most = maxVcpus().orElse(Double.POSITIVE_INFINITY);
    return family.stream()
        .filter(
            it -> {
              OptionalInt vCpus = InstanceType.vCpus(it.type());
              return vCpus.isPresent() && vCpus.getAsInt() <= most;
            })
        .toList();
  }

  /** How many instances of a type give so many vCPUs; the last one may go over. */
  static double instances(Machine machine, double vCpus) {
    return Math.ceil(vCpus / InstanceType.vCpus(machine.type()).orElseThrow());
  }

  /** What runs all month if all of it were of one type. */
  static Amount month(Machine machine, double vCpus, String name) {
    return Amount.of(instances(machine, vCpus), "instances for " + Numbers.text(vCpus) + " " + name)
        .times(HOURS_PER_MONTH, "h");
  }
}
