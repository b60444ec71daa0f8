package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Stack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  private static final String NONE = ": nothing tells anybody when it costs more than was meant";
  private static final String UNLESS = ", unless a budget stands in another template";
  private static final String COMPUTE = "C: {Type: AWS::Lambda::Function, Properties: {}}";
  private static final String BUDGET =
      "B: {Type: AWS::Budgets::Budget, Properties: {NotificationsWithSubscribers: [{}]}}";

  @Test
  void compliantWithABudget() {
    assertThat(Checks.of(new Budget(), "Resources: {" + COMPUTE + ", " + BUDGET + "}"))
        .containsExactly("COMPLIANT test");
  }

  @Test
  void compliantWithABudgetInAnotherStackOfTheAccount() {
    assertThat(
            program(
                Programs.stack("dev/Train", "123456789012", COMPUTE),
                Programs.stack("account/Shared", "123456789012", BUDGET)))
        .containsExactly("COMPLIANT dev");
  }

  @Test
  void compliantWithABudgetInAnotherStackOfTheEnvironment() {
    assertThat(
            program(
                Programs.stack("dev/Train", "123456789012", COMPUTE),
                Programs.stack("dev/Watch", "210987654321", BUDGET)))
        .containsExactly("COMPLIANT dev");
  }

  @Test
  void violatedWhenAnEnvironmentHasNone() {
    assertThat(
            program(
                Programs.stack("dev/Train", "123456789012", COMPUTE, BUDGET),
                Programs.stack("prod/Train", "210987654321", COMPUTE),
                Programs.stack("prod/Predict", "210987654321", COMPUTE)))
        .containsExactly("COMPLIANT dev", "VIOLATED prod" + NONE);
  }

  @Test
  void violatedByABudgetThatTellsNobody() {
    String silent = "B: {Type: AWS::Budgets::Budget, Properties: {}}";

    assertThat(program(Programs.stack("dev/Train", "123456789012", COMPUTE, silent)))
        .containsExactly("VIOLATED dev" + NONE);
  }

  @Test
  void undecidedWhenOnlyATemplateIsKnown() {
    assertThat(Checks.of(new Budget(), "Resources: {" + COMPUTE + "}"))
        .containsExactly("UNDECIDED test" + NONE + UNLESS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::Batch::ComputeEnvironment",
        "AWS::EC2::Instance",
        "AWS::ECS::Service",
        "AWS::EKS::Cluster",
        "AWS::SageMaker::Endpoint",
        "AWS::SageMaker::NotebookInstance"
      })
  void undecidedForWhateverComputes(String type) {
    assertThat(Checks.of(new Budget(), "Resources: {C: {Type: '" + type + "'}}"))
        .containsExactly("UNDECIDED test" + NONE + UNLESS);
  }

  @Test
  void notApplicableWhereNothingComputes() {
    assertThat(Checks.of(new Budget(), "Resources: {B: {Type: AWS::S3::Bucket}}")).isEmpty();
  }

  private static List<String> program(Stack... stacks) {
    return Checks.of(new Budget(), Programs.of(stacks));
  }
}
