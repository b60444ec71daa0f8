package dev.mlinfra.cost;

/**
 * A quantity times a price.
 *
 * @param quantity in units of the price, per month
 * @param price what one unit costs
 * @param why where the quantity comes from, such as {@code usage.trainingHoursPerMonth}
 */
public record Charge(double quantity, Price price, String why) {

  /** The amount per month. */
  public Usd usd() {
    return price.usd().times(quantity);
  }
}
