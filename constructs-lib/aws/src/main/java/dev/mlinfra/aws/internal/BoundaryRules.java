package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.RoleBoundaryProps;
import dev.mlinfra.aws.RolePurpose;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;

/** What the properties of a permissions boundary must satisfy. */
public final class BoundaryRules {
  private BoundaryRules() {}

  /** Every problem of the properties. */
  public static List<Problem> problems(RoleBoundaryProps props) {
    List<Problem> problems = new ArrayList<>();
    IamNames.policyName(props.getPolicyName(), problems);
    IamNames.path("path", props.getPath(), problems);
    if (props.isDataDeletion() && props.getPurpose() != RolePurpose.WORKLOADS) {
      problems.add(
          Problem.of(
              "dataDeletion",
              "given true together with purpose " + props.getPurpose(),
              "true with purpose WORKLOADS",
              "what empties a bucket is a workload"));
    }
    return problems;
  }
}
