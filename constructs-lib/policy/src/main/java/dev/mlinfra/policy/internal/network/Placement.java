package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;

/**
 * Where something runs in a VPC.
 *
 * @param subnets the subnets that it can be put into
 * @param groups its security groups; empty when none are named, and then it has the VPC's default
 * @param publicAddress whether it asks for a public address; empty when the subnet decides
 * @param asking how it asks for one, for people; empty when it never has one
 */
record Placement(
    List<Value> subnets, List<Value> groups, Optional<Verdict> publicAddress, String asking) {
  Placement {
    subnets = List.copyOf(subnets);
    groups = List.copyOf(groups);
  }
}
