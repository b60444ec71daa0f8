package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.ExistingNetworkProps;
import dev.mlinfra.aws.MlNetworkProps;
import dev.mlinfra.core.NetworkSettings.Egress;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** What the properties of networks must satisfy. */
public final class NetworkRules {
  private static final int MOST_ZONES = 6;
  private static final Pattern ZONE = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9][a-z]");
  private static final Pattern VPC = Pattern.compile("vpc-[0-9a-f]{8,17}");
  private static final Pattern SUBNET = Pattern.compile("subnet-[0-9a-f]{8,17}");
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private NetworkRules() {}

  /** Every problem of a new network. */
  public static List<Problem> problems(MlNetworkProps props) {
    List<Problem> problems = new ArrayList<>();
    zones(props.getAvailabilityZones(), problems);
    cidr(props.getCidr(), problems);
    if (props.getEgress() == Egress.EXISTING) {
      problems.add(
          Problem.of(
              "egress",
              "given EXISTING",
              "PUBLIC_IP, NAT or ENDPOINTS",
              "use MlNetwork.fromExisting for a VPC that exists"));
    }
    int most = Math.max(1, props.getAvailabilityZones().size());
    if (props.getNatGateways() < 1 || props.getNatGateways() > most) {
      problems.add(
          Problem.of(
              "natGateways",
              "given " + props.getNatGateways(),
              "1 to " + most + ", the number of zones",
              ""));
    }
    if (!props.getNeeds().isEmpty() && props.getEgress() != Egress.ENDPOINTS) {
      problems.add(
          Problem.of(
              "needs",
              "given with egress " + props.getEgress(),
              "needs with egress ENDPOINTS",
              "leave needs out: there is another way to everything"));
    }
    for (String bucket : props.getReadableBuckets()) {
      IamNames.check("readableBuckets", bucket, BUCKET, "names of buckets, without *", problems);
    }
    return problems;
  }

  /** Every problem of a network that exists. */
  public static List<Problem> existing(ExistingNetworkProps props) {
    List<Problem> problems = new ArrayList<>();
    IamNames.check("vpcId", props.getVpcId(), VPC, "an id such as vpc-0123456789abcdef0", problems);
    zones(props.getAvailabilityZones(), problems);
    for (String id : props.getSubnetIds()) {
      IamNames.check("subnetIds", id, SUBNET, "ids such as subnet-0123456789abcdef0", problems);
    }
    if (props.getSubnetIds().size() != props.getAvailabilityZones().size()) {
      problems.add(
          Problem.of(
              "subnetIds",
              "given " + props.getSubnetIds().size() + " subnets",
              "one for each of the " + props.getAvailabilityZones().size() + " zones",
              "list subnets and zones in the same order"));
    }
    return problems;
  }

  private static void zones(List<String> zones, List<Problem> problems) {
    if (zones.isEmpty() || zones.size() > MOST_ZONES) {
      problems.add(
          Problem.of(
              "availabilityZones",
              "given " + zones.size() + " zones",
              "1 to " + MOST_ZONES,
              "name the zones to use, such as us-east-1a"));
    }
    if (new HashSet<>(zones).size() < zones.size()) {
      problems.add(
          Problem.of("availabilityZones", "given " + zones, "each zone once", "remove the double"));
    }
    for (String zone : zones) {
      IamNames.check("availabilityZones", zone, ZONE, "zones such as us-east-1a", problems);
    }
  }

  private static void cidr(String cidr, List<Problem> problems) {
    if (!AddressPlan.isRange(cidr)) {
      problems.add(
          Problem.of(
              "cidr",
              "given '" + cidr + "'",
              "a range of /16 to /22 that begins at its first address",
              "such as 10.20.0.0/16"));
    }
  }
}
