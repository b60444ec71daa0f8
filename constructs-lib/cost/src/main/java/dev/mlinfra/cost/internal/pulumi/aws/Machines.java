package dev.mlinfra.cost.internal.pulumi.aws;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.Rate;

/** What machines of EC2 cost per hour, with Linux; accelerators are part of the type. */
final class Machines {
  private Machines() {}

  static Rate rate(Inputs in, String type, boolean spot) {
    Price onDemand = in.price(Cloud.AWS, "ec2", type);
    return spot
        ? Rate.ofSpot(type, onDemand, in.find(Cloud.AWS, "ec2-spot", type))
        : Rate.of(type, onDemand);
  }
}
