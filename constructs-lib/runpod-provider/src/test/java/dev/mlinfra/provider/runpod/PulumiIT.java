package dev.mlinfra.provider.runpod;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.mlinfra.local.runpod.Fault;
import dev.mlinfra.local.runpod.RecordedCall;
import dev.mlinfra.local.runpod.RunPodEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All resources through the real engine, with a state in files, against the emulator. */
class PulumiIT {
  private static final List<String> RESOURCES =
      List.of("pods", "serverless", "templates", "network-volumes", "registries", "secrets");
  private static final List<String> NAMES =
      List.of("data", "ghcr", "token", "base", "predict", "train");
  private static final List<String> HIDDEN =
      List.of(
          "PASSWORDINTHEREGISTRY",
          "VALUEOFTHESECRET",
          "SECRETINTHETEMPLATE",
          "SECRETINTHEENDPOINT",
          "SECRETINTHEPOD",
          PulumiProject.KEY);

  private static final String EVERYTHING =
      """
      {"resources": [
        {"type": "NetworkVolume", "name": "data", "inputs": {"name": "datasets", "size": 100, "dataCenter": "EU-RO-1"}},
        {"type": "RegistryCredential", "name": "ghcr",
         "inputs": {"username": "robot", "password": {"secret": "PASSWORDINTHEREGISTRY"}}},
        {"type": "Secret", "name": "token",
         "inputs": {"value": {"secret": "VALUEOFTHESECRET"}, "description": "for downloads"}},
        {"type": "Template", "name": "base",
         "inputs": {"image": "busybox:1", "registry": "${ghcr.id}",
                    "env": {"PLAIN": "seen", "HIDDEN": {"secret": "SECRETINTHETEMPLATE"}}}},
        {"type": "Endpoint", "name": "predict",
         "inputs": {"image": "worker:1", "scaling": {"type": "REQUEST_COUNT", "requestCount": 4},
                    "type": "QUEUE", "gpu": {"pools": ["AMPERE_48"]}, "networkVolumes": ["${data.id}"],
                    "env": {"TOKEN": "${token.reference}", "HIDDEN": {"secret": "SECRETINTHEENDPOINT"}}}},
        {"type": "Pod", "name": "train",
         "inputs": {"templateId": "${base.id}", "gpu": {"ids": ["NVIDIA L4", "NVIDIA A40"], "count": 1},
                    "dataCenterIds": ["EU-RO-1", "EU-CZ-1"],
                    "mounts": {"network": {"volumeId": "${data.id}", "path": "/workspace"}},
                    "env": {"HIDDEN": {"secret": "SECRETINTHEPOD"}}}}
      ],
      "invoke": [
        {"function": "getGpuTypes", "args": {"product": "POD"}},
        {"function": "getCpuTypes", "args": {}},
        {"function": "getDataCenters", "args": {"gpuAvailability": true}}
      ]}
      """;

  @TempDir Path folder;
  private RunPodEmulator emulator;
  private PulumiProject project;

  @BeforeEach
  void start() throws Exception {
    emulator = RunPodEmulator.start();
    project = new PulumiProject(folder, emulator.baseUrl());
  }

  @AfterEach
  void stop() {
    emulator.close();
    assertThat(emulator.brokenAnswers()).isEmpty();
  }

  @Test
  void theWholeLifeOfEveryResource() throws Exception {
    project.program(EVERYTHING);
    assertThat(project.steps()).isEqualTo(each("create"));
    assertThat(emulator.calls()).extracting(RecordedCall::method).containsOnly("GET");
    project.up().succeeded();
    assertKnown();
    assertThat(project.steps("--expect-no-changes")).isEmpty();
    assertThat(project.refresh("--expect-no-changes").succeeded().output()).contains("7 unchanged");
    String outputs = project.pulumi("stack", "output", "--json").succeeded().output();
    assertThat(outputs).contains("\"securePrice\": 0.39", "\"cpu3c\"", "\"availableGpus\"");

    Map<String, String> ids = ids();
    String changed =
        EVERYTHING
            .replace("\"size\": 100", "\"size\": 200")
            .replace("VALUEOFTHESECRET", "VALUEOFTHESECRET2")
            .replace("busybox:1", "busybox:2")
            .replace("worker:1", "worker:2")
            .replace("SECRETINTHEPOD", "SECRETINTHEPOD2");
    project.program(changed);
    assertThat(project.steps())
        .isEqualTo(
            Map.of(
                "data", "update", "token", "update", "base", "update", "predict", "update", "train",
                "update"));
    project.up().succeeded();
    assertThat(ids()).isEqualTo(ids);
    assertThat(emulator.secretValue(ids.get("token"))).isEqualTo("VALUEOFTHESECRET2");
    assertThat(emulator.stored("network-volumes").get(ids.get("data"))).contains("\"size\":200");
    assertThat(project.steps("--expect-no-changes")).isEmpty();

    // What was changed and taken away outside shows in a refresh, and is mended.
    emulator.changeOutside("templates", ids.get("base"), "{\"image\": \"other\"}");
    emulator.changeOutside("serverless", ids.get("predict"), "{\"workers\": {\"max\": 1}}");
    emulator.changeOutside("pods", ids.get("train"), "{\"locked\": true}");
    emulator.changeOutside("secrets", ids.get("token"), "{\"description\": \"other\"}");
    emulator.changeOutside("network-volumes", ids.get("data"), "{\"name\": \"other\"}");
    assertThat(
            project
                .pulumi("refresh", "--preview-only", "--non-interactive", "--expect-no-changes")
                .exit())
        .isNotZero();
    project.refresh().succeeded();
    assertThat(project.steps())
        .isEqualTo(
            Map.of(
                "data", "update", "token", "update", "base", "update", "predict", "update", "train",
                "update"));
    project.up().succeeded();
    assertThat(ids()).isEqualTo(ids);
    assertThat(emulator.stored("templates").get(ids.get("base")))
        .contains("\"image\":\"busybox:2\"");
    emulator.removeOutside("serverless", ids.get("predict"));
    project.refresh().succeeded();
    assertThat(project.steps()).isEqualTo(Map.of("predict", "create"));
    project.up().succeeded();
    assertKnown();

    for (String hidden : HIDDEN) {
      assertThat(project.fileWith(hidden)).as(hidden).isEmpty();
    }
    project.destroy().succeeded();
    assertThat(stored()).isEmpty();
    assertThat(emulator.spentOnPods()).isNotEmpty();
  }

  @Test
  void everyReplacement() throws Exception {
    project.program(EVERYTHING);
    project.up().succeeded();
    Map<String, String> ids = ids();
    // The volume in another data center takes the pod along; the rest by a property each.
    project.program(
        EVERYTHING
            .replace("\"dataCenter\": \"EU-RO-1\"", "\"dataCenter\": \"EU-CZ-1\"")
            .replace("\"robot\"", "\"robot2\"")
            .replace("\"description\"", "\"name\": \"other\", \"description\"")
            .replace("\"QUEUE\"", "\"LOAD_BALANCER\""));
    Map<String, String> steps = project.steps();
    for (String name : List.of("data", "ghcr", "token", "predict", "train")) {
      assertThat(steps.get(name)).as(name).contains("replace");
    }
    project.up().succeeded();
    assertKnown();
    Map<String, String> now = ids();
    for (String name : List.of("data", "ghcr", "token", "predict", "train")) {
      assertThat(now.get(name)).as(name).isNotEqualTo(ids.get(name));
    }
    assertThat(now.get("base")).isEqualTo(ids.get("base"));
    assertThat(project.steps("--expect-no-changes")).isEmpty();

    // A pod on the same volume: the old one goes first.
    emulator.forgetCalls();
    project.program(
        EVERYTHING
            .replace("\"dataCenter\": \"EU-RO-1\"", "\"dataCenter\": \"EU-CZ-1\"")
            .replace("\"robot\"", "\"robot2\"")
            .replace("\"description\"", "\"name\": \"other\", \"description\"")
            .replace("\"QUEUE\"", "\"LOAD_BALANCER\"")
            .replace("\"count\": 1", "\"count\": 2"));
    project.up().succeeded();
    assertThat(emulator.calls().stream().filter(call -> call.resource().equals("pods")))
        .extracting(RecordedCall::operation)
        .containsSubsequence("delete", "create");
    assertKnown();

    // Nothing has to differ to replace what the user names.
    String before = project.id("predict");
    assertThat(project.up("--target-replace", "**Endpoint::predict").succeeded().output())
        .contains(before + " stays");
    assertThat(project.id("predict")).isEqualTo(before);
    assertKnown();
    project.pulumi("config", "set", "mlinfra-runpod:takeOver", "false").succeeded();
    project.up("--target-replace", "**Endpoint::predict").succeeded();
    assertThat(project.id("predict")).isNotEqualTo(before);
    assertKnown();

    String shrunk =
        Files.readString(folder.resolve("program.json")).replace("\"size\": 100", "\"size\": 50");
    project.program(shrunk);
    assertThat(project.preview().failed().output())
        .contains("has 100 GB and cannot shrink to 50 GB");
    project.destroy().succeeded();
    assertThat(stored()).isEmpty();
  }

  @Test
  void everyImport() throws Exception {
    String volume =
        emulator.createOutside(
            "network-volumes", "{\"name\": \"v\", \"size\": 100, \"dataCenter\": \"EU-RO-1\"}");
    String registry =
        emulator.createOutside(
            "registries", "{\"name\": \"r\", \"username\": \"u\", \"password\": \"p\"}");
    String secret = emulator.createOutside("secrets", "{\"name\": \"s\", \"value\": \"v\"}");
    String template =
        emulator.createOutside(
            "templates",
            "{\"name\": \"t\", \"image\": \"i\", \"env\": {\"A\": \"IMPORTEDENVIRONMENT\"}, \"startSsh\": false, \"startJupyter\": false}");
    String endpoint =
        emulator.createOutside(
            "serverless",
            "{\"name\": \"e\", \"image\": \"i\", \"type\": \"QUEUE\", \"gpu\": {\"pools\": [\"ADA_24\"]},"
                + " \"timeout\": 300000, \"scaling\": {\"type\": \"QUEUE_DELAY\", \"queueDelay\": 4}}");
    String pod =
        emulator.createOutside(
            "pods", "{\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\"}}");
    project.program("{\"resources\": []}");
    project.up().succeeded();
    importOne("NetworkVolume", "data", volume);
    importOne("RegistryCredential", "ghcr", registry);
    importOne("Secret", "token", secret);
    importOne("Template", "base", template);
    importOne("Endpoint", "predict", endpoint);
    importOne("Pod", "train", pod);
    assertThat(project.fileWith("IMPORTEDENVIRONMENT")).isEmpty();
    String program =
        """
        {"resources": [
          {"type": "NetworkVolume", "name": "data", "inputs": {"size": 100, "dataCenter": "EU-RO-1"}},
          {"type": "RegistryCredential", "name": "ghcr", "inputs": {"username": "u", "password": "p"}},
          {"type": "Secret", "name": "token", "inputs": {"value": "w"}},
          {"type": "Template", "name": "base", "inputs": {"image": "i", "env": {"A": "IMPORTEDENVIRONMENT"}}},
          {"type": "Endpoint", "name": "predict", "inputs": {"image": "i", "gpu": {"pools": ["ADA_24"]},
             "scaling": {"type": "QUEUE_DELAY", "queueDelay": 4}}},
          {"type": "Pod", "name": "train", "inputs": {"image": "i", "gpu": {"ids": ["NVIDIA L4"]}}}
        ]}
        """;
    project.program(program);
    project.pulumi("state", "unprotect", "--all", "--yes").succeeded();
    assertThat(project.steps().values()).allMatch("update"::equals);
    project.up().succeeded();
    assertThat(ids())
        .isEqualTo(
            Map.of(
                "data", volume, "ghcr", registry, "token", secret, "base", template, "predict",
                endpoint, "train", pod));
    assertThat(project.steps("--expect-no-changes")).isEmpty();
    assertThat(emulator.secretValue(secret)).isEqualTo("w");
    assertThat(
            project
                .pulumi(
                    "import",
                    PackageSchema.token("Pod"),
                    "gone",
                    "nothing",
                    "--yes",
                    "--generate-code=false")
                .failed()
                .output())
        .contains("nothing");
    project.destroy().succeeded();
    assertThat(stored()).isEmpty();
  }

  @Test
  void nothingSecretShowsAnywhere() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<String> arguments = new ArrayList<>();
    Thread watcher = new Thread(() -> watch(done, arguments));
    watcher.start();
    project.program(EVERYTHING);
    emulator.inject(new Fault("registries", "create", 1, Fault.Kind.UNPROCESSABLE));
    String output = project.up("--logtostderr", "-v=9").failed().output();
    output += project.up("--logtostderr", "-v=9").succeeded().output();
    output += project.refresh().succeeded().output();
    output += project.pulumi("stack", "export").output();
    project
        .pulumi("config", "set", "--secret", "mlinfra-runpod:apiKey", "rpa_CONFIGUREDKEY")
        .succeeded();
    output += project.preview().succeeded().output();
    done.set(true);
    watcher.join();
    String engineLog = output;
    for (String hidden : HIDDEN) {
      assertThat(project.fileWith(hidden)).as(hidden).isEmpty();
      assertThat(arguments).as(hidden).noneMatch(line -> line.contains(hidden));
    }
    assertThat(engineLog).doesNotContain(PulumiProject.KEY, "rpa_CONFIGUREDKEY");
    assertThat(arguments).anyMatch(line -> line.contains("mlinfra-runpod-provider.jar"));
    assertThat(project.fileWith("rpa_CONFIGUREDKEY")).isEmpty();
  }

  @Test
  void lostAnswersAndPartialFailuresConverge() throws Exception {
    project.set("JAVA_TOOL_OPTIONS", "");
    project.program(EVERYTHING);
    for (String resource : RESOURCES) {
      emulator.inject(new Fault(resource, "create", 1, Fault.Kind.LOST_ANSWER));
    }
    String output = project.up().succeeded().output();
    assertThat(output).contains("taking over pod", "after a lost answer");
    assertKnown();
    project.destroy().succeeded();
    emulator.forgetCalls();
    emulator.breakImage("busybox:1");
    assertThat(project.up().failed().output()).contains("exists, but its status is ERROR");
    assertKnown();
    project.program(
        EVERYTHING.replace("\"templateId\"", "\"image\": \"busybox:2\", \"templateId\""));
    project.up().succeeded();
    assertKnown();
    project.destroy().succeeded();
    assertThat(stored()).isEmpty();
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    project.set("RUNPOD_API_KEY", "");
    project.program(
        EVERYTHING
            .substring(0, EVERYTHING.indexOf("\"invoke\""))
            .stripTrailing()
            .replaceAll(",$", "}"));
    project.preview().succeeded();
    assertThat(project.up().failed().output())
        .contains(
            "no API key; set RUNPOD_API_KEY, or: pulumi config set --secret mlinfra-runpod:apiKey");
    project.set("RUNPOD_BASE_URL", "http://api.example.org/v2");
    assertThat(project.preview().failed().output()).contains("must begin with https://");
    project.set("RUNPOD_BASE_URL", emulator.baseUrl());
    project.program(EVERYTHING.replace("\"size\": 100", "\"size\": 5"));
    assertThat(project.preview().failed().output())
        .contains("size", "is 5; it must be 10 to 4096 GB");
    project.pulumi("config", "set", "mlinfra-runpod:retryAttempts", "never").succeeded();
    assertThat(project.preview().failed().output()).contains("retryAttempts");
  }

  /** The committed bindings are those that the command line makes from the schema, to the byte. */
  @Test
  void theBindingsAreThoseOfTheSchema() throws Exception {
    Path schema = folder.resolve("schema.json");
    Files.writeString(schema, PackageSchema.get().text());
    project
        .pulumi(
            "package",
            "gen-sdk",
            schema.toString(),
            "--language",
            "java",
            "--out",
            folder.resolve("bindings").toString())
        .succeeded();
    Path module = Path.of(System.getProperty("mlinfra.root"), "constructs-lib/runpod-sdk");
    Path committed = module.resolve("src/generated/java");
    Path generated = folder.resolve("bindings/java/src/main/java");

    assertThat(committed)
        .as("run tools/generate-runpod-sdk")
        .satisfies(it -> assertThat(sources(it)).isEqualTo(sources(generated)));
    assertThat(sources(committed)).hasSizeGreaterThan(30);
    assertThat(module.resolve("src/main/resources/dev/mlinfra/sdk/mlinfra-runpod/version.txt"))
        .hasContent(PackageSchema.get().version());
  }

  private static Map<String, String> sources(Path folder) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sources.put(folder.relativize(file).toString(), Files.readString(file));
      }
    }
    return sources;
  }

  private void importOne(String type, String name, String id) {
    project
        .pulumi(
            "import",
            PackageSchema.token(type),
            name,
            id,
            "--yes",
            "--skip-preview",
            "--generate-code=false",
            "--non-interactive")
        .succeeded();
  }

  private static Map<String, String> each(String step) {
    Map<String, String> steps = new LinkedHashMap<>();
    NAMES.forEach(name -> steps.put(name, step));
    return steps;
  }

  private Map<String, String> ids() {
    Map<String, String> ids = new LinkedHashMap<>();
    for (Map.Entry<String, JsonObject> one : project.state().entrySet()) {
      ids.put(one.getKey(), one.getValue().get("id").getAsString());
    }
    return ids;
  }

  private List<String> stored() {
    return RESOURCES.stream().flatMap(one -> emulator.stored(one).keySet().stream()).toList();
  }

  private void assertKnown() {
    assertThat(stored()).containsExactlyInAnyOrderElementsOf(ids().values());
  }

  /** Collects the arguments of this machine's processes. */
  private static void watch(AtomicBoolean done, List<String> arguments) {
    while (!done.get()) {
      try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
        processes
            .map(process -> Path.of("/proc", Long.toString(process.pid()), "cmdline"))
            .forEach(
                file -> {
                  try {
                    arguments.add(Files.readString(file).replace('\0', ' '));
                  } catch (IOException ended) {
                    // It is over.
                  }
                });
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
