package dev.mlinfra.cost.internal.pulumi.gcp;

import static dev.mlinfra.cost.internal.pulumi.Graphs.estimate;
import static dev.mlinfra.cost.internal.pulumi.Graphs.expect;
import static dev.mlinfra.cost.internal.pulumi.Graphs.linkedTo;
import static dev.mlinfra.cost.internal.pulumi.Graphs.notPriced;
import static dev.mlinfra.cost.internal.pulumi.Graphs.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import org.junit.jupiter.api.Test;

class InstanceGroupPricerTest {
  private static final String TYPE = "gcp:compute/instanceGroupManager:InstanceGroupManager";
  private static final String TEMPLATE_TYPE = "gcp:compute/instanceTemplate:InstanceTemplate";
  private static final String TEMPLATE =
      resource(
          TEMPLATE_TYPE,
          "template",
          "machineType: n1-standard-4, disks: [{diskSizeGb: 50, diskType: pd-ssd}]");

  private static String group(String inputs) {
    return resource(TYPE, "group", inputs, linkedTo("versions", TEMPLATE_TYPE, "template"));
  }

  @Test
  void aGroupHasItsTargetSizeOfMachines() {
    Estimate estimate = estimate(TEMPLATE, group("zone: us-central1-a, targetSize: 3"));
    expect(estimate, "n1-standard-4", 3 * 730 * 0.19, 3 * 730 * 0.19);
    expect(estimate, "disk pd-ssd", 3 * 50 * 0.17, 3 * 50 * 0.17);
  }

  @Test
  void anAutoscalerSaysTheLeastAndTheMost() {
    Estimate estimate =
        estimate(
            TEMPLATE,
            group("zone: us-central1-a"),
            resource(
                "gcp:compute/autoscaler:Autoscaler",
                "scaler",
                "autoscalingPolicy: {minReplicas: 1, maxReplicas: 5}",
                linkedTo("target", TYPE, "group")));
    expect(estimate, "n1-standard-4", 730 * 0.19, 5 * 730 * 0.19);
    expect(estimate, "disk pd-ssd", 50 * 0.17, 5 * 50 * 0.17);
  }

  @Test
  void withoutItsTemplateItIsNotPriced() {
    assertThat(notPriced(estimate(resource(TYPE, "group", "targetSize: 3"))))
        .containsExactly("its instance template is not in this graph");
  }

  @Test
  void aDiskWithoutASizeIsNotPriced() {
    Estimate estimate =
        estimate(
            resource(
                TEMPLATE_TYPE, "template", "machineType: n1-standard-4, disks: [{boot: true}]"),
            group("targetSize: 1"));
    assertThat(notPriced(estimate))
        .containsExactly("a disk of its template is as large as its image: set diskSizeGb");
  }
}
