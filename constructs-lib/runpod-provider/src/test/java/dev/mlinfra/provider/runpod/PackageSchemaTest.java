package dev.mlinfra.provider.runpod;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Empty;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pulumirpc.Provider.GetSchemaRequest;
import pulumirpc.Provider.ProviderHandshakeRequest;

/** The schema is what the provider does. */
class PackageSchemaTest {
  private final RunPodProvider provider =
      new RunPodProvider(Optional.empty(), address -> EngineLog.silent(), Map.of());

  static Iterable<String> resources() {
    return PackageSchema.get().resources();
  }

  @Test
  void hasTheKindsThatThereAre() {
    assertThat(PackageSchema.get().resources())
        .containsExactlyInAnyOrderElementsOf(Kinds.byName().keySet());
    assertThat(PackageSchema.get().functions())
        .containsExactly("getCpuTypes", "getDataCenters", "getGpuTypes");
  }

  @ParameterizedTest
  @MethodSource("resources")
  void everyInputIsAnOutput(String resource) {
    var outputs = PackageSchema.get().outputs(resource).properties();
    PackageSchema.get()
        .inputs(resource)
        .properties()
        .forEach(
            (name, input) -> {
              assertThat(outputs).containsKey(name);
              assertThat(outputs.get(name).type()).as(name).isEqualTo(input.type());
              assertThat(outputs.get(name).secret()).as(name).isEqualTo(input.secret());
            });
  }

  @Test
  void configurationAndProviderTakeTheSame() {
    JsonObject schema = JsonParser.parseString(PackageSchema.get().text()).getAsJsonObject();
    assertThat(schema.getAsJsonObject("config").get("variables"))
        .isEqualTo(schema.getAsJsonObject("provider").get("inputProperties"));
  }

  @Test
  void isWhatTheEngineGets() {
    assertThat(
            SmallEngine.call(provider::getSchema, GetSchemaRequest.getDefaultInstance())
                .getSchema())
        .isEqualTo(PackageSchema.get().text());
    assertThat(SmallEngine.call(provider::getPluginInfo, Empty.getDefaultInstance()).getVersion())
        .isEqualTo(PackageSchema.get().version());
    assertThat(
            SmallEngine.call(provider::handshake, ProviderHandshakeRequest.getDefaultInstance())
                .getAcceptSecrets())
        .isTrue();
  }
}
