package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.MlClusterProps;
import dev.mlinfra.core.Problem;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What is wrong with the properties of a cluster. */
public final class ClusterRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");
  private static final Pattern CIDR =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d|[12]\\d|3[0-2])");
  private static final int MOST_CIDRS = 40;
  private static final int LEAST_ZONES = 2;
  private static final int LARGEST_OCTET = 255;

  private ClusterRules() {}

  /**
   * All problems.
   *
   * @param today decides which versions of Kubernetes are supported
   */
  public static List<Problem> problems(MlClusterProps props, LocalDate today) {
    List<Problem> problems = new ArrayList<>();
    if (!NAME.matcher(props.getClusterName()).matches()) {
      problems.add(
          Problem.of(
              "clusterName",
              "given '" + props.getClusterName() + "'",
              "1 to 100 letters, digits and -, not - first",
              "take a name such as ml-agent-dev"));
    }
    int zones = props.getNetwork().getSubnets().size();
    if (zones < LEAST_ZONES) {
      problems.add(
          Problem.of(
              "network",
              "given one with %d zone".formatted(zones),
              "a network with two zones or more",
              "EKS puts the control plane into two zones"));
    }
    KubernetesVersions.problem(props.getVersion(), today).ifPresent(problems::add);
    if (props.getPublicCidrs().size() > MOST_CIDRS) {
      problems.add(
          Problem.of(
              "publicCidrs",
              "given " + props.getPublicCidrs().size(),
              "at most " + MOST_CIDRS,
              "put neighbours together"));
    }
    for (String cidr : props.getPublicCidrs()) {
      if (!isCidr(cidr)) {
        problems.add(
            Problem.of(
                "publicCidrs",
                "given '" + cidr + "'",
                "ranges of IPv4 addresses, such as 203.0.113.0/24",
                ""));
      }
    }
    return problems;
  }

  private static boolean isCidr(String text) {
    var matcher = CIDR.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    for (int octet = 1; octet <= 4; octet++) {
      if (Integer.parseInt(matcher.group(octet)) > LARGEST_OCTET) {
        return false;
      }
    }
    return true;
  }
}
