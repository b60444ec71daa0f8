package dev.mlinfra.aws;

import java.util.Collection;
import java.util.List;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.IVpc;

/** A network for workloads, made here or found. */
public interface IMlNetwork {
  /** The VPC. */
  IVpc getVpc();

  /** The subnets of the workloads, one in each zone. */
  List<ISubnet> getSubnets();

  /** Whether workloads need a public address to reach what is outside. */
  boolean isPublicIp();

  /**
   * Says what a workload in it must reach; constructs of this library do so themselves. Makes the
   * endpoints for it where there are none and they are the way out, else does nothing.
   */
  void require(Collection<NetworkNeed> needs);
}
