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

  @Test
  void inlinePoliciesOfBothBranchesCount() {
    assertThat(
            kinds(
                "Parameters: {A: {Type: String}}",
                "Conditions: {C: !Equals [!Ref A, b]}",
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      Policies: !If",
                "      - C",
                "      - [{PolicyDocument: {Statement: {Effect: Allow, Action: 'a:A', Resource: r}}}]",
                "      - - {PolicyDocument: {Statement: {Effect: Allow, Action: 'a:B', Resource: r}}}",
                "        - {PolicyDocument: {Statement: {Effect: Allow, Action: 'a:C', Resource: r}}}"))
        .containsExactly(Kind.IDENTITY, Kind.IDENTITY, Kind.IDENTITY);
  }

  @Test
  void aPolicyThatMayBeLeftOutTakesNothingFromTheOthers() {
    assertThat(
            kinds(
                "Parameters: {A: {Type: String}}",
                "Conditions: {C: !Equals [!Ref A, b]}",
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      Policies:",
                "      - !If [C, {PolicyDocument: {Statement: {Action: 'a:A'}}}, !Ref AWS::NoValue]",
                "      - {PolicyDocument: {Statement: [{Action: 'a:B'}, {Action: 'a:C'}]}}"))
        .containsExactly(Kind.IDENTITY, Kind.IDENTITY, Kind.IDENTITY);
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
