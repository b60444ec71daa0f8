package dev.mlinfra.policy.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotebookAccessTest {

  @Test
  void compliantWhenBothAreDisabled() {
    assertThat(check("{DirectInternetAccess: Disabled, RootAccess: Disabled}"))
        .containsExactly(
            "COMPLIANT Notebook DirectInternetAccess", "COMPLIANT Notebook RootAccess");
  }

  @Test
  void violatedByTheDefaults() {
    assertThat(check("{}"))
        .containsExactly(
            "VIOLATED Notebook DirectInternetAccess: the notebook reaches the internet past the VPC",
            "VIOLATED Notebook RootAccess: its users are root on the notebook");
  }

  @Test
  void undecidedWhenGiven() {
    assertThat(check("{DirectInternetAccess: !Ref Access, RootAccess: Disabled}"))
        .containsExactly(
            "UNDECIDED Notebook DirectInternetAccess: whether it is disabled is known only when"
                + " deployed",
            "COMPLIANT Notebook RootAccess");
  }

  @Test
  void notApplicableToAModel() {
    assertThat(
            Checks.of(new NotebookAccess(), "Resources: {Model: {Type: 'AWS::SageMaker::Model'}}"))
        .isEmpty();
  }

  private static List<String> check(String properties) {
    return Checks.of(
        new NotebookAccess(),
        "Resources:",
        "  Notebook:",
        "    Type: AWS::SageMaker::NotebookInstance",
        "    Properties: " + properties);
  }
}
