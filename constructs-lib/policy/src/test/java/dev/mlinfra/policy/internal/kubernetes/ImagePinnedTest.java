package dev.mlinfra.policy.internal.kubernetes;

import static dev.mlinfra.policy.internal.PulumiStates.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImagePinnedTest {

  @Test
  void compliantWithATag() {
    assertThat(
            check(Workloads.deployment("containers: [{image: registry.example:5000/ml/train:v1}]")))
        .containsExactly("COMPLIANT serve spec.template.spec.containers[0].image");
  }

  @Test
  void compliantWithADigest() {
    assertThat(check(Workloads.deployment("containers: [{image: train@sha256:0f}]")))
        .containsExactly("COMPLIANT serve spec.template.spec.containers[0].image");
  }

  @Test
  void violatedByTheLatest() {
    assertThat(check(Workloads.deployment("containers: [{image: 'ml/train:latest'}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].image: is another image tomorrow");
  }

  @Test
  void violatedWithoutATag() {
    assertThat(check(Workloads.deployment("containers: [{image: registry.example:5000/ml/train}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].image: is another image tomorrow");
  }

  @Test
  void undecidedWhenKnownOnlyWhenDeployed() {
    assertThat(check(Workloads.deployment("containers: [{image: " + UNKNOWN + "}]")))
        .containsExactly(
            "UNDECIDED serve spec.template.spec.containers[0].image: is known only when deployed");
  }

  @Test
  void notApplicableWithoutAnImage() {
    assertThat(check(Workloads.patch("containers: [{name: a}]"))).isEmpty();
  }

  @Test
  void compliantWithATagOfAnImageWithoutARegistry() {
    assertThat(check(Workloads.deployment("containers: [{image: 'train:v1'}]")))
        .containsExactly("COMPLIANT serve spec.template.spec.containers[0].image");
  }

  @Test
  void violatedByATagThatIsEmpty() {
    assertThat(check(Workloads.deployment("containers: [{image: 'train:'}]")))
        .containsExactly(
            "VIOLATED serve spec.template.spec.containers[0].image: is another image tomorrow");
  }

  private static List<String> check(Model model) {
    return Checks.of(new ImagePinned(), model);
  }
}
