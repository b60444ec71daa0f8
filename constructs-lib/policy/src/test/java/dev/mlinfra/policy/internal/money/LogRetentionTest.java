package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogRetentionTest {

  @Test
  void compliantWithARetention() {
    assertThat(check("RetentionInDays: 30")).containsExactly("COMPLIANT Group RetentionInDays");
    assertThat(check("RetentionInDays: !GetAtt Other.Days"))
        .containsExactly("COMPLIANT Group RetentionInDays");
  }

  @Test
  void violatedWithoutOne() {
    assertThat(check("LogGroupName: x"))
        .containsExactly("VIOLATED Group RetentionInDays: keeps logs for ever");
    assertThat(check("RetentionInDays: !If [C, 30, !Ref 'AWS::NoValue']"))
        .containsExactly("VIOLATED Group RetentionInDays: keeps logs for ever");
  }

  @Test
  void undecidedWhenAMacroMayWriteIt() {
    assertThat(
            check("RetentionInDays: {'Fn::Transform': {Name: M, Parameters: {}}}", "Transform: M"))
        .containsExactly("UNDECIDED Group RetentionInDays: is known only when deployed");
  }

  @Test
  void notApplicableToAGroupThatTheServiceEmpties() {
    assertThat(check("LogGroupClass: DELIVERY")).isEmpty();
  }

  private static List<String> check(String properties, String... sections) {
    return Checks.of(
        new LogRetention(),
        String.join("\n", sections),
        "Conditions: {C: !Equals [!Ref 'AWS::Region', x]}",
        "Resources:",
        "  Group:",
        "    Type: AWS::Logs::LogGroup",
        "    Properties: {" + properties + "}");
  }
}
