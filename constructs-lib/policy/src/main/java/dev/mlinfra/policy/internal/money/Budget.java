package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Stack;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody hears of it when an environment costs more than was meant. A budget is of an account, so
 * one in any stack of the account will do. Where only a template is known, and not the program, it
 * can stand in another one.
 */
final class Budget implements Rule {
  private static final String[] COMPUTE = {
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::Batch::ComputeEnvironment",
    "AWS::EC2::EC2Fleet",
    "AWS::EC2::Instance",
    "AWS::EC2::SpotFleet",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::EKS::Cluster",
    "AWS::EKS::Nodegroup",
    "AWS::Lambda::Function",
    "AWS::SageMaker::Cluster",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::NotebookInstance",
    "AWS::SageMaker::ProcessingJob"
  };

  private static final String NOBODY = "nothing tells anybody when it costs more than was meant";

  @Override
  public String id() {
    return "mlinfra::money.budget";
  }

  @Override
  public String requirement() {
    return "Where something computes there is a budget.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    List<Stack> budgets =
        inspection.resources("AWS::Budgets::Budget").stream()
            .map(budget -> inspection.context(budget).stack())
            .toList();
    boolean whole = inspection.model().kind() == SourceKind.ASSEMBLY;
    Verdict without = whole ? Verdict.VIOLATED : Verdict.UNDECIDED;
    Set<String> covered = new LinkedHashSet<>();
    Set<String> computing = new LinkedHashSet<>();
    for (Resource resource : inspection.resources(COMPUTE)) {
      Stack stack = inspection.context(resource).stack();
      computing.add(environment(stack));
      if (budgets.stream().anyMatch(budget -> covers(budget, stack))) {
        covered.add(environment(stack));
      }
    }
    for (String environment : computing) {
      outcomes.say(
          covered.contains(environment) ? Verdict.COMPLIANT : without,
          environment,
          whole ? NOBODY : NOBODY + ", unless a budget stands in another template",
          "add an AWS::Budgets::Budget with a notification");
    }
  }

  /** A stack below the one of an environment or program, as in {@code dev/Training}. */
  private static String environment(Stack stack) {
    int slash = stack.id().indexOf('/');
    return slash < 0 ? stack.id() : stack.id().substring(0, slash);
  }

  private static boolean covers(Stack budget, Stack stack) {
    boolean sameAccount =
        budget.account().equals(Optional.empty())
            || stack.account().equals(Optional.empty())
            || budget.account().equals(stack.account());
    return sameAccount || environment(budget).equals(environment(stack));
  }
}
