package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTimeoutTest {
  private static final String JOB = "AWS::Batch::JobDefinition";
  private static final String MACHINE = "AWS::StepFunctions::StateMachine";

  @Test
  void compliantWithATimeout() {
    assertThat(check(JOB, "Timeout: {AttemptDurationSeconds: 3600}"))
        .containsExactly("COMPLIANT Given Timeout.AttemptDurationSeconds");
  }

  @Test
  void compliantWhateverTheDeploymentChooses() {
    assertThat(check(JOB, "Timeout: {AttemptDurationSeconds: !GetAtt Other.Seconds}"))
        .containsExactly("COMPLIANT Given Timeout.AttemptDurationSeconds");
  }

  @Test
  void violatedWithoutOne() {
    assertThat(check(JOB, "Type: container"))
        .containsExactly("VIOLATED Given Timeout.AttemptDurationSeconds: a job that hangs runs on");
  }

  @Test
  void violatedWhenAConditionTakesItAway() {
    assertThat(
            check(
                JOB,
                "Timeout: !If [Deployed, {AttemptDurationSeconds: 3600}, !Ref 'AWS::NoValue']"))
        .containsExactly("VIOLATED Given Timeout.AttemptDurationSeconds: a job that hangs runs on");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS::SageMaker::ProcessingJob | RoleArn: x | StoppingCondition",
        "AWS::SageMaker::DataQualityJobDefinition | RoleArn: x | StoppingCondition",
        "AWS::SageMaker::ModelBiasJobDefinition | RoleArn: x | StoppingCondition",
        "AWS::SageMaker::ModelExplainabilityJobDefinition | RoleArn: x | StoppingCondition",
        "AWS::SageMaker::ModelQualityJobDefinition | RoleArn: x | StoppingCondition",
        "AWS::SageMaker::MonitoringSchedule | MonitoringScheduleConfig: {MonitoringJobDefinition:"
            + " {RoleArn: x}} |"
            + " MonitoringScheduleConfig.MonitoringJobDefinition.StoppingCondition"
      })
  void violatedWithoutAStoppingCondition(String type, String properties, String path) {
    assertThat(check(type, properties))
        .containsExactly(
            "VIOLATED Given " + path + ".MaxRuntimeInSeconds: a job that hangs runs on");
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnowsWhetherThereIsOne() {
    assertThat(check(JOB, "Timeout: !GetAtt Other.Timeout"))
        .containsExactly(
            "UNDECIDED Given Timeout.AttemptDurationSeconds: is known only when deployed");
  }

  @Test
  void notApplicableToAScheduleOfAJobThatIsDefinedElsewhere() {
    assertThat(
            check(
                "AWS::SageMaker::MonitoringSchedule",
                "MonitoringScheduleConfig: {MonitoringJobDefinitionName: x}"))
        .isEmpty();
  }

  @Test
  void notApplicableToWhatTheServiceEndsByItself() {
    assertThat(check("AWS::Lambda::Function", "MemorySize: 128")).isEmpty();
    assertThat(check("AWS::CodeBuild::Project", "Name: x")).isEmpty();
  }

  @Test
  void compliantWhenTheWorkflowEnds() {
    assertThat(
            workflow(
                "{\"TimeoutSeconds\": 60, \"States\": {\"Run\": "
                    + task("batch:submitJob.sync")
                    + "}}"))
        .containsExactly("COMPLIANT Given DefinitionString.TimeoutSeconds");
  }

  @Test
  void compliantWhenEachStateThatWaitsEnds() {
    assertThat(
            workflow(
                "{\"States\": {\"Run\": {\"Type\": \"Task\", \"TimeoutSeconds\": 60, \"Resource\":"
                    + " \"arn:aws:states:::batch:submitJob.sync\"}, \"Wait\": {\"Type\": \"Task\","
                    + " \"TimeoutSecondsPath\": \"$.t\", \"Resource\":"
                    + " \"arn:aws:states:::sqs:sendMessage.waitForTaskToken\"}}}"))
        .containsExactly(
            "COMPLIANT Given States.Run.TimeoutSeconds",
            "COMPLIANT Given States.Wait.TimeoutSeconds");
  }

  @Test
  void violatedWhenAStateWaitsWithoutEnd() {
    assertThat(workflow("{\"States\": {\"Run\": " + task("ecs:runTask.sync") + "}}"))
        .containsExactly("VIOLATED Given States.Run.TimeoutSeconds: waits for up to a year");
    assertThat(workflow("{\"States\": {\"Run\": " + task("states:startExecution.sync:2") + "}}"))
        .containsExactly("VIOLATED Given States.Run.TimeoutSeconds: waits for up to a year");
    assertThat(
            workflow(
                "{\"States\": {\"Run\": {\"Type\": \"Task\", \"Resource\":"
                    + " \"arn:aws:states:eu-west-1:123456789012:activity:a\"}}}"))
        .containsExactly("VIOLATED Given States.Run.TimeoutSeconds: waits for up to a year");
  }

  @Test
  void violatedByATrainingJobWithoutAStoppingCondition() {
    assertThat(
            workflow(
                "{\"TimeoutSeconds\": 60, \"States\": {\"Run\": "
                    + task("sagemaker:createTrainingJob.sync")
                    + "}}"))
        .containsExactly(
            "COMPLIANT Given DefinitionString.TimeoutSeconds",
            "VIOLATED Given States.Run.Parameters.StoppingCondition.MaxRuntimeInSeconds: a job"
                + " that hangs runs on for a day");
  }

  @Test
  void compliantWithAStoppingConditionInTheWorkflow() {
    assertThat(stopping("\"StoppingCondition\": {\"MaxRuntimeInSeconds\": 60}"))
        .endsWith("COMPLIANT Given States.Run.Parameters.StoppingCondition.MaxRuntimeInSeconds");
    assertThat(stopping("\"StoppingCondition\": {\"MaxRuntimeInSeconds.$\": \"$.t\"}"))
        .endsWith("COMPLIANT Given States.Run.Parameters.StoppingCondition.MaxRuntimeInSeconds");
  }

  @Test
  void undecidedWhenTheStoppingConditionIsReadFromTheInput() {
    assertThat(stopping("\"StoppingCondition.$\": \"$.stop\""))
        .endsWith(
            "UNDECIDED Given States.Run.Parameters.StoppingCondition.MaxRuntimeInSeconds: is known"
                + " only when deployed");
  }

  @Test
  void undecidedWhenTheWorkflowIsDefinedElsewhere() {
    assertThat(check(MACHINE, "DefinitionS3Location: {Bucket: b, Key: k}"))
        .containsExactly(
            "UNDECIDED Given Definition: the definition stands elsewhere, or is no JSON that can"
                + " be read here");
  }

  @Test
  void notApplicableToAWorkflowInWhichNothingWaits() {
    assertThat(workflow("{\"States\": {\"Run\": " + task("lambda:invoke") + "}}")).isEmpty();
  }

  @Test
  void notApplicableToAnExpressWorkflow() {
    assertThat(check(MACHINE, "StateMachineType: EXPRESS, DefinitionString: '{}'")).isEmpty();
  }

  private static List<String> stopping(String parameters) {
    return workflow(
        "{\"TimeoutSeconds\": 60, \"States\": {\"Run\": {\"Type\": \"Task\", \"Resource\":"
            + " \"arn:aws:states:::sagemaker:createTrainingJob.sync\", \"Parameters\": {"
            + parameters
            + "}}}}");
  }

  private static String task(String call) {
    return "{\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::" + call + "\"}";
  }

  private static List<String> workflow(String definition) {
    return check(MACHINE, "DefinitionString: '" + definition + "'");
  }

  private static List<String> check(String type, String properties) {
    return Checks.of(
        new JobTimeout(),
        "Conditions: {Deployed: !Equals [!Ref 'AWS::Region', x]}",
        "Resources:",
        "  Given:",
        "    Type: " + type,
        "    Properties: {" + properties + "}");
  }
}
