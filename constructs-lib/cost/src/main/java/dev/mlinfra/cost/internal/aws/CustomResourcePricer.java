package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/**
 * Custom resources, of whatever type: what serves them is billed, and what they make is not known.
 */
public final class CustomResourcePricer implements Pricer {
  /** The type that stands for all of them. */
  public static final String TYPE = "AWS::CloudFormation::CustomResource";

  @Override
  public Set<String> types() {
    return Set.of(TYPE);
  }

  /** Whether a type is that of a custom resource. */
  public static boolean isCustom(String type) {
    return type.startsWith("Custom::");
  }

  @Override
  public void price(Bill bill) {
    bill.elsewhere("the function or topic that serves it is billed at its own resource");
  }
}
