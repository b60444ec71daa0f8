package dev.mlinfra.provider.runpod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pulumirpc.Provider.CheckRequest;
import pulumirpc.Provider.CheckResponse;

/** Every rule over inputs, with its message. */
class CheckTest {
  private static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  private static final String QUEUE =
      "\"image\": \"i\", \"gpu\": {\"pools\": [\"ADA_24\"]}, \"scaling\": {\"type\": \"QUEUE_DELAY\", \"queueDelay\": 4}";
  private static final String POD = "\"image\": \"i\", \"gpu\": {\"ids\": [\"NVIDIA L4\"]}";

  private final RunPodProvider provider =
      new RunPodProvider(Optional.empty(), address -> EngineLog.silent(), Map.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          NetworkVolume      | {"size": 9, "dataCenter": "EU-RO-1"}                 | size | is 9; it must be 10 to 4096 GB
          NetworkVolume      | {"size": 4097, "dataCenter": "EU-RO-1"}              | size | is 4097; it must be 10 to 4096 GB
          NetworkVolume      | {"size": 10.5, "dataCenter": "EU-RO-1"}              | size | is 10.5; it must be a whole number
          NetworkVolume      | {"size": "big", "dataCenter": "EU-RO-1"}             | size | is "big"; it must be a whole number
          NetworkVolume      | {"dataCenter": "EU-RO-1"}                            | size | is missing; size is required
          NetworkVolume      | {"size": 10}                                         | dataCenter | is missing; dataCenter is required
          NetworkVolume      | {"size": 10, "dataCenter": " "}                      | dataCenter | is empty; leave it out or give it a value
          NetworkVolume      | {"size": 10, "dataCenter": "EU-RO-1", "name": ""}    | name | is empty; leave it out or give it a value
          NetworkVolume      | {"size": 10, "dataCenter": "EU-RO-1", "type": "FAST"} | type | is "FAST"; it must be one of STANDARD, HIGH_PERFORMANCE
          NetworkVolume      | {"size": 10, "dataCenter": "EU-RO-1", "region": "x"} | region | is not known; there are: name, size, dataCenter, type
          NetworkVolume      | {"size": 10, "dataCenter": 5}                        | dataCenter | is 5; it must be a text
          RegistryCredential | {"username": "", "password": "p"}                    | username | is empty; leave it out or give it a value
          RegistryCredential | {"username": "u", "password": ""}                    | password | is empty; leave it out or give it a value
          RegistryCredential | {"username": "u"}                                    | password | is missing; password is required
          Secret             | {"value": ""}                                        | value | is empty; leave it out or give it a value
          Secret             | {"value": "v", "name": "1x"}                         | name | is "1x"; it must begin with a letter or _, go on with letters, digits and _ . - /, have at most 191 of them, and not begin with RUNPOD
          Secret             | {"value": "v", "name": "Runpod_x"}                   | name | is "Runpod_x"; it must begin with a letter or _, go on with letters, digits and _ . - /, have at most 191 of them, and not begin with RUNPOD
          Template           | {"image": " "}                                       | image | is empty; leave it out or give it a value
          Template           | {}                                                   | image | is missing; image is required
          Template           | {"image": "i", "disk": 0}                            | disk | is 0; it must be at least 1
          Template           | {"image": "i", "ports": ["80"]}                      | ports[0] | is "80"; a port is written like 8888/http, 22/tcp or 53/udp
          Template           | {"image": "i", "ports": ["22/tcp", "65536/http"]}    | ports[1] | is "65536/http"; a port is written like 8888/http, 22/tcp or 53/udp
          Template           | {"image": "i", "ports": "22/tcp"}                    | ports | is "22/tcp"; it must be a list
          Template           | {"image": "i", "env": ["A=1"]}                       | env | is ["A=1"]; it must be an object
          Template           | {"image": "i", "env": {"A": 1}}                      | env.A | is 1; it must be a text
          Template           | {"image": "i", "env": {"MLINFRA_OWNER": "me"}}       | env.MLINFRA_OWNER | begins with MLINFRA_, which marks what mlinfra made; rename it
          Template           | {"image": "i", "public": "yes"}                      | public | is "yes"; it must be true or false
          Template           | {"image": "i", "category": "GPU"}                    | category | is "GPU"; it must be one of NVIDIA, AMD, CPU
          Template           | {"image": "i", "mounts": {"persistent": {"size": 9, "path": "/w"}}} | mounts.persistent.size | is 9; it must be at least 10
          Template           | {"image": "i", "mounts": {"persistent": {"size": 10}}} | mounts.persistent.path | is missing; path is required
          Template           | {"image": "i", "mounts": {"network": {}}}            | mounts.network | is not known; there are: persistent
          Template           | {"image": "i", "allowedCudaVersions": ["12"]}        | allowedCudaVersions[0] | is "12"; a CUDA version is written like 12.4
          """)
  void tells(String type, String inputs, String property, String reason) {
    assertThat(failures(type, inputs)).containsExactly(property + ": " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "type": "STREAM"                                     | type | is "STREAM"; it must be one of QUEUE, LOAD_BALANCER
          "flashboot": "ON"                                    | flashboot | is "ON"; it must be one of OFF, FLASHBOOT, PRIORITY_FLASHBOOT
          "timeout": 0                                         | timeout | is 0; it must be 5000 to 604800000 ms
          "workers": {"min": -1}                               | workers.min | is -1; it must be at least 0
          "workers": {"max": -1, "min": -1}                    | workers.min | is -1; it must be at least 0
          "workers": {"min": 4}                                | workers.min | is 4; it must not exceed workers.max, 3
          "workers": {"idleTimeout": 3601}                     | workers.idleTimeout | is 3601; it must be 1 to 3600 s
          "workers": {"idle": 5}                               | workers.idle | is not known; there are: min, max, idleTimeout
          "gpu": {"pools": []}                                 | gpu.pools | is empty; leave it out or give it a value
          "gpu": {"pools": ["ADA_24"], "count": 0}             | gpu.count | is 0; it must be at least 1
          "gpu": {"pools": ["ADA_24"], "minCudaVersion": "12.4", "allowedCudaVersions": ["12.4"]} | gpu.allowedCudaVersions | excludes gpu.minCudaVersion; leave one of them out
          "gpu": {"pools": ["ADA_24"], "minCudaVersion": "12"} | gpu.minCudaVersion | is "12"; a CUDA version is written like 12.4
          "cpu": [{"id": "cpu3c", "vcpuCount": 2}]             | cpu | excludes gpu; leave one of them out
          "networkVolumes": ["a", "a"]                         | networkVolumes | names a volume twice; each data center has at most one
          "scaling": {"type": "FAST"}                          | scaling.type | is "FAST"; it must be one of QUEUE_DELAY, REQUEST_COUNT
          "scaling": {"type": "QUEUE_DELAY"}                   | scaling.queueDelay | is missing; QUEUE_DELAY needs it, in seconds
          "scaling": {"type": "QUEUE_DELAY", "queueDelay": 0.1} | scaling.queueDelay | is 0.1; it must be at least 0.5
          "scaling": {"type": "QUEUE_DELAY", "queueDelay": 4, "requestCount": 1} | scaling.requestCount | is only for REQUEST_COUNT; leave it out
          "scaling": {"type": "REQUEST_COUNT"}                 | scaling.requestCount | is missing; REQUEST_COUNT needs it
          "scaling": {"type": "REQUEST_COUNT", "requestCount": 0} | scaling.requestCount | is 0; it must be at least 1
          "scaling": {"type": "REQUEST_COUNT", "requestCount": 1, "queueDelay": 4} | scaling.queueDelay | is only for QUEUE_DELAY; leave it out
          "type": "LOAD_BALANCER"                              | scaling.type | is QUEUE_DELAY; a load balancer scales by REQUEST_COUNT
          "scaling": {"type": "REQUEST_COUNT", "requestCount": 1}, "workers": {"idleTimeout": 5} | workers.idleTimeout | is not possible on a queue that scales by REQUEST_COUNT; leave it out
          """)
  void tellsOfEndpoints(String more, String property, String reason) {
    assertThat(failures("Endpoint", "{" + QUEUE + ", " + more + "}"))
        .contains(property + ": " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "gpu": {"ids": []}                                   | gpu.ids | is empty; leave it out or give it a value
          "gpu": {"ids": ["NVIDIA L4"], "count": 0}            | gpu.count | is 0; it must be at least 1
          "gpu": {"ids": ["x"], "minCudaVersion": "12.4", "allowedCudaVersions": ["12.4"]} | gpu.allowedCudaVersions | excludes gpu.minCudaVersion; leave one of them out
          "gpu": {"ids": ["x"], "allowedCudaVersions": ["12.4", "x"]} | gpu.allowedCudaVersions[1] | is "x"; a CUDA version is written like 12.4
          "gpu": {"count": 1}                                  | gpu.ids | is missing; ids is required
          "cpu": {"id": "cpu3c", "vcpuCount": 2}               | cpu | excludes gpu; leave one of them out
          "cloud": "ALL"                                       | cloud | is "ALL"; it must be one of SECURE, COMMUNITY
          "disk": 0                                            | disk | is 0; it must be at least 1
          "env": {"MLINFRA_X": "1"}                            | env.MLINFRA_X | begins with MLINFRA_, which marks what mlinfra made; rename it
          "registry": ""                                       | registry | is empty; leave it out or give it a value
          "templateId": ""                                     | templateId | is empty; leave it out or give it a value
          "mounts": {"persistent": {"size": 9, "path": "/w"}}  | mounts.persistent.size | is 9; it must be at least 10
          "mounts": {"persistent": {"size": 10, "path": ""}}   | mounts.persistent.path | is empty; leave it out or give it a value
          "mounts": {"persistent": {"size": 10, "path": "/w"}, "network": {"volumeId": "v", "path": "/w"}} | mounts.network | excludes mounts.persistent; leave one of them out
          "mounts": {"network": {"volumeId": "", "path": "/w"}} | mounts.network.volumeId | is empty; leave it out or give it a value
          "mounts": {"network": {"volumeId": "v", "path": ""}} | mounts.network.path | is empty; leave it out or give it a value
          "cloud": "COMMUNITY", "mounts": {"network": {"volumeId": "v", "path": "/w"}} | mounts.network | is not possible in the COMMUNITY cloud; set cloud to SECURE
          "interruptible": true                                | interruptible | is not possible: REST v2 has no spot or interruptible pods; leave it out, or use an Endpoint with workers.min 0
          "spot": true                                         | spot | is not possible: REST v2 has no spot or interruptible pods; leave it out, or use an Endpoint with workers.min 0
          "bidPerGpu": 0.2                                     | bidPerGpu | is not possible: REST v2 has no spot or interruptible pods; leave it out, or use an Endpoint with workers.min 0
          "terminateAfter": "2026-01-01"                       | terminateAfter | is not possible: REST v2 has no timers; let the container end the pod, or run the reaper
          "stopAfter": "2026-01-01"                            | stopAfter | is not possible: REST v2 has no timers; let the container end the pod, or run the reaper
          "minDownload": 100                                   | minDownload | is not possible: REST v2 cannot choose machines by bandwidth; leave it out
          "minUpload": 100                                     | minUpload | is not possible: REST v2 cannot choose machines by bandwidth; leave it out
          """)
  void tellsOfPods(String more, String property, String reason) {
    assertThat(failures("Pod", "{" + POD + ", " + more + "}")).contains(property + ": " + reason);
  }

  @Test
  void podsNeedAMachineAndAnImage() {
    assertThat(failures("Pod", "{}"))
        .containsExactly(
            "image: is missing; either image or templateId is required",
            "gpu: is missing; either gpu or cpu is required");
    assertThat(
            failures("Pod", "{\"image\": \"i\", \"cpu\": {\"id\": \"cpu3c\", \"vcpuCount\": 3}}"))
        .containsExactly("cpu.vcpuCount: is 3; it must be a power of two, at least 2");
    assertThat(
            failures(
                "Pod",
                "{\"image\": \"i\", \"cpu\": {\"id\": \"cpu3c\", \"vcpuCount\": 2},"
                    + " \"mounts\": {\"persistent\": {\"size\": 10, \"path\": \"/w\"}}}"))
        .containsExactly("mounts.persistent: is not possible with cpu; use mounts.network");
  }

  @Test
  void endpointsNeedAMachineAndAnImage() {
    assertThat(
            failures(
                "Endpoint", "{\"scaling\": {\"type\": \"REQUEST_COUNT\", \"requestCount\": 1}}"))
        .containsExactly(
            "image: is missing; either image or templateId is required",
            "gpu: is missing; either gpu or cpu is required");
    assertThat(failures("Endpoint", "{\"image\": \"i\", \"gpu\": {\"pools\": [\"ADA_24\"]}}"))
        .containsExactly("scaling: is missing; scaling is required");
    assertThat(
            failures(
                "Endpoint",
                "{\"image\": \"i\", \"cpu\": [], \"scaling\": {\"type\": \"REQUEST_COUNT\", \"requestCount\": 1}}"))
        .containsExactly("cpu: is empty; leave it out or give it a value");
  }

  @Test
  void largeSecretsAreTooLarge() {
    assertThat(failures("Secret", "{\"value\": \"" + "x".repeat(16 * 1024 * 1024) + "\"}"))
        .containsExactly("value: has 16777216 bytes; it must have fewer than 16777216");
    assertThat(
            failures(
                "Secret", "{\"value\": \"v\", \"description\": \"" + "x".repeat(65_536) + "\"}"))
        .containsExactly("description: has 65536 bytes; it may have 65535");
  }

  @Test
  void tellsAllThatIsWrong() {
    assertThat(failures("NetworkVolume", "{\"size\": 1, \"dataCenter\": \"\", \"type\": \"x\"}"))
        .hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Pod|{\"image\": \"?\", \"gpu\": {\"ids\": [\"?\"], \"count\": \"?\"}, \"mounts\": \"?\", \"ports\": [\"?\"]}",
        "Pod|{\"templateId\": \"?\", \"gpu\": \"?\", \"env\": \"?\", \"cloud\": \"?\","
            + " \"mounts\": {\"network\": {\"volumeId\": \"?\", \"path\": \"/w\"}}}",
        "Endpoint|{\"image\": \"?\", \"gpu\": \"?\", \"scaling\": \"?\", \"workers\": \"?\"}",
        "Endpoint|{\"image\": \"?\", \"gpu\": {\"pools\": \"?\"}, \"scaling\": {\"type\": \"?\"},"
            + " \"workers\": {\"min\": \"?\", \"idleTimeout\": 5}, \"networkVolumes\": [\"?\", \"?\"]}",
        "NetworkVolume|{\"size\": \"?\", \"dataCenter\": \"?\", \"name\": \"?\"}",
        "Secret|{\"name\": \"?\", \"value\": \"?\"}",
        "RegistryCredential|{\"username\": \"?\", \"password\": \"?\"}",
        "Template|{\"image\": \"?\", \"allowedCudaVersions\": [\"?\"], \"disk\": \"?\"}"
      })
  void whatIsNotKnownYetIsNotWrong(String given) {
    String[] parts = given.split("\\|", 2);
    assertThat(failures(parts[0], parts[1].replace("?", UNKNOWN))).isEmpty();
  }

  @Test
  void fillsInDefaults() {
    assertThat(checked("Endpoint", "{" + QUEUE + "}"))
        .containsEntry("type", "QUEUE")
        .containsEntry("timeout", 300_000.0)
        .containsEntry("flashboot", "OFF")
        .containsEntry("workers", Map.of("min", 0.0, "max", 3.0, "idleTimeout", 10.0));
    assertThat(
            checked(
                "Endpoint",
                "{"
                    + QUEUE.replace(
                        "\"QUEUE_DELAY\", \"queueDelay\": 4",
                        "\"REQUEST_COUNT\", \"requestCount\": 4")
                    + "}"))
        .containsEntry("workers", Map.of("min", 0.0, "max", 3.0));
    assertThat(checked("Pod", "{" + POD + "}"))
        .containsEntry("cloud", "SECURE")
        .containsEntry("startSsh", false)
        .containsEntry("gpu", Map.of("ids", List.of("NVIDIA L4"), "count", 1.0));
    assertThat(checked("NetworkVolume", "{\"size\": 10, \"dataCenter\": \"EU-RO-1\"}"))
        .containsEntry("type", "STANDARD");
  }

  @Test
  void namesWhatHasNoName() {
    Object name =
        checked("NetworkVolume", "{\"size\": 10, \"dataCenter\": \"EU-RO-1\"}").get("name");
    assertThat(name).asString().matches("one-[0-9a-f]{8}");
    assertThat(checked("NetworkVolume", "{\"size\": 99, \"dataCenter\": \"EU-CZ-1\"}"))
        .containsEntry("name", name);
  }

  @Test
  void passwordsAndValuesAreSecretWhateverIsGiven() {
    assertThat(
            response("RegistryCredential", "{\"username\": \"u\", \"password\": \"p\"}")
                .getInputs())
        .satisfies(
            inputs ->
                assertThat(Values.read(inputs).get("password")).isEqualTo(new Values.Secret("p")));
    assertThat(Values.read(response("Secret", "{\"value\": \"v\"}").getInputs()).get("value"))
        .isEqualTo(new Values.Secret("v"));
  }

  @Test
  void messagesDoNotShowSecrets() {
    CheckRequest request =
        CheckRequest.newBuilder()
            .setUrn(SmallEngine.urn("NetworkVolume", "one"))
            .setNews(
                Values.write(
                    Map.of(
                        "size", new Values.Secret("HIDDEN"), "dataCenter", new Values.Secret(5.0))))
            .build();
    assertThat(SmallEngine.call(provider::check, request).getFailuresList().toString())
        .doesNotContain("HIDDEN");
  }

  @Test
  void resourcesThatDoNotExist() {
    CheckRequest request =
        CheckRequest.newBuilder().setUrn(SmallEngine.urn("Cluster", "one")).build();
    assertThatThrownBy(() -> SmallEngine.call(provider::check, request))
        .hasMessageContaining("there is no resource 'mlinfra-runpod:index:Cluster'")
        .hasMessageContaining("NetworkVolume");
  }

  private List<String> failures(String type, String inputs) {
    return response(type, inputs).getFailuresList().stream()
        .map(failure -> failure.getProperty() + ": " + failure.getReason())
        .toList();
  }

  private Map<String, Object> checked(String type, String inputs) {
    CheckResponse response = response(type, inputs);
    assertThat(response.getFailuresList()).isEmpty();
    return Values.plain(Values.read(response.getInputs()));
  }

  private CheckResponse response(String type, String inputs) {
    return SmallEngine.call(
        provider::check,
        CheckRequest.newBuilder()
            .setUrn(SmallEngine.urn(type, "one"))
            .setNews(Values.write(Values.map(Values.fromJson(JsonParser.parseString(inputs)))))
            .build());
  }
}
