package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManagedSpotTrainingTest {
  private static final String URI = " Machine States.Train.Parameters.CheckpointConfig.S3Uri";
  private static final String WAIT =
      " Machine States.Train.Parameters.StoppingCondition.MaxWaitTimeInSeconds";
  private static final String ANEW = ": an interruption on spot starts the training anew";
  private static final String SHORT =
      ": the training ends before its time when spot capacity is short";

  @Test
  void compliantWithCheckpointsAndTimeToWait() {
    assertThat(
            check(
                "EnableManagedSpotTraining: true",
                "CheckpointConfig: {S3Uri: 's3://data/checkpoints'}",
                "StoppingCondition: {MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200}"))
        .containsExactly("COMPLIANT" + URI, "COMPLIANT" + WAIT);
  }

  @Test
  void violatedWithoutBoth() {
    assertThat(check("EnableManagedSpotTraining: true"))
        .containsExactly("VIOLATED" + URI + ANEW, "VIOLATED" + WAIT + SHORT);
  }

  @Test
  void violatedWhenItWaitsShorterThanADay() {
    assertThat(
            check(
                "EnableManagedSpotTraining: true",
                "CheckpointConfig: {S3Uri: 's3://data/checkpoints'}",
                "StoppingCondition: {MaxWaitTimeInSeconds: 7200}"))
        .containsExactly("COMPLIANT" + URI, "VIOLATED" + WAIT + SHORT);
  }

  @Test
  void undecidedWhenTheExecutionDecides() {
    assertThat(check("EnableManagedSpotTraining.$: $.spot"))
        .containsExactly(
            "UNDECIDED" + URI + Undecided.whether(ANEW),
            "UNDECIDED" + WAIT + Undecided.whether(SHORT));
    assertThat(
            check(
                "EnableManagedSpotTraining: true",
                "CheckpointConfig: {S3Uri.$: $.uri}",
                "StoppingCondition: {MaxRuntimeInSeconds.$: $.run, MaxWaitTimeInSeconds.$:"
                    + " $.wait}"))
        .containsExactly("COMPLIANT" + URI, "UNDECIDED" + WAIT + Undecided.whether(SHORT));
  }

  @Test
  void notApplicableOnDemand() {
    assertThat(check("TrainingJobName: train")).isEmpty();
    assertThat(check("EnableManagedSpotTraining: false")).isEmpty();
  }

  private static List<String> check(String... parameters) {
    return Checks.of(
        new ManagedSpotTraining(),
        "Resources:",
        "  Machine:",
        "    Type: AWS::StepFunctions::StateMachine",
        "    Properties:",
        "      Definition:",
        "        States:",
        "          Train:",
        "            Resource: arn:aws:states:::sagemaker:createTrainingJob.sync",
        "            Parameters:",
        "              " + String.join("\n              ", parameters));
  }
}
