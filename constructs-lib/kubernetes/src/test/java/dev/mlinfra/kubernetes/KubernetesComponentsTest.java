package dev.mlinfra.kubernetes;

import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.core.Output;
import dev.mlinfra.core.CostTags;
import dev.mlinfra.template.Resource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** All components together. */
class KubernetesComponentsTest {

  @Test
  void passTheGateWithTheirCostTags() {
    assertThatTemplate(Samples.of(Samples::everything)).passesGate().hasCostTags();
  }

  @Test
  void submittersMayDoWhatTheGuideSays() {
    Resource role =
        Samples.only(Samples.of(Samples::everything), "rbac.authorization.k8s.io/v1:Role");

    assertThat(role.property("rules").toJson())
        .isEqualTo(
            "[{\"apiGroups\":[\"batch\"],\"resources\":[\"jobs\"],"
                + "\"verbs\":[\"create\",\"delete\",\"get\",\"list\",\"watch\"]},"
                + "{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],"
                + "\"verbs\":[\"get\",\"list\",\"watch\"]},"
                + "{\"apiGroups\":[\"\"],\"resources\":[\"pods/log\"],\"verbs\":[\"get\"]}]");
  }

  @Test
  void submittersNeedLabels() {
    JobSubmitterArgs args =
        JobSubmitterArgs.builder()
            .namespace(Output.of("ml-jobs"))
            .costTags(new CostTags("p", "dev", "Jane Doe", "cc", "training", Map.of()))
            .build();

    assertThatThrownBy(() -> Samples.of(context -> new JobSubmitter("submitter", args)))
        .hasMessageContaining("JobSubmitter 'submitter'")
        .hasMessageContaining("costTags.owner: given 'Jane Doe'");
  }
}
