package dev.mlinfra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GpuRuntimeTest {
  private static Model model(GpuRuntimeArgs args) {
    return Samples.of(context -> new GpuRuntime("gpus", args));
  }

  @Test
  void nodesThatHaveTheDriverGetTheDevicePluginAlone() {
    Model model = model(GpuRuntimeArgs.builder().driver(GpuDriver.NODE_IMAGE).build());

    Resource plugin = Samples.only(model, "apps/v1:DaemonSet");
    assertThat(plugin.property("metadata.namespace").asText()).contains("gpu-runtime");
    assertThat(plugin.property("spec.template.spec.nodeSelector").toJson())
        .isEqualTo("{\"nvidia.com/gpu.present\":\"true\"}");
    assertThat(plugin.property("spec.template.spec.tolerations").toJson())
        .contains("nvidia.com/gpu");
    assertThat(plugin.property("spec.template.spec.containers[0].image").asText())
        .contains("nvcr.io/nvidia/k8s-device-plugin:" + GpuRuntime.DEVICE_PLUGIN);
    assertThat(model.resources("kubernetes:helm.sh/v3:Release")).isEmpty();
  }

  @Test
  void nodesWithoutADriverGetTheOperatorAlone() {
    Model model =
        model(
            GpuRuntimeArgs.builder()
                .driver(GpuDriver.OPERATOR)
                .namespaceName("gpu-operator")
                .build());

    Resource release = Samples.only(model, "helm.sh/v3:Release");
    assertThat(release.property("version").asText()).contains(GpuRuntime.OPERATOR);
    assertThat(release.property("values").toJson())
        .isEqualTo("{\"driver\":{\"enabled\":true},\"toolkit\":{\"enabled\":true}}");
    assertThat(release.property("namespace").asText()).contains("gpu-operator");
    assertThat(model.resources("kubernetes:apps/v1:DaemonSet")).isEmpty();
  }

  @Test
  void tellsEveryProblemAtOnce() {
    GpuRuntimeArgs args =
        GpuRuntimeArgs.builder()
            .driver(GpuDriver.NODE_IMAGE)
            .namespaceName("GPU")
            .nodeLabels(Map.of())
            .build();

    assertThatThrownBy(() -> model(args))
        .hasMessageContaining("GpuRuntime 'gpus'")
        .hasMessageContaining("namespaceName: given 'GPU'")
        .hasMessageContaining("nodeLabels: is empty");
  }
}
