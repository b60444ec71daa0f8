package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Test
  void aManagedPolicyIsABoundaryWhenARoleNamesItByItsArn() {
    assertThat(
            kinds(
                "Resources:",
                "  Most: " + managed("most"),
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      PermissionsBoundary: arn:aws:iam::123456789012:policy/team/most"))
        .containsExactly(Kind.BOUNDARY);
  }

  @Test
  void theStatementsOfARoleAreItsOwnAndThoseOfItsTrust() {
    assertThat(
            lines(
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      AssumeRolePolicyDocument: {Statement: [{Effect: Allow}]}",
                "      Policies:",
                "      - {PolicyDocument: {Statement: [{Effect: Allow}, {Effect: Deny}]}}"))
        .containsExactly(
            "IDENTITY Role Policies[0].PolicyDocument.Statement[0] of [test:Role] allows",
            "IDENTITY Role Policies[0].PolicyDocument.Statement[1] of [test:Role] denies",
            "TRUST Role AssumeRolePolicyDocument.Statement[0] of [] allows");
  }

  @Test
  void aPolicyKnowsWhoHasIt() {
    for (String type : List.of("Role", "User", "Group")) {
      assertThat(
              lines(
                  "Resources:",
                  "  A: {Type: 'AWS::IAM::" + type + "'}",
                  "  Own:",
                  "    Type: AWS::IAM::" + type + "Policy",
                  "    Properties:",
                  "      " + type + "Name: !Ref A",
                  "      PolicyDocument: {Statement: {Effect: Allow}}",
                  "  Shared:",
                  "    Type: AWS::IAM::Policy",
                  "    Properties:",
                  "      " + type + "s: [!Ref A]",
                  "      PolicyDocument: {Statement: {Effect: Allow}}",
                  "  Managed:",
                  "    Type: AWS::IAM::ManagedPolicy",
                  "    Properties:",
                  "      " + type + "s: [!Ref A]",
                  "      PolicyDocument: {Statement: {Effect: Allow}}"))
          .containsExactly(
              "IDENTITY Own PolicyDocument.Statement of [test:A] allows",
              "IDENTITY Shared PolicyDocument.Statement of [test:A] allows",
              "IDENTITY Managed PolicyDocument.Statement of [test:A] allows");
    }
  }

  @Test
  void whoAttachesAManagedPolicyHasIt() {
    assertThat(
            lines(
                "Resources:",
                "  P: " + managed("p"),
                "  User: {Type: 'AWS::IAM::User', Properties: {ManagedPolicyArns: [!Ref P]}}"))
        .containsExactly("IDENTITY P PolicyDocument.Statement of [test:User] allows");
  }

  @Test
  void policiesOfUsersAndGroupsAreTheirs() {
    for (String type : List.of("User", "Group")) {
      assertThat(
              lines(
                  "Resources:",
                  "  A:",
                  "    Type: AWS::IAM::" + type,
                  "    Properties: {Policies: [{PolicyDocument: {Statement: {Effect: Deny}}}]}"))
          .containsExactly("IDENTITY A Policies[0].PolicyDocument.Statement of [test:A] denies");
    }
  }

  @Test
  void aResourceCanHaveAPolicy() {
    assertThat(
            lines(
                "Resources:",
                "  Key:",
                "    Type: AWS::KMS::Key",
                "    Properties: {KeyPolicy: {Statement: {Effect: Allow}}}",
                "  Table:",
                "    Type: AWS::DynamoDB::Table",
                "    Properties:",
                "      ResourcePolicy: {PolicyDocument: {Statement: {Effect: Allow}}}",
                "  Topic: {Type: 'AWS::SNS::Topic', Properties: {PolicyDocument: {Statement: {}}}}"))
        .containsExactly(
            "RESOURCE Key KeyPolicy.Statement of [] allows",
            "RESOURCE Table ResourcePolicy.PolicyDocument.Statement of [] allows");
  }

  @Test
  void aStatementKnowsWhereItsPartsStand() {
    Inspection inspection =
        new Inspection(
            Models.parse(
                "test.yaml",
                "Resources: {Key: {Type: 'AWS::KMS::Key', Properties: {KeyPolicy: {Statement:"
                    + " {Action: [a, b], Resource: c, Condition: {Bool: {d: true}}}}}}}"),
            Map.of());
    Statement statement = Statements.of(inspection).get(0);

    assertThat(statement.actions())
        .extracting(Value::asText)
        .extracting(Optional::get)
        .containsExactly("a", "b");
    assertThat(statement.resources()).containsExactly(new Value.Text("c"));
    assertThat(statement.entry("Condition").at("Bool.d").asText()).contains("true");
    assertThat(statement.at("Action")).isEqualTo("KeyPolicy.Statement.Action");
    assertThat(Statements.of(inspection, Kind.RESOURCE)).containsExactly(statement);
    assertThat(Statements.of(inspection, Kind.IDENTITY, Kind.TRUST)).isEmpty();
  }

  private static List<String> lines(String... yaml) {
    Inspection inspection =
        new Inspection(Models.parse("test.yaml", String.join("\n", yaml)), Map.of());
    return Statements.of(inspection).stream()
        .map(
            it ->
                it.kind()
                    + " "
                    + it.resource().id().name()
                    + " "
                    + it.at()
                    + " of "
                    + it.identities()
                    + (it.allow() ? " allows" : " denies"))
        .toList();
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
