package dev.mlinfra.aws;

import java.util.List;
import software.constructs.IDependable;

/** A cluster that exists already. */
record ExistingCluster(ExistingClusterProps props) implements IMlCluster {
  @Override
  public String getClusterName() {
    return props.getClusterName();
  }

  @Override
  public IMlNetwork getNetwork() {
    return props.getNetwork();
  }

  @Override
  public String getSecurityGroupId() {
    return props.getSecurityGroupId();
  }

  @Override
  public String getRolePath() {
    return props.getRolePath();
  }

  @Override
  public List<IDependable> getBeforeNodes() {
    return List.of();
  }
}
