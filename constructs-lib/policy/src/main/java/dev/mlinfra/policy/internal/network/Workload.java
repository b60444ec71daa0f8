package dev.mlinfra.policy.internal.network;

import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Set;

/**
 * Something that runs in a VPC.
 *
 * @param resource the resource that says where
 * @param at path of its subnets
 * @param subnets its subnets, as they are written
 * @param what what it is, for people: {@code a Fargate task}
 * @param placement where it runs
 * @param needs what it must reach
 * @param roles the roles of the model that it acts with
 */
record Workload(
    Resource resource,
    String at,
    Value subnets,
    String what,
    Placement placement,
    List<Need> needs,
    Set<ResourceId> roles) {

  Workload {
    needs = List.copyOf(needs);
    roles = Set.copyOf(roles);
  }

  /**
   * What a workload must reach.
   *
   * @param name for people: the service as in the name of its endpoint, or what it is
   * @param hasEndpoint whether an endpoint of the VPC can lead to it; else only the internet does
   * @param certain whether it certainly must be reached
   * @param otherWay how to do without it, for people; empty when there is no way
   */
  record Need(String name, boolean hasEndpoint, boolean certain, String otherWay) {
    /** A service of AWS. */
    static Need service(String name) {
      return new Need(name, true, true, "");
    }

    /** Something on the internet. */
    static Need internet(String name, boolean certain, String otherWay) {
      return new Need(name, false, certain, otherWay);
    }
  }

  /** Whether it pulls images from ECR, so that their layers come from S3. */
  boolean pullsFromRegistry() {
    return needs.stream().anyMatch(it -> it.name().equals("ecr.dkr") && it.certain());
  }
}
