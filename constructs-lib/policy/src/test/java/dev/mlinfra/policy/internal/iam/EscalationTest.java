package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class EscalationTest {
  private static final String PASS = "{Effect: Allow, Action: iam:PassRole, Resource: '*'}";
  private static final String FUNCTIONS =
      "{Effect: Allow, Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource:"
          + " 'arn:aws:lambda:us-east-1:123456789012:function:mine-*'}";
  private static final String LAMBDA_001 =
      "VIOLATED Role: opens the escalation path lambda-001 (any code in a new function with the"
          + " passed role): iam:PassRole by Policies[0].PolicyDocument.Statement[0],"
          + " lambda:CreateFunction by Policies[0].PolicyDocument.Statement[1],"
          + " lambda:InvokeFunction by Policies[0].PolicyDocument.Statement[1]";

  static final List<EscalationPath> ALL = EscalationPath.ALL;

  @Test
  void compliantWhenEveryActionHasItsResources() {
    assertThat(
            role(
                "{Effect: Allow, Action: iam:PassRole, Resource: !GetAtt Other.Arn}",
                FUNCTIONS,
                "{Effect: Allow, Action: 'sts:AssumeRole', Resource:"
                    + " 'arn:aws:iam::*:role/cdk-*'}",
                "{Effect: Allow, Action: 's3:*', Resource: '*'}"))
        .containsExactly("COMPLIANT Role");
  }

  @Test
  void violatedWhenOneIdentityHasAllActionsOfAPath() {
    assertThat(role(PASS, FUNCTIONS)).containsExactly(LAMBDA_001);
  }

  /** Every row of the table is a path that the rule finds, and nothing less than it is. */
  @ParameterizedTest
  @FieldSource("ALL")
  void violatedByEveryPathOfTheTable(EscalationPath path) {
    List<String> actions = new ArrayList<>(path.beyond().keySet());
    actions.addAll(path.with());
    String holder = path.holder().equals("user") ? "AWS::IAM::User" : "AWS::IAM::Role";
    assertThat(identity(holder, allow(actions)))
        .anyMatch(line -> line.startsWith("VIOLATED Role") && line.contains(path.id()));

    for (String left : actions) {
      List<String> rest = actions.stream().filter(action -> !action.equals(left)).toList();
      assertThat(identity(holder, allow(rest)))
          .as("without %s", left)
          .noneMatch(line -> line.contains(path.id() + " ") || line.endsWith(path.id()));
    }
  }

  @Test
  void violatedOnlyForTheKindOfIdentityThatThePathNeeds() {
    String statement = allow(List.of("iam:PutUserPolicy"));

    assertThat(identity("AWS::IAM::Role", statement)).containsExactly("COMPLIANT Role");
    assertThat(identity("AWS::IAM::User", statement))
        .allMatch(line -> line.startsWith("VIOLATED Role: opens the escalation path iam-007"));
  }

  @Test
  void violatedByPoliciesInDifferentPlaces() {
    assertThat(
            Checks.of(
                new Escalation(),
                "Resources:",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      ManagedPolicyArns: [!Ref Managed]",
                "  Managed:",
                "    Type: AWS::IAM::ManagedPolicy",
                "    Properties: {PolicyDocument: {Statement: [" + PASS + "]}}",
                "  Attached:",
                "    Type: AWS::IAM::Policy",
                "    Properties:",
                "      Roles: [!Ref Role]",
                "      PolicyDocument: {Statement: [" + allow(List.of("batch:*")) + "]}"))
        .containsExactly(
            "VIOLATED Role: opens the escalation path batch-101 (any container in a job with the"
                + " passed role): iam:PassRole by Managed PolicyDocument.Statement[0],"
                + " batch:RegisterJobDefinition by Attached PolicyDocument.Statement[0],"
                + " batch:SubmitJob by Attached PolicyDocument.Statement[0]",
            "VIOLATED Role: opens the escalation path batch-102 (the role of a job definition,"
                + " whose command a job can override): batch:SubmitJob by Attached"
                + " PolicyDocument.Statement[0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "User: {Type: AWS::IAM::User, Properties: {Groups: [!Ref Group], Policies: [*P]}}",
        "User: {Type: AWS::IAM::User, Properties: {Policies: [*P]}}\n  Addition: {Type:"
            + " AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Group, Users: [!Ref"
            + " User]}}"
      })
  void violatedByTheGroupOfAUser(String user) {
    assertThat(
            Checks.of(
                new Escalation(),
                "Resources:",
                "  " + user.replace("*P", "{PolicyDocument: {Statement: [" + FUNCTIONS + "]}}"),
                "  Group:",
                "    Type: AWS::IAM::Group",
                "    Properties:",
                "      Policies:",
                "        - PolicyDocument: {Statement: [" + PASS + "]}"))
        .anyMatch(line -> line.startsWith("VIOLATED User: opens the escalation path lambda-001"))
        .contains("COMPLIANT Group");
  }

  @Test
  void violatedByAPolicyThatNobodyInTheModelHas() {
    assertThat(
            Checks.of(
                new Escalation(),
                "Resources:",
                "  Policy:",
                "    Type: AWS::IAM::ManagedPolicy",
                "    Properties:",
                "      PolicyDocument: {Statement: [" + PASS + ", " + FUNCTIONS + "]}"))
        .singleElement()
        .asString()
        .startsWith("VIOLATED Policy: opens the escalation path lambda-001");
  }

  @Test
  void violatedByEverythingSaysSoOnce() {
    assertThat(role(allow(List.of("*"))))
        .singleElement()
        .asString()
        .contains("opens the escalation path apprunner-001", " more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam::*:*",
        "arn:*:iam::123456789012:role/*",
        "arn:aws:iam",
        "arn:aws:*:*:*:*",
        "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*'"
      })
  void violatedByAllRolesHoweverWritten(String arn) {
    assertThat(role("{Effect: Allow, Action: iam:PassRole, Resource: " + arn + "}", FUNCTIONS))
        .containsExactly(LAMBDA_001);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::123456789012:role/cdk-*",
        "arn:aws:iam::123456789012:role/task",
        "arn:aws:iam::123456789012:user/*",
        "arn:aws:s3:::*",
        "!Sub '${Other.Arn}*'",
        "!Sub 'arn:aws:iam::${AWS::AccountId}:role/${AWS::StackName}-*'"
      })
  void compliantWithTheStartOfAName(String arn) {
    assertThat(role("{Effect: Allow, Action: iam:PassRole, Resource: " + arn + "}", FUNCTIONS))
        .containsExactly("COMPLIANT Role");
  }

  @Test
  void compliantWhenADenyTakesItAway() {
    assertThat(role(PASS, FUNCTIONS, "{Effect: Deny, Action: 'iam:*', Resource: '*'}"))
        .containsExactly("COMPLIANT Role");
    assertThat(role(PASS, FUNCTIONS, "{Effect: Deny, NotAction: 'lambda:*', Resource: '*'}"))
        .containsExactly("COMPLIANT Role");
    assertThat(
            role(
                PASS,
                FUNCTIONS,
                "{Effect: Deny, Action: iam:PassRole, Resource: '*', Condition:"
                    + " {StringNotEquals: {iam:PassedToService: ecs-tasks.amazonaws.com}}}"))
        .containsExactly("COMPLIANT Role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{Effect: Deny, Action: iam:PassRole, Resource: 'arn:aws:iam::123456789012:role/admin'}",
        "{Effect: Deny, Action: 'iam:PutRolePolicy', Resource: '*'}",
        "{Effect: Deny, Action: iam:PassRole, Resource: '*', Condition: {Bool:"
            + " {aws:MultiFactorAuthPresent: 'false'}}}"
      })
  void violatedWhenADenyLeavesTheWayOpen(String deny) {
    assertThat(role(PASS, FUNCTIONS, deny)).containsExactly(LAMBDA_001);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringEquals: {iam:PassedToService: ecs-tasks.amazonaws.com}}",
        "{StringNotLike: {iam:PassedToService: lambda.*}}",
        "{StringEquals: {'aws:ResourceTag/team': ml}}"
      })
  void compliantWhenAConditionBoundsIt(String condition) {
    assertThat(
            role(
                "{Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: "
                    + condition
                    + "}",
                FUNCTIONS))
        .containsExactly("COMPLIANT Role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringEquals: {iam:PassedToService: lambda.amazonaws.com}}",
        "{StringEquals: {iam:PassedToService: !Sub 'lambda.${AWS::URLSuffix}'}}",
        "{StringEquals: {aws:ResourceAccount: '123456789012', aws:RequestedRegion: us-east-1}}",
        "{Bool: {aws:MultiFactorAuthPresent: 'true'}}"
      })
  void violatedWhenAConditionLeavesTheWayOpen(String condition) {
    assertThat(
            role(
                "{Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: "
                    + condition
                    + "}",
                FUNCTIONS))
        .containsExactly(LAMBDA_001);
  }

  @Test
  void compliantWithinABoundary() {
    assertThat(bounded("PermissionsBoundary: !Ref Limit", "s3:*"))
        .containsExactly("COMPLIANT Role");
    assertThat(bounded("PermissionsBoundary: arn:aws:iam::123456789012:policy/limit", "s3:*"))
        .containsExactly("COMPLIANT Role");
  }

  @Test
  void violatedWithinABoundaryThatIsWideEnough() {
    assertThat(bounded("PermissionsBoundary: !Ref Limit", "*")).containsExactly(LAMBDA_001);
  }

  @Test
  void violatedWhenOneBranchHasNoBoundaryOrAWideOne() {
    assertThat(bounded("PermissionsBoundary: !If [Unknown, !Ref Limit, !Ref AWS::NoValue]", "s3:*"))
        .contains(LAMBDA_001);
    assertThat(bounded("PermissionsBoundary: !If [Unknown, !Ref Limit, !Ref Wide]", "s3:*"))
        .contains(LAMBDA_001);
  }

  @Test
  void undecidedWithABoundaryOfElsewhere() {
    assertThat(bounded("PermissionsBoundary: !ImportValue boundary", "s3:*"))
        .containsExactly("COMPLIANT Limit", perhaps(LAMBDA_001));
  }

  @Test
  void undecidedByAResourceOrAConditionThatOnlyTheDeploymentKnows() {
    assertThat(role("{Effect: Allow, Action: iam:PassRole, Resource: !ImportValue a}", FUNCTIONS))
        .containsExactly(perhaps(LAMBDA_001));
    assertThat(
            role(
                "{Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: {StringEquals:"
                    + " {iam:PassedToService: !ImportValue a}}}",
                FUNCTIONS))
        .containsExactly(perhaps(LAMBDA_001));
    assertThat(
            role(
                "{Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: {StringEquals:"
                    + " {iam:AssociatedResourceArn: a}}}",
                FUNCTIONS))
        .containsExactly(perhaps(LAMBDA_001));
  }

  @Test
  void undecidedWhenADenyIsThereInOneBranchOnly() {
    assertThat(
            role(
                PASS,
                FUNCTIONS,
                "!If [Unknown, {Effect: Deny, Action: '*', Resource: '*'}, !Ref AWS::NoValue]"))
        .containsExactly(perhaps(LAMBDA_001));
  }

  @Test
  void notApplicableToADenyAndABoundaryOfNobody() {
    assertThat(role("{Effect: Deny, Action: '*', Resource: '*'}"))
        .containsExactly("COMPLIANT Role");
    assertThat(
            Checks.of(
                new Escalation(),
                "Resources:",
                "  AccessBoundary:",
                "    Type: AWS::IAM::ManagedPolicy",
                "    Properties:",
                "      PolicyDocument: {Statement: [" + allow(List.of("*")) + "]}"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'*'", "'arn:aws:iam::*:role/*'", "'arn:aws:iam::123456789012:role/*'"})
  void compliantWhenNoRoleIsLeftOver(String but) {
    assertThat(role("{Effect: Allow, Action: iam:PassRole, NotResource: " + but + "}", FUNCTIONS))
        .containsExactly("COMPLIANT Role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"arn:aws:iam::123456789012:role/admin", "'arn:aws:iam::123456789012:user/*'"})
  void violatedWhenOtherRolesAreLeftOver(String but) {
    assertThat(role("{Effect: Allow, Action: iam:PassRole, NotResource: " + but + "}", FUNCTIONS))
        .containsExactly(LAMBDA_001);
  }

  @Test
  void compliantWhenTheOtherActionsHaveNoResourceOfTheirService() {
    assertThat(role(PASS, FUNCTIONS.replaceAll("'arn:.*'", "'arn:aws:s3:::bucket/*'")))
        .containsExactly("COMPLIANT Role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'*'", "'arn:aws:lambda'", "'arn:aws:*:*:*:function:a'", "'arn:aws'", "!Ref Name"})
  void violatedWhenTheOtherActionsHaveAnyResourceOfTheirService(String resource) {
    assertThat(role(PASS, FUNCTIONS.replaceAll("'arn:.*'", resource))).contains(LAMBDA_001);
    assertThat(
            role(
                PASS,
                FUNCTIONS.replaceAll("Resource: 'arn:.*'", "NotResource: 'arn:aws:s3:::bucket/*'")))
        .contains(LAMBDA_001);
  }

  @Test
  void undecidedWhenThePolicyThatDeniesMayBeLeftOut() {
    for (String condition : List.of("Unknown", "Always")) {
      assertThat(
              Checks.of(
                  new Escalation(),
                  "Parameters: {Name: {Type: String}}",
                  "Conditions: {Unknown: !Equals [!Ref Name, a], Always: !Equals [a, a]}",
                  "Resources:",
                  "  Role:",
                  "    Type: AWS::IAM::Role",
                  "    Properties:",
                  "      Policies:",
                  "        - PolicyDocument: {Statement: [" + PASS + ", " + FUNCTIONS + "]}",
                  "  Deny:",
                  "    Type: AWS::IAM::Policy",
                  "    Condition: " + condition,
                  "    Properties:",
                  "      Roles: [!Ref Role]",
                  "      PolicyDocument: {Statement: [{Effect: Deny, Action: '*', Resource: '*'}]}"))
          .containsExactly(condition.equals("Always") ? "COMPLIANT Role" : perhaps(LAMBDA_001));
    }
  }

  @Test
  void everyPathIsNamedOrCounted() {
    String line = role(allow(List.of("*"))).get(0);
    String others = line.substring(line.lastIndexOf("; and ") + 6);
    int named = others.split(", ", -1).length;
    int more = Integer.parseInt(others.replaceAll(".* and (\\d+) more", "$1"));

    assertThat(1 + named + more)
        .isEqualTo(ALL.stream().filter(path -> !path.holder().equals("user")).count());
  }

  @RepeatedTest(value = 40, name = "seed {currentRepetition}")
  void aDenyNeverOpensAPath(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<String> statements = statements(random);
    Ternary before = open(statements);
    statements.add(statement(random, "Deny"));
    assertThat(open(statements)).as("%s", statements).isLessThanOrEqualTo(before);
  }

  @RepeatedTest(value = 40, name = "seed {currentRepetition}")
  void anAllowNeverClosesAPath(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<String> statements = statements(random);
    Ternary before = open(statements);
    statements.add(statement(random, "Allow"));
    assertThat(open(statements)).as("%s", statements).isGreaterThanOrEqualTo(before);
  }

  @RepeatedTest(value = 40, name = "seed {currentRepetition}")
  void aNarrowerResourceNeverOpensAPath(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<String> wide = statements(random);
    Ternary before = open(wide);
    List<String> narrow =
        wide.stream()
            .map(it -> it.startsWith("{Effect: Allow") ? it.replace(":role/*", ":role/a*") : it)
            .map(
                it -> it.startsWith("{Effect: Allow") ? it.replace("'*'}", "'arn:*:role/a*'}") : it)
            .toList();
    assertThat(open(narrow)).as("%s", narrow).isLessThanOrEqualTo(before);
  }

  private static final List<String> ACTIONS =
      ALL.stream()
          .flatMap(path -> path.beyond().keySet().stream())
          .distinct()
          .collect(Collectors.toList());

  private static List<String> statements(Random random) {
    List<String> statements = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      statements.add(statement(random, random.nextInt(4) == 0 ? "Deny" : "Allow"));
    }
    return statements;
  }

  private static String statement(Random random, String effect) {
    String action = ACTIONS.get(random.nextInt(ACTIONS.size()));
    List<String> actions =
        List.of(action, action.substring(0, action.indexOf(':')) + ":*", "*", "iam:P*");
    List<String> resources =
        List.of("'*'", "'arn:aws:iam::123456789012:role/*'", "'arn:aws:iam::1:role/a'");
    return "{Effect: "
        + effect
        + ", "
        + (random.nextInt(8) == 0 ? "NotAction" : "Action")
        + ": ['"
        + actions.get(random.nextInt(4))
        + "'], Resource: "
        + resources.get(random.nextInt(3))
        + "}";
  }

  /** Whether the role has any path open. */
  private static Ternary open(List<String> statements) {
    List<String> lines = role(statements.toArray(String[]::new));
    if (lines.stream().anyMatch(line -> line.startsWith("VIOLATED"))) {
      return Ternary.TRUE;
    }
    return lines.stream().anyMatch(line -> line.startsWith("UNDECIDED"))
        ? Ternary.UNKNOWN
        : Ternary.FALSE;
  }

  private static String perhaps(String violated) {
    return violated
        .replace("VIOLATED", "UNDECIDED")
        .replace(
            "opens the", "opens, if what only the deployment knows or a condition allows it, the");
  }

  private static String allow(List<String> actions) {
    return "{Effect: Allow, Action: ['" + String.join("', '", actions) + "'], Resource: '*'}";
  }

  private static List<String> role(String... statements) {
    return identity("AWS::IAM::Role", statements);
  }

  private static List<String> identity(String type, String... statements) {
    return Checks.of(
        new Escalation(),
        "Parameters: {Name: {Type: String}}",
        "Conditions: {Unknown: !Equals [!Ref Name, a]}",
        "Resources:",
        "  Other:",
        "    Type: AWS::IAM::Role",
        "  Role:",
        "    Type: " + type,
        "    Properties:",
        "      Policies:",
        "        - PolicyDocument:",
        "            Statement:",
        "              - " + String.join("\n              - ", statements));
  }

  private static List<String> bounded(String boundary, String action) {
    return Checks.of(
        new Escalation(),
        "Parameters: {Name: {Type: String}}",
        "Conditions: {Unknown: !Equals [!Ref Name, a]}",
        "Resources:",
        "  Wide:",
        "    Type: AWS::IAM::ManagedPolicy",
        "    Properties:",
        "      ManagedPolicyName: wide-boundary",
        "      PolicyDocument: {Statement: {Effect: Allow, Action: '*', Resource: '*'}}",
        "  Limit:",
        "    Type: AWS::IAM::ManagedPolicy",
        "    Properties:",
        "      ManagedPolicyName: limit",
        "      PolicyDocument:",
        "        Statement: {Effect: Allow, Action: '" + action + "', Resource: '*'}",
        "  Role:",
        "    Type: AWS::IAM::Role",
        "    Properties:",
        "      " + boundary,
        "      Policies:",
        "        - PolicyDocument: {Statement: [" + PASS + ", " + FUNCTIONS + "]}");
  }
}
