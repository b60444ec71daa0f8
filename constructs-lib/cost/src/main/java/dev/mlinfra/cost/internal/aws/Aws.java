package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import java.util.Optional;
import java.util.function.Consumer;

/** How the pricers of AWS put lines on a bill. */
final class Aws {
  /** Where the region is not known: the region that price lists start with. */
  static final String REFERENCE_REGION = "us-east-1";

  private Aws() {}

  /** Does something with a price, or says that none is known for the region. */
  static void priced(Bill bill, String service, String item, Consumer<Price> then) {
    bill.priced(
        "%s, %s in %s".formatted(service, item, bill.region(REFERENCE_REGION)),
        bill.awsPrice(service, item),
        then);
  }

  /** What is billed for as long as it exists, whatever is done with it. */
  static void always(
      Bill bill, String what, String service, String item, double units, String why) {
    priced(bill, service, item, price -> bill.always(what, Optional.of(price), units, why));
  }

  /** What is billed by what is done, with nothing that bounds it. */
  static void used(Bill bill, String what, String service, String item, Amount units) {
    unbounded(bill, what, Kind.USED, service, item, units);
  }

  /** What is billed by what lies there, with nothing that bounds it. */
  static void stored(Bill bill, String what, String service, String item, Amount units) {
    unbounded(bill, what, Kind.STORED, service, item, units);
  }

  /** What has no bound that the template could give. */
  static void unbounded(
      Bill bill, String what, Kind kind, String service, String item, Amount units) {
    priced(
        bill,
        service,
        item,
        price ->
            bill.line(what, kind, new Charge(units.count(), price, units.why()), Optional.empty()));
  }

  /** What lies there in a size that the template gives. */
  static void sized(Bill bill, String what, String service, String item, double units, String why) {
    priced(
        bill,
        service,
        item,
        price -> {
          Charge charge = new Charge(units, price, why);
          bill.line(what, Kind.STORED, charge, Optional.of(charge));
        });
  }

  /** What is expected, and the most that the template allows. */
  static void bounded(
      Bill bill,
      String what,
      Kind kind,
      String service,
      String item,
      Amount expected,
      Amount most) {
    priced(
        bill,
        service,
        item,
        price ->
            bill.line(
                what,
                kind,
                new Charge(expected.count(), price, expected.why()),
                Optional.of(new Charge(most.count(), price, most.why()))));
  }
}
