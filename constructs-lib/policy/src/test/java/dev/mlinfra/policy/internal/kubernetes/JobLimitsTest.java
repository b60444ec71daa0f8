package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static dev.mlinfra.policy.internal.PulumiStates.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.PulumiStates;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobLimitsTest {

  @Test
  void compliantWithAllLimits() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:batch/v1:Job",
                        "train",
                        "spec: {activeDeadlineSeconds: 3600, backoffLimit: 3,"
                            + " ttlSecondsAfterFinished: 86400}"))))
        .containsExactly(
            "COMPLIANT train spec.activeDeadlineSeconds",
            "COMPLIANT train spec.backoffLimit",
            "COMPLIANT train spec.ttlSecondsAfterFinished");
  }

  @Test
  void compliantWhenACronJobRemovesItsJobs() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:batch/v1:CronJob",
                        "train",
                        "spec: {jobTemplate: {spec: {activeDeadlineSeconds: 60}}}"))))
        .containsExactly(
            "COMPLIANT train spec.jobTemplate.spec.activeDeadlineSeconds",
            "COMPLIANT train spec.jobTemplate.spec.backoffLimit");
  }

  @Test
  void violatedWithout() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("kubernetes:batch/v1:Job", "train", "spec: {backoffLimit: 100}"))))
        .containsExactly(
            "VIOLATED train spec.activeDeadlineSeconds: lets a job that hangs hold its"
                + " nodes for ever",
            "VIOLATED train spec.backoffLimit: pays for a job that fails more often than"
                + " it can help",
            "VIOLATED train spec.ttlSecondsAfterFinished: leaves the job and its pods in"
                + " the cluster for ever");
  }

  @Test
  void violatedByAJobOfKubeflow() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:kubeflow.org/v1:PyTorchJob",
                        "train",
                        "spec: {pytorchReplicaSpecs: {}}"))))
        .containsExactly(
            "VIOLATED train spec.runPolicy.activeDeadlineSeconds: lets a job that hangs"
                + " hold its nodes for ever",
            "COMPLIANT train spec.runPolicy.backoffLimit",
            "VIOLATED train spec.runPolicy.ttlSecondsAfterFinished: leaves the job and its"
                + " pods in the cluster for ever");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("kubernetes:batch/v1:Job", "train", "spec: " + UNKNOWN + ""))))
        .containsExactly(
            "UNDECIDED train spec.activeDeadlineSeconds: is known only when deployed",
            "UNDECIDED train spec.backoffLimit: is known only when deployed",
            "UNDECIDED train spec.ttlSecondsAfterFinished: is known only when deployed");
  }

  @Test
  void notApplicableToADeployment() {
    assertThat(check(Workloads.deployment("containers: [{name: a}]"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "activeDeadlineSeconds: 1, COMPLIANT train spec.activeDeadlineSeconds",
    "activeDeadlineSeconds: 0, VIOLATED train spec.activeDeadlineSeconds: lets a job that hangs"
        + " hold its nodes for ever",
    "backoffLimit: 10, COMPLIANT train spec.backoffLimit",
    "backoffLimit: 11, VIOLATED train spec.backoffLimit: pays for a job that fails more often"
        + " than it can help",
    "ttlSecondsAfterFinished: 0, COMPLIANT train spec.ttlSecondsAfterFinished",
    "ttlSecondsAfterFinished: -1, VIOLATED train spec.ttlSecondsAfterFinished: leaves the job and"
        + " its pods in the cluster for ever",
  })
  void violatedByANumberThatIsNoLimit(String setting, String line) {
    assertThat(
            check(
                PulumiStates.of(
                    resource("kubernetes:batch/v1:Job", "train", "spec: {" + setting + "}"))))
        .contains(line);
  }

  @Test
  void violatedByAPatchThatTakesALimitAway() {
    assertThat(
            check(
                PulumiStates.of(
                    resource(
                        "kubernetes:batch/v1:JobPatch",
                        "train",
                        "spec: {activeDeadlineSeconds: 0, ttlSecondsAfterFinished: -1}"))))
        .containsExactly(
            "VIOLATED train spec.activeDeadlineSeconds: lets a job that hangs hold its"
                + " nodes for ever",
            "COMPLIANT train spec.backoffLimit",
            "VIOLATED train spec.ttlSecondsAfterFinished: leaves the job and its pods in"
                + " the cluster for ever");
  }

  @Test
  void notApplicableToWhatAPatchLeavesAsItIs() {
    assertThat(
            check(
                PulumiStates.of(
                    resource("kubernetes:batch/v1:JobPatch", "train", "spec: {suspend: true}"))))
        .containsExactly("COMPLIANT train spec.backoffLimit");
  }

  private static List<String> check(Model model) {
    return Checks.of(new JobLimits(), model);
  }
}
