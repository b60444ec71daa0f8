package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A volume of EBS.
 *
 * @param type such as {@code gp3}
 * @param gb its size; empty when only the deployment knows it
 * @param sizeWhy where the size comes from
 * @param iops what is asked for beside the size
 * @param throughput in MB/s
 */
record Disk(
    String type,
    Optional<Double> gb,
    String sizeWhy,
    Optional<Double> iops,
    Optional<Double> throughput) {
  /** What EBS makes where no type is given. */
  private static final String DEFAULT_TYPE = "gp2";

  private static final String GP3 = "gp3";
  private static final double GP3_IOPS = 3000;
  private static final double GP3_THROUGHPUT = 125;

  /** A volume as {@code AWS::EC2::Volume} describes it. */
  static Disk ofVolume(Value volume) {
    return of(volume, "Size");
  }

  private static Disk of(Value volume, String size) {
    return new Disk(
        volume.entry("VolumeType").asText().orElse(DEFAULT_TYPE).toLowerCase(Locale.ROOT),
        number(volume.entry(size)),
        size,
        number(volume.entry("Iops")),
        number(volume.entry("Throughput")));
  }

  private static Optional<Double> number(Value value) {
    return Numbers.of(value);
  }

  /**
   * The disks that a machine has by its block device mappings; where there are none, the one that
   * its image brings along.
   */
  static List<Disk> ofMappings(Value mappings, Assumption rootGb) {
    List<Disk> disks = new ArrayList<>();
    for (Value mapping : mappings.asList()) {
      Value ebs = mapping.entry("Ebs");
      if (!ebs.isMissing()) {
        disks.add(of(ebs, "VolumeSize"));
      }
    }
    if (disks.isEmpty()) {
      disks.add(ofImage(rootGb.value(), rootGb.toString()));
    }
    return disks;
  }

  /** A disk of which only the size is said. */
  static Disk ofImage(double gb, String why) {
    return new Disk(GP3, Optional.of(gb), why, Optional.empty(), Optional.empty());
  }

  /**
   * Adds its lines.
   *
   * @param expected how many months such disks exist, as expected; a reason without text for one
   *     month
   * @param most the same at most
   */
  void price(Bill bill, Amount expected, Amount most) {
    if (gb.isEmpty()) {
      bill.notPriced("the size of a volume is not in the template");
      return;
    }
    line(
        bill,
        type + " volume",
        type + " storage",
        gb.get(),
        "GB (" + sizeWhy + ")",
        expected,
        most);
    if (type.equals(GP3)) {
      above(bill, "gp3 IOPS above 3000", iops, GP3_IOPS, expected, most);
      above(bill, "gp3 throughput above 125 MB/s", throughput, GP3_THROUGHPUT, expected, most);
    } else if (iops.isPresent() && type.startsWith("io")) {
      line(bill, type + " IOPS", type + " IOPS", iops.get(), "IOPS", expected, most);
    }
  }

  private void above(
      Bill bill, String item, Optional<Double> given, double free, Amount expected, Amount most) {
    if (given.isPresent() && given.get() > free) {
      String name = "above %s of %s".formatted(Numbers.text(free), Numbers.text(given.get()));
      line(bill, item, item, given.get() - free, name, expected, most);
    }
  }

  private static void line(
      Bill bill,
      String what,
      String item,
      double units,
      String name,
      Amount expected,
      Amount most) {
    Aws.priced(
        bill,
        "ebs",
        item,
        price ->
            bill.line(
                what,
                Kind.STORED,
                new Charge(expected.count() * units, price, why(units, name, expected)),
                Optional.of(new Charge(most.count() * units, price, why(units, name, most)))));
  }

  private static String why(double units, String name, Amount months) {
    String one = Numbers.text(units) + " " + name;
    return months.why().isEmpty() ? one : one + " x " + months.why();
  }
}
