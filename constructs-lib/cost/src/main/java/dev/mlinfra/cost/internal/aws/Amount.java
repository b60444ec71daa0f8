package dev.mlinfra.cost.internal.aws;

/**
 * How many of something a month has, and how that was worked out.
 *
 * @param count per month
 * @param why the reason, which a reader can redo
 */
record Amount(double count, String why) {

  static Amount of(double count, String name) {
    return new Amount(count, Numbers.text(count) + " " + name);
  }

  static Amount of(Assumption assumption) {
    return new Amount(assumption.value(), assumption.toString());
  }

  /** So many times as much. */
  Amount times(double factor, String name) {
    return new Amount(count * factor, why + " x " + Numbers.text(factor) + " " + name);
  }

  /** So many times as much, as is assumed. */
  Amount times(Assumption assumption) {
    return new Amount(count * assumption.value(), why + " x " + assumption);
  }

  /** One of so many equal parts; of one part nothing is said. */
  Amount share(long parts, String name) {
    return parts == 1 ? this : new Amount(count / parts, why + " / " + parts + " " + name);
  }

  /** In a bigger unit, such as requests in millions of requests. */
  Amount per(double units) {
    return new Amount(count / units, "(" + why + ") / " + Numbers.text(units));
  }
}
