package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicFunctionUrlTest {

  @Test
  void compliantWithCredentials() {
    assertThat(check("AWS_IAM")).containsExactly("COMPLIANT Url AuthType");
  }

  @Test
  void violatedWithoutCredentials() {
    assertThat(check("NONE"))
        .containsExactly("VIOLATED Url AuthType: lets everybody call the function");
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    assertThat(check("!ImportValue type"))
        .containsExactly(
            "UNDECIDED Url AuthType: only the deployment knows who may call the function");
  }

  @Test
  void notApplicableWithoutAUrl() {
    assertThat(
            Checks.of(
                new PublicFunctionUrl(), "Resources: {Function: {Type: AWS::Lambda::Function}}"))
        .isEmpty();
  }

  private static List<String> check(String type) {
    return Checks.of(
        new PublicFunctionUrl(),
        "Resources:",
        "  Url:",
        "    Type: AWS::Lambda::Url",
        "    Properties:",
        "      AuthType: " + type);
  }
}
