package dev.mlinfra.runpod;

import com.pulumi.Context;
import com.pulumi.resources.CustomResourceOptions;
import dev.mlinfra.sdk.runpod.NetworkVolume;
import dev.mlinfra.sdk.runpod.NetworkVolumeArgs;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.testkit.PulumiGraph;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs programs with these components. */
final class Graphs {
  static final String IMAGE = "registry.example.com/ml-agent/worker:1.0";

  private Graphs() {}

  static Model of(Consumer<Context> program) {
    return graph(program).capture();
  }

  static PulumiGraph graph(Consumer<Context> program) {
    return PulumiGraph.of(program)
        .output(
            "mlinfra-runpod:index:Endpoint",
            "requestUrls",
            Map.of("run", "https://run.example.com", "runSync", "https://runsync.example.com"))
        .output("mlinfra-runpod:index:Secret", "name", "model-key");
  }

  static Resource only(Model model, String type) {
    List<Resource> found = model.resources("mlinfra-runpod:index:" + type);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + type);
    }
    return found.get(0);
  }

  static NetworkVolume volumeIn(String dataCenter) {
    return new NetworkVolume(
        "given",
        NetworkVolumeArgs.builder().size(50).dataCenter(dataCenter).build(),
        CustomResourceOptions.Empty);
  }
}
