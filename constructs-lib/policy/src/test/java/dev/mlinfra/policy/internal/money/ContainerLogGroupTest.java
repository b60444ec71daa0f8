package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerLogGroupTest {
  private static final String BATCH = "AWS::Batch::JobDefinition";
  private static final String ECS = "AWS::ECS::TaskDefinition";
  private static final String AT = " Given ContainerProperties.LogConfiguration";
  private static final String OF_TASK = " Given ContainerDefinitions[0].LogConfiguration";
  private static final String OPEN = ": is known only when deployed";
  private static final String MADE =
      ": the log group is made when first written to, and keeps logs for ever";
  private static final String ACCOUNT =
      "  Jobs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/batch/job}}";

  @Test
  void compliantWhenTheJobNamesAGroup() {
    assertThat(job("{LogDriver: awslogs, Options: {awslogs-group: !Ref Mine}}"))
        .containsExactly("COMPLIANT" + AT);
    assertThat(job("{LogDriver: awslogs, Options: {awslogs-group: elsewhere}}"))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void compliantWhenTheJobLogsElsewhere() {
    assertThat(job("{LogDriver: splunk}")).containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedWhenTheJobSaysNothing() {
    assertThat(check(BATCH, "ContainerProperties: {Image: x}"))
        .containsExactly("VIOLATED" + AT + MADE);
    assertThat(job("{LogDriver: awslogs}")).containsExactly("VIOLATED" + AT + MADE);
  }

  @Test
  void compliantWhenTheGroupOfTheAccountIsMadeFirst() {
    assertThat(check(BATCH, "ContainerProperties: {Image: x}", ACCOUNT))
        .containsExactly("COMPLIANT" + AT);
    assertThat(
            check(BATCH, "ContainerProperties: {LogConfiguration: {LogDriver: awslogs}}", ACCOUNT))
        .containsExactly("COMPLIANT" + AT);
  }

  @Test
  void violatedWhenTheJobMakesTheGroup() {
    assertThat(
            job(
                "{LogDriver: awslogs, Options: {awslogs-group: other, awslogs-create-group:"
                    + " 'true'}}"))
        .containsExactly("VIOLATED" + AT + MADE);
  }

  @Test
  void compliantWhenTheGroupIsThereAlready() {
    for (String group : List.of("!Ref Mine", "mine")) {
      assertThat(
              job(
                  "{LogDriver: awslogs, Options: {awslogs-create-group: 'true', awslogs-group: "
                      + group
                      + "}}"))
          .containsExactly("COMPLIANT" + AT);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NodeProperties: {NodeRangeProperties: [{Container: {Image: x}}]} |"
            + " NodeProperties.NodeRangeProperties[0].Container",
        "EcsProperties: {TaskProperties: [{Containers: [{Image: x}]}]} |"
            + " EcsProperties.TaskProperties[0].Containers[0]",
        "NodeProperties: {NodeRangeProperties: [{EcsProperties: {TaskProperties: [{Containers:"
            + " [{Image: x}]}]}}]} |"
            + " NodeProperties.NodeRangeProperties[0].EcsProperties.TaskProperties[0]"
            + ".Containers[0]"
      })
  void violatedByJobsOfOtherKinds(String properties, String at) {
    assertThat(check(BATCH, properties))
        .containsExactly("VIOLATED Given " + at + ".LogConfiguration" + MADE);
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    assertThat(job("!GetAtt Other.Logs")).containsExactly("UNDECIDED" + AT + OPEN);
    assertThat(
            job(
                "{LogDriver: awslogs, Options: {awslogs-create-group: 'true', awslogs-group:"
                    + " !GetAtt Other.Group}}"))
        .containsExactly("UNDECIDED" + AT + OPEN);
    assertThat(task("!GetAtt Other.Logs")).containsExactly("UNDECIDED" + OF_TASK + OPEN);
  }

  @Test
  void violatedByATaskThatMakesTheGroup() {
    assertThat(
            task(
                "{LogDriver: awslogs, Options: {awslogs-group: other, awslogs-create-group:"
                    + " 'true'}}"))
        .containsExactly("VIOLATED" + OF_TASK + MADE);
  }

  @Test
  void compliantWhenTheTaskDoesNot() {
    assertThat(task("{LogDriver: awslogs, Options: {awslogs-group: other}}"))
        .containsExactly("COMPLIANT" + OF_TASK);
  }

  @Test
  void notApplicableToATaskThatLogsElsewhere() {
    assertThat(task("{LogDriver: awsfirelens}")).isEmpty();
    assertThat(check(ECS, "ContainerDefinitions: [{Image: x}]")).isEmpty();
  }

  @Test
  void notApplicableToAJobOnKubernetes() {
    assertThat(check(BATCH, "EksProperties: {PodProperties: {}}")).isEmpty();
  }

  private static List<String> job(String logs) {
    return check(BATCH, "ContainerProperties: {LogConfiguration: " + logs + "}");
  }

  private static List<String> task(String logs) {
    return check(ECS, "ContainerDefinitions: [{LogConfiguration: " + logs + "}]");
  }

  private static List<String> check(String type, String properties, String... more) {
    return Checks.of(
        new ContainerLogGroup(),
        "Resources:",
        "  Mine: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: mine}}",
        "  Given:",
        "    Type: " + type,
        "    Properties: {" + properties + "}",
        String.join("\n", more));
  }
}
