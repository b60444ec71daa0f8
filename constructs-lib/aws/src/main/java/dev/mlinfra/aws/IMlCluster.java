package dev.mlinfra.aws;

import java.util.List;
import software.constructs.IDependable;

/** A Kubernetes cluster on EKS, made here or found. */
public interface IMlCluster {
  /** Its name. */
  String getClusterName();

  /** The network of its nodes. */
  IMlNetwork getNetwork();

  /** The security group that EKS made for the cluster, its nodes and pods. */
  String getSecurityGroupId();

  /** Path of roles for it. */
  String getRolePath();

  /** What must be there before nodes start; empty for a cluster that exists. */
  List<IDependable> getBeforeNodes();
}
