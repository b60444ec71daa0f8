package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;

/** A notebook is no way to carry data out past the VPC, nor to change what guards it. */
final class NotebookAccess implements Rule {
  @Override
  public String id() {
    return "mlinfra::network.notebook-access";
  }

  @Override
  public String requirement() {
    return "A SageMaker notebook reaches the internet through the VPC only, and without root.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource notebook : inspection.resources("AWS::SageMaker::NotebookInstance")) {
      disabled(
          notebook,
          "DirectInternetAccess",
          "the notebook reaches the internet past the VPC",
          " and SubnetId to a subnet of yours",
          inspection,
          outcomes);
      disabled(
          notebook, "RootAccess", "its users are root on the notebook", "", inspection, outcomes);
    }
  }

  private static void disabled(
      Resource notebook,
      String property,
      String problem,
      String more,
      Inspection inspection,
      Outcomes.Of outcomes) {
    Value value = inspection.property(notebook, property);
    Verdict verdict = Decide.oneOf(value, "Disabled");
    outcomes.say(
        verdict,
        notebook,
        property,
        value,
        verdict == Verdict.VIOLATED
            ? problem
            : "whether it is disabled is known only when deployed",
        "set " + property + " to Disabled" + more);
  }
}
