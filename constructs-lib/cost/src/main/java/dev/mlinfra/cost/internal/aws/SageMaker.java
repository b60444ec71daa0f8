package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.Charge;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;

/** How the price book names what SageMaker bills. */
final class SageMaker {
  static final String SERVICE = "sagemaker";

  private SageMaker() {}

  /** Of an instance type such as {@code ml.g5.xlarge}. */
  static String item(String type) {
    return "instance " + type;
  }

  /** Instances that run all month. */
  static Charge month(double instances, Price price, String name) {
    return new Charge(
        instances * LineItem.HOURS_PER_MONTH,
        price,
        "%s %s x 730 h".formatted(Numbers.text(instances), name));
  }
}
