package dev.mlinfra.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.Context;
import com.pulumi.core.Alias;
import com.pulumi.core.Output;
import com.pulumi.core.TypeShape;
import com.pulumi.core.annotations.Export;
import com.pulumi.core.annotations.Import;
import com.pulumi.core.annotations.ResourceType;
import com.pulumi.deployment.Deployment;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.CustomTimeouts;
import com.pulumi.resources.InvokeArgs;
import com.pulumi.resources.ProviderResource;
import com.pulumi.resources.ResourceArgs;
import com.pulumi.resources.StackReference;
import dev.mlinfra.policy.TagReach;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Value;
import dev.mlinfra.testkit.internal.FakeEngine;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PulumiGraphTest {
  private static final String SECRET = "swordfish-0815";

  @SuppressWarnings("UnusedVariable") // the SDK reads the fields
  static final class VolumeArgs extends ResourceArgs {
    @Import(name = "sizeGb")
    private final Output<Integer> sizeGb;

    @Import(name = "password")
    private final Output<String> password;

    VolumeArgs(Output<Integer> sizeGb, Output<String> password) {
      this.sizeGb = sizeGb;
      this.password = password;
    }
  }

  @ResourceType(type = "shop:index:Volume")
  static final class Volume extends CustomResource {
    @Export(
        name = "address",
        refs = {String.class},
        tree = "[0]")
    private Output<String> address;

    Volume(String name, VolumeArgs args, CustomResourceOptions options) {
      super("shop:index:Volume", name, args, options);
    }
  }

  @SuppressWarnings("UnusedVariable") // the SDK reads the fields
  static final class ServerArgs extends ResourceArgs {
    @Import(name = "volumeAddress")
    private final Output<String> volumeAddress;

    @Import(name = "labels")
    private final Output<Map<String, String>> labels;

    ServerArgs(Output<String> volumeAddress, Map<String, String> labels) {
      this.volumeAddress = volumeAddress;
      this.labels = Output.of(labels);
    }
  }

  @ResourceType(type = "shop:index:Server")
  static final class Server extends CustomResource {
    Server(String name, ServerArgs args, CustomResourceOptions options) {
      super("shop:index:Server", name, args, options);
    }
  }

  static final class Endpoint extends ComponentResource {
    private final Output<String> address;

    Endpoint(String name, Output<String> password, Map<String, String> labels) {
      super("mlinfra:shop:Endpoint", name, ComponentResourceOptions.Empty);
      CustomResourceOptions options =
          CustomResourceOptions.builder().parent(this).version("1.2.3").build();
      Volume volume =
          new Volume(name + "-volume", new VolumeArgs(Output.of(80), password), options);
      new Server(name + "-server", new ServerArgs(volume.address, labels), options);
      this.address = volume.address;
      registerOutputs(Map.of("address", volume.address));
    }
  }

  private static final Map<String, String> LABELS =
      Map.of(
          "project", "p",
          "environment", "dev",
          "owner", "o",
          "cost-center", "cc",
          "workload", "serving",
          "managed-by", "mlinfra");

  private static Consumer<Context> program(Map<String, String> labels) {
    return context -> {
      Endpoint endpoint =
          new Endpoint("serving", context.config().requireSecret("password"), labels);
      context.export("address", endpoint.address);
      context.export("region", Output.of(context.config("shop").require("region")));
      context.export("password", Output.ofSecret(SECRET));
    };
  }

  private static PulumiGraph graph(Consumer<Context> program) {
    return PulumiGraph.of(program)
        .project("store")
        .stack("dev")
        .config("shop:region", "eu")
        .secretConfig("password", SECRET)
        .output("shop:index:Volume", "address", "10.0.0.1");
  }

  private static Resource only(Model model, String type) {
    assertThat(model.resources(type)).hasSize(1);
    return model.resources(type).get(0);
  }

  @Test
  void hasTheWholeGraph() {
    Model model = graph(program(LABELS)).capture();

    Resource component = only(model, "mlinfra:shop:Endpoint");
    Resource volume = only(model, "shop:index:Volume");
    Resource server = only(model, "shop:index:Server");
    assertThat(model.kind()).isEqualTo(SourceKind.PULUMI_STATE);
    assertThat(volume.id())
        .isEqualTo(
            new ResourceId(
                "store/dev",
                "urn:pulumi:dev::store::mlinfra:shop:Endpoint$shop:index:Volume::serving-volume"));
    assertThat(volume.attribute("parent").asText()).hasValue(component.id().name());
    assertThat(volume.attribute("version").asText()).hasValue("1.2.3");
    assertThat(volume.property("sizeGb").toJson()).isEqualTo("80");
    assertThat(server.property("volumeAddress").asText()).hasValue("10.0.0.1");
    assertThat(model.references(server)).contains(volume.id(), component.id());
    assertThat(component.attribute("outputs").entry("address").asText()).hasValue("10.0.0.1");
    assertThat(model.outputs())
        .extracting(output -> output.name() + "=" + output.value().toJson())
        .containsExactlyInAnyOrder(
            "address=\"10.0.0.1\"", "region=\"eu\"", "password=\"[secret]\"");
    assertThat(volume.label()).isEqualTo("serving/serving-volume");
  }

  @Test
  void keepsNoSecret() {
    Model model = graph(program(LABELS)).capture();

    assertThat(only(model, "shop:index:Volume").property("password")).isEqualTo(new Value.Secret());
    TemplateAssertions.assertThatTemplate(model).hides(SECRET);
  }

  @Test
  void findsASecretInClear() {
    PulumiGraph leaking =
        graph(
            context -> {
              String clear = SECRET;
              new Volume(
                  "v", new VolumeArgs(Output.of(1), Output.of(clear)), CustomResourceOptions.Empty);
            });

    assertThatThrownBy(() -> leaking.assertThatGraph().hides(SECRET))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Volume::v: properties");
  }

  @Test
  void aPreviewDoesNotKnowWhatAProviderAnswers() {
    Model model = graph(program(LABELS)).preview().capture();

    assertThat(model.kind()).isEqualTo(SourceKind.PULUMI_PREVIEW);
    assertThat(only(model, "shop:index:Server").property("volumeAddress"))
        .isInstanceOf(Value.Unknown.class);
    assertThat(model.references(only(model, "shop:index:Server")))
        .contains(only(model, "shop:index:Volume").id());
    assertThat(only(model, "shop:index:Volume").attribute("id").isMissing()).isTrue();
  }

  @Test
  void labelsAreCheckedLikeTags() {
    assertThat(TagReach.of(graph(program(LABELS)).capture()).resources())
        .extracting(place -> place.resource().name().replaceAll(".*::", "") + " " + place.verdict())
        .containsExactly("serving-volume UNDECIDED", "serving-server COMPLIANT");
    assertThat(TagReach.of(graph(program(Map.of("owner", "o"))).capture()).resources().get(1))
        .hasToString(
            "urn:pulumi:dev::store::mlinfra:shop:Endpoint$shop:index:Server::serving-server:"
                + " labels: lacks cost-center, environment, managed-by, project, workload");
  }

  @Test
  void aProgramThatFailsSaysWhy() {
    assertThatThrownBy(
            () ->
                PulumiGraph.of(context -> context.config().require("region"))
                    .project("store")
                    .capture())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("store:region");
  }

  @Test
  void twoResourcesOfOneNameAreRefused() {
    assertThatThrownBy(
            () ->
                PulumiGraph.of(
                        context -> {
                          for (int i = 0; i < 2; i++) {
                            new Volume(
                                "v",
                                new VolumeArgs(Output.of(1), null),
                                CustomResourceOptions.Empty);
                          }
                        })
                    .capture())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("two resources have the URN");
  }

  @Test
  void whatOtherStacksGiveOutIsGivenToIt() {
    Consumer<Context> program =
        context -> context.export("network", new StackReference("acme/net/dev").output("id"));

    Model model =
        PulumiGraph.of(program)
            .output("pulumi:pulumi:StackReference", "outputs", Map.of("id", "net-1"))
            .capture();

    assertThat(model.outputs().get(0).value().asText()).hasValue("net-1");
    assertThat(TagReach.of(model).resources()).isEmpty();
    assertThatThrownBy(() -> PulumiGraph.of(program).capture())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the existing pulumi:pulumi:StackReference")
        .hasMessageContaining("output(\"pulumi:pulumi:StackReference\", name, value)");
  }

  @Test
  void aFunctionGivesWhatItIsTold() {
    Consumer<Context> program =
        context ->
            context.export(
                "zone",
                Deployment.getInstance()
                    .invoke(
                        "shop:index:getZone",
                        TypeShape.map(String.class, String.class),
                        InvokeArgs.Empty)
                    .applyValue(result -> result.get("name")));

    Model model =
        PulumiGraph.of(program).function("shop:index:getZone", Map.of("name", "eu-1")).capture();

    assertThat(model.outputs().get(0).value().asText()).hasValue("eu-1");
    assertThatThrownBy(() -> PulumiGraph.of(program).capture())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the function shop:index:getZone");
  }

  @Test
  void optionsOfResourcesAreKept() {
    Model model =
        PulumiGraph.of(
                context ->
                    new Volume(
                        "v",
                        new VolumeArgs(Output.of(1), Output.of("x")),
                        CustomResourceOptions.builder()
                            .protect(true)
                            .retainOnDelete(true)
                            .ignoreChanges("sizeGb")
                            .additionalSecretOutputs("password")
                            .aliases(Alias.builder().name("old").build())
                            .customTimeouts(
                                CustomTimeouts.builder().create(Duration.ofMinutes(5)).build())
                            .build()))
            .capture();

    Resource volume = only(model, "shop:index:Volume");
    assertThat(volume.attribute("protect").asBoolean()).hasValue(true);
    assertThat(volume.attribute("retainOnDelete").asBoolean()).hasValue(true);
    assertThat(volume.attribute("ignoreChanges").toJson()).isEqualTo("[\"sizeGb\"]");
    assertThat(volume.attribute("aliases").toJson()).contains("old");
    assertThat(volume.attribute("customTimeouts").entry("create").asText()).isPresent();
    assertThat(volume.property("password")).isEqualTo(new Value.Secret());
    assertThat(volume.attribute("outputs").entry("password")).isEqualTo(new Value.Secret());
  }

  @Test
  void aProviderOfItsOwnIsInTheSnapshot() {
    PulumiGraph graph =
        PulumiGraph.of(
            context ->
                new Volume(
                    "v",
                    new VolumeArgs(Output.of(1), Output.of("x")),
                    CustomResourceOptions.builder()
                        .provider(new ProviderResource("shop", "far", ResourceArgs.Empty, null) {})
                        .build()));

    assertThat(text(graph.capture()))
        .contains("\"provider\" : \"urn:pulumi:test::project::pulumi:providers:shop::far\"");
  }

  @Test
  void componentsOfOtherLanguagesAreRefused() {
    assertThatThrownBy(
            () ->
                PulumiGraph.of(
                        context ->
                            new ComponentResource(
                                "other:index:Thing", "t", ComponentResourceOptions.Empty, true) {})
                    .capture())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the packaged component other:index:Thing");
  }

  @Test
  void theEngineListensOnThisMachineOnlyAndEnds() {
    FakeEngine.World world = new FakeEngine.World("p", "s", false, Map.of(), Map.of());
    FakeEngine engine = new FakeEngine(world);
    String[] address = engine.address().split(":", -1);
    engine.close();

    assertThat(address[0]).isEqualTo("127.0.0.1");
    assertThatThrownBy(() -> new Socket(address[0], Integer.parseInt(address[1])).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void runsManyTimesInOneJvmAndSideBySide() throws Exception {
    String first = text(graph(program(LABELS)).capture());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<String>> runs = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        runs.add(threads.submit(() -> text(graph(program(LABELS)).capture())));
      }
      for (Future<String> run : runs) {
        assertThat(run.get()).isEqualTo(first);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String text(Model model) {
    return Snapshots.text(model, model.stacks().get(0));
  }
}
