package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.template.Models;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatementsTest {

  @Test
  void aManagedPolicyIsABoundaryWhenARoleSaysSo() {
    assertThat(
            kinds(
                "Resources:",
                "  Most: " + managed("most"),
                "  Role: {Type: 'AWS::IAM::Role', Properties: {PermissionsBoundary: !Ref Most}}"))
        .containsExactly(Kind.BOUNDARY);
  }

  @Test
  void aManagedPolicyThatNobodyHasIsABoundaryWhenItsNameSaysSo() {
    assertThat(kinds("Resources:", "  P: " + managed("app-Boundary")))
        .containsExactly(Kind.BOUNDARY);
    assertThat(kinds("Resources:", "  P: " + managed("app"))).containsExactly(Kind.IDENTITY);
  }

  @Test
  void aManagedPolicyThatSomebodyHasIsNoBoundary() {
    assertThat(
            kinds(
                "Resources:",
                "  P: " + managed("app-boundary"),
                "  Role: {Type: 'AWS::IAM::Role', Properties: {ManagedPolicyArns: [!Ref P]}}"))
        .containsExactly(Kind.IDENTITY);
  }

  private static String managed(String name) {
    return "{Type: 'AWS::IAM::ManagedPolicy', Properties: {ManagedPolicyName: "
        + name
        + ", PolicyDocument: {Statement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}}}}";
  }

  private static List<Kind> kinds(String... yaml) {
    return Statements.of(new Inspection(Models.parse("t.yaml", String.join("\n", yaml)), Map.of()))
        .stream()
        .map(Statement::kind)
        .toList();
  }
}
