package dev.mlinfra.cost.internal.pulumi.aws;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Fleet;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.cost.internal.pulumi.NotPriced;
import dev.mlinfra.cost.internal.pulumi.PulumiPricer;
import dev.mlinfra.cost.internal.pulumi.Text;
import java.util.Set;

/** Single machines of EC2, and the disk that they start from. */
final class InstancePricer implements PulumiPricer {
  private static final String NATIVE = "aws-native:ec2:Instance";

  @Override
  public Set<String> types() {
    return Set.of("aws:ec2/instance:Instance", NATIVE);
  }

  @Override
  public void price(Inputs in) {
    in.part(() -> machine(in));
    in.part(() -> rootDisk(in));
  }

  private static void machine(Inputs in) {
    String type =
        Inputs.text(in.at("instanceType"), "instanceType")
            .orElseThrow(() -> new NotPriced("instanceType is missing"));
    boolean spot =
        in.at("instanceMarketOptions.marketType").asText().filter("spot"::equals).isPresent();
    Fleet.always(1, "one machine that always runs").bill(in, Machines.rate(in, type, spot));
  }

  private static void rootDisk(Inputs in) {
    if (in.resource().type().equals(NATIVE)) {
      throw new NotPriced("its disks: blockDeviceMappings are not read");
    }
    if (Inputs.isAbsent(in.at("rootBlockDevice.volumeSize"))) {
      throw new NotPriced("the root disk is as large as its image: set rootBlockDevice.volumeSize");
    }
    double gb = in.number("rootBlockDevice.volumeSize", 0);
    String type =
        Inputs.text(in.at("rootBlockDevice.volumeType"), "rootBlockDevice.volumeType")
            .orElse("gp2");
    Price price = in.price(Cloud.AWS, "ebs", type + " storage");
    Fleet.always(1, "one disk").billDisk(in, "root disk " + type, gb, Text.of(gb) + " GB", price);
  }
}
