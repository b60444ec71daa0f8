package dev.mlinfra.provider.runpod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.mlinfra.local.runpod.Fault;
import dev.mlinfra.local.runpod.RecordedCall;
import dev.mlinfra.local.runpod.RunPodEmulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the provider does to the account, step by step. */
class LifecycleTest {
  private static final String POD =
      "\"image\": \"i\", \"gpu\": {\"ids\": [\"NVIDIA L4\", \"NVIDIA A40\"]}";
  private static final String QUEUE =
      "\"image\": \"i\", \"gpu\": {\"pools\": [\"ADA_24\"]}, \"scaling\": {\"type\": \"QUEUE_DELAY\", \"queueDelay\": 4}";
  private static final String VOLUME = "\"size\": 100, \"dataCenter\": \"EU-RO-1\"";
  private static final String REGISTRY = "\"username\": \"u\", \"password\": {\"secret\": \"p\"}";
  private static final String SECRET = "\"value\": {\"secret\": \"v\"}";
  private static final String TEMPLATE = "\"image\": \"i\"";

  private RunPodEmulator emulator = RunPodEmulator.start();
  private SmallEngine engine = new SmallEngine(emulator.baseUrl());

  @AfterEach
  void stop() {
    assertThat(emulator.brokenAnswers()).isEmpty();
    emulator.close();
  }

  /**
   * A change is made in place, or replaces, or nothing; by the path and kind of each difference.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          NetworkVolume | "size": 100, "dataCenter": "EU-RO-1" | "size": 200, "dataCenter": "EU-RO-1" | update | {size=UPDATE}
          NetworkVolume | "size": 100, "dataCenter": "EU-RO-1" | "size": 100, "dataCenter": "EU-RO-1", "name": "new" | update | {name=UPDATE}
          NetworkVolume | "size": 100, "dataCenter": "EU-RO-1" | "size": 100, "dataCenter": "EU-CZ-1" | replace | {dataCenter=UPDATE_REPLACE}
          NetworkVolume | "size": 100, "dataCenter": "EU-RO-1" | "size": 50, "dataCenter": "EU-CZ-1" | replace | {size=UPDATE, dataCenter=UPDATE_REPLACE}
          NetworkVolume | "size": 100, "dataCenter": "EU-RO-1" | "size": 100, "dataCenter": "EU-RO-1", "type": "HIGH_PERFORMANCE" | replace | {type=UPDATE_REPLACE}
          Template | "image": "i", "disk": 5 | "image": "j", "disk": 6, "args": "run", "ports": ["80/http"] | update | {image=UPDATE, args=UPDATE, disk=UPDATE, ports=UPDATE}
          Template | "image": "i", "env": {"A": "1", "B": "2"} | "image": "i", "env": {"A": "3", "C": "4"} | update | {env.A=UPDATE, env.C=ADD, env.B=DELETE}
          Template | "image": "i", "mounts": {"persistent": {"size": 10, "path": "/w"}} | "image": "i", "mounts": {"persistent": {"size": 20, "path": "/w"}} | update | {mounts.persistent.size=UPDATE}
          Template | "image": "i", "mounts": {"persistent": {"size": 10, "path": "/w"}} | "image": "i" | replace | {mounts.persistent.size=DELETE_REPLACE, mounts.persistent.path=DELETE_REPLACE}
          Template | "image": "i" | "image": "i", "serverless": true, "public": true, "category": "AMD", "startSsh": true | update | {category=UPDATE, public=UPDATE, serverless=UPDATE, startSsh=UPDATE}
          RegistryCredential | "username": "u", "password": "p" | "username": "u", "password": "q" | replace | {password=UPDATE_REPLACE}
          RegistryCredential | "username": "u", "password": "p" | "username": "v", "password": "p" | replace | {username=UPDATE_REPLACE}
          RegistryCredential | "username": "u", "password": "p" | "username": "u", "password": "p", "name": "n" | replace | {name=UPDATE_REPLACE}
          Secret | "value": "v" | "value": "w", "description": "d" | update | {value=UPDATE, description=ADD}
          Secret | "value": "v", "description": "d" | "value": "v" | update | {description=DELETE}
          Secret | "value": "v" | "value": "v", "name": "other" | replace | {name=UPDATE_REPLACE}
          """)
  void changes(String type, String before, String after, String step, String differences) {
    changed(type, before, after, step, differences);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "workers": {"max": 5} | "workers": {"max": 0} | update | {workers.max=UPDATE}
          "workers": {"min": 1} |                       | update | {workers.min=UPDATE}
          "timeout": 60000      | "timeout": 70000      | update | {timeout=UPDATE}
          "flashboot": "FLASHBOOT" |                    | update | {flashboot=UPDATE}
          "dataCenterIds": ["EU-RO-1"] |                | update | {dataCenterIds=DELETE}
                                | "type": "LOAD_BALANCER", "scaling": {"type": "REQUEST_COUNT", "requestCount": 2} | replace | {type=UPDATE_REPLACE, scaling.type=UPDATE, scaling.requestCount=ADD, scaling.queueDelay=DELETE}
                                | "gpu": {"pools": ["ADA_24", "AMPERE_24"], "excludedTypes": ["NVIDIA L4"], "minCudaVersion": "12.4"} | update | {gpu.pools=UPDATE, gpu.excludedTypes=ADD, gpu.minCudaVersion=ADD}
          "gpu": {"pools": ["ADA_24"], "minCudaVersion": "12.4"} | | update | {gpu.minCudaVersion=DELETE}
          "gpu": {"pools": ["ADA_24"], "allowedCudaVersions": ["12.4"]} | | update | {gpu.allowedCudaVersions=DELETE}
                                | "gpu": null, "cpu": [{"id": "cpu3c", "vcpuCount": 2}] | replace | {cpu=ADD_REPLACE, gpu.pools=DELETE, gpu.count=DELETE}
          "gpu": null, "cpu": [{"id": "cpu3c", "vcpuCount": 2}] | "gpu": null, "cpu": [{"id": "cpu3g", "vcpuCount": 4}] | update | {cpu=UPDATE}
          "args": "a", "ports": ["80/http"], "env": {"A": "1"}, "disk": 5 | | update | {args=DELETE, ports=DELETE, env.A=DELETE, disk=DELETE}
          """)
  void changesOfEndpoints(String before, String after, String step, String differences) {
    changed("Endpoint", endpoint(before), endpoint(after), step, differences);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "args": "a", "disk": 5 | "args": "b", "disk": 6, "ports": ["22/tcp"] | update | {args=UPDATE, disk=UPDATE, ports=UPDATE}
          "env": {"A": "1"}      | "env": {"A": "2"}        | update | {env.A=UPDATE}
          "unlockOnDelete": true | "locked": true, "unlockOnDelete": true | update | {locked=UPDATE}
                                 | "unlockOnDelete": true   | update | {unlockOnDelete=UPDATE}
                                 | "globalNetworking": true | update | {globalNetworking=UPDATE}
                                 | "startSsh": true         | replace | {startSsh=UPDATE_REPLACE}
                                 | "startJupyter": true     | replace | {startJupyter=UPDATE_REPLACE}
                                 | "gpu": {"ids": ["NVIDIA L4"]} | update | {gpu.ids=UPDATE}
                                 | "gpu": {"ids": ["NVIDIA A40"]} | replace | {gpu.ids=UPDATE_REPLACE}
                                 | "gpu": {"ids": ["NVIDIA L4", "NVIDIA A40"], "count": 2} | replace | {gpu.count=UPDATE_REPLACE}
                                 | "gpu": {"ids": ["NVIDIA L4", "NVIDIA A40"], "minCudaVersion": "12.4"} | replace | {gpu.minCudaVersion=ADD_REPLACE}
                                 | "gpu": null, "cpu": {"id": "cpu3c", "vcpuCount": 2} | replace | {cpu.id=ADD_REPLACE, cpu.vcpuCount=ADD_REPLACE, gpu.ids=DELETE, gpu.count=DELETE_REPLACE}
          "cloud": "SECURE", "gpu": {"ids": ["NVIDIA A40"]} | "cloud": "COMMUNITY", "gpu": {"ids": ["NVIDIA A40"]} | replace | {cloud=UPDATE_REPLACE}
          "dataCenterIds": ["EU-RO-1"] | "dataCenterIds": ["EU-CZ-1", "EU-RO-1"] | update | {dataCenterIds=UPDATE}
          "dataCenterIds": ["EU-RO-1"] | "dataCenterIds": ["EU-CZ-1"] | replace | {dataCenterIds=UPDATE_REPLACE}
          "dataCenterIds": ["EU-RO-1"] |                    | update | {dataCenterIds=DELETE}
          "mounts": {"persistent": {"size": 10, "path": "/w"}} | "mounts": {"persistent": {"size": 20, "path": "/v"}} | update | {mounts.persistent.size=UPDATE, mounts.persistent.path=UPDATE}
          "mounts": {"persistent": {"size": 10, "path": "/w"}} | | replace | {mounts.persistent.size=DELETE_REPLACE, mounts.persistent.path=DELETE_REPLACE}
                                 | "mounts": {"persistent": {"size": 10, "path": "/w"}} | replace | {mounts.persistent.size=ADD_REPLACE, mounts.persistent.path=ADD_REPLACE}
          """)
  void changesOfPods(String before, String after, String step, String differences) {
    changed("Pod", pod(before), pod(after), step, differences);
  }

  private void changed(String type, String before, String after, String step, String differences) {
    engine.up(one(type, before));
    String id = engine.entry("one").id();
    assertThat(engine.preview(one(type, before))).containsEntry("one", "same");
    assertThat(engine.preview(one(type, after))).containsEntry("one", step);
    assertThat(engine.differences(one(type, after), "one"))
        .containsExactlyInAnyOrderEntriesOf(parse(differences));
    if (after.contains("HIGH_PERFORMANCE")) {
      return;
    }
    engine.up(one(type, after));
    assertThat(engine.entry("one").id().equals(id)).isEqualTo(step.equals("update"));
    assertThat(engine.preview(one(type, after))).containsEntry("one", "same");
    engine.refresh();
    assertThat(engine.preview(one(type, after))).containsEntry("one", "same");
    assertThat(all()).containsExactlyInAnyOrderElementsOf(engine.ids());
    engine.destroy();
    assertThat(all()).isEmpty();
  }

  @Test
  void otherNetworkVolumesReplacePodsAndTheOldOneGoesFirstWhenTheyShareOne() {
    String program =
        """
        {"resources": [
          {"type": "NetworkVolume", "name": "a", "inputs": {"size": 10, "dataCenter": "EU-RO-1"}},
          {"type": "NetworkVolume", "name": "b", "inputs": {"size": 10, "dataCenter": "EU-RO-1"}},
          {"type": "Pod", "name": "one", "inputs": {%s, "gpu": {"ids": ["NVIDIA L4"], "count": 1},
            "mounts": {"network": {"volumeId": "${a.id}", "path": "/w"}}}}
        ]}
        """
            .formatted("\"image\": \"i\"");
    engine.up(program);
    assertThat(engine.preview(program.replace("/w", "/v"))).containsEntry("one", "update");
    assertThat(engine.preview(program.replace("${a.id}", "${b.id}")))
        .containsEntry("one", "replace");
    assertThat(engine.preview(program.replace("\"count\": 1", "\"count\": 2")))
        .containsEntry("one", "delete-replace");
    engine.up(program.replace("\"count\": 1", "\"count\": 2"));
    assertThat(operations("pods"))
        .containsSubsequence("create 201", "delete 204", "get 404", "create 201");
    assertThat(all()).containsExactlyInAnyOrderElementsOf(engine.ids());
  }

  @Test
  void aVolumeDoesNotShrinkWhoeverLetItGrow() {
    engine.up(one("NetworkVolume", VOLUME));
    String id = engine.entry("one").id();
    assertThatThrownBy(() -> engine.up(one("NetworkVolume", VOLUME.replace("100", "50"))))
        .hasMessage(
            "network volume "
                + id
                + " has 100 GB and cannot shrink to 50 GB; set size to 100 or more, or make another"
                + " volume and copy the data");
    emulator.changeOutside("network-volumes", id, "{\"size\": 200}");
    engine.refresh();
    assertThatThrownBy(() -> engine.up(one("NetworkVolume", VOLUME)))
        .hasMessageContaining("has 200 GB and cannot shrink to 100 GB");
    assertThat(all()).containsExactly(id);
    engine.up(
        one("NetworkVolume", VOLUME)
            .replace("\"inputs\"", "\"ignoreChanges\": [\"size\"], \"inputs\""));
  }

  @Test
  void zerosAreSent() {
    engine.up(one("Endpoint", QUEUE));
    JsonObject made =
        JsonParser.parseString(bodies("serverless", "create").get(0)).getAsJsonObject();
    assertThat(made.getAsJsonObject("workers").get("min").getAsInt()).isZero();
    assertThat(made.get("timeout").getAsInt()).isEqualTo(300_000);
    assertThat(made.get("flashboot").getAsString()).isEqualTo("OFF");
    engine.up(one("Endpoint", QUEUE + ", \"workers\": {\"max\": 0}"));
    assertThat(bodies("serverless", "update"))
        .containsExactly("{\"workers\":{\"min\":0,\"max\":0,\"idleTimeout\":10}}");
    engine.up(one("Endpoint", QUEUE + ", \"workers\": {\"max\": 0}, \"env\": {\"A\": \"1\"}"));
    engine.up(one("Endpoint", QUEUE + ", \"workers\": {\"max\": 0}"));
    assertThat(
            JsonParser.parseString(bodies("serverless", "update").get(2))
                .getAsJsonObject()
                .keySet())
        .containsExactly("env");
  }

  @Test
  void podsAndEndpointsCarryTheirOwner() {
    engine.up(one("Pod", pod("\"env\": {\"A\": \"1\"}")));
    JsonObject env =
        JsonParser.parseString(emulator.stored("pods").values().iterator().next())
            .getAsJsonObject()
            .getAsJsonObject("env");
    assertThat(env.get("MLINFRA_OWNER").getAsString()).isEqualTo("trained/dev");
    assertThat(env.get("MLINFRA_RESOURCE").getAsString()).matches("[0-9a-f]{8}");
    assertThat(engine.outputs("one").get("env")).isEqualTo(Map.of("A", "1"));
    engine.up(one("Pod", pod("")));
    assertThat(emulator.stored("pods").values().iterator().next())
        .contains("MLINFRA_OWNER", "MLINFRA_RESOURCE")
        .doesNotContain("\"A\"");
  }

  @Test
  void takesTheNextCandidateWhenNoMachineIsFree() {
    String inputs = pod("\"dataCenterIds\": [\"EU-RO-1\", \"EU-CZ-1\"]");
    emulator.capacity().take("NVIDIA L4", "*");
    emulator.capacity().take("NVIDIA A40", "EU-RO-1");
    engine.up(one("Pod", inputs));
    assertThat(engine.outputs("one"))
        .containsEntry("gpuId", "NVIDIA A40")
        .containsEntry("dataCenterId", "EU-CZ-1");
    assertThat(operations("pods"))
        .containsExactly("list 200", "create 400", "create 400", "create 400", "create 201");
    assertThat(engine.preview(one("Pod", inputs))).containsEntry("one", "same");
  }

  @Test
  void namesEveryCandidateWhenNoneIsFree() {
    emulator.capacity().take("*", "*");
    assertThatThrownBy(
            () -> engine.up(one("Pod", pod("\"dataCenterIds\": [\"EU-RO-1\", \"EU-CZ-1\"]"))))
        .hasMessageContaining(
            "no candidate for this pod could be placed; add GPU types or data centers, or try again later")
        .hasMessageContaining("NVIDIA L4 in EU-RO-1: RunPod refused POST /pods (400)")
        .hasMessageContaining("NVIDIA A40 in EU-CZ-1: RunPod refused POST /pods (400)");
    assertThat(engine.ids()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PAYMENT_REQUIRED, add credit",
    "UNPROCESSABLE, 422",
    "FORBIDDEN, give the key the right"
  })
  void stopsWhereAnotherCandidateDoesNotHelp(Fault.Kind kind, String message) {
    emulator.inject(new Fault("pods", "create", 1, kind));
    assertThatThrownBy(() -> engine.up(one("Pod", pod("")))).hasMessageContaining(message);
    assertThat(operations("pods")).containsExactly("list 200", "create " + kind.status());
  }

  @Test
  void waitsUntilAPodRuns() {
    restart(Duration.ofMillis(400), Map.of());
    engine.up(one("Pod", pod("")));
    assertThat(engine.outputs("one")).containsEntry("status", "RUNNING");
    assertThat(operations("pods").stream().filter("get 200"::equals).count()).isGreaterThan(1);
  }

  @Test
  void keepsTheIdOfAPodThatDoesNotStart() {
    emulator.breakImage("i");
    assertThatThrownBy(() -> engine.up(one("Pod", pod(""))))
        .hasMessageContaining("exists, but its status is ERROR: the container did not start");
    String id = engine.entry("one").id();
    assertThat(all()).containsExactly(id);
    engine.up(one("Pod", pod("").replace("\"i\"", "\"j\"")));
    assertThat(engine.entry("one").id()).isEqualTo(id);
    engine.destroy();
    assertThat(all()).isEmpty();
  }

  @Test
  void keepsTheIdOfAPodThatTakesTooLong() {
    restart(Duration.ofHours(1), Map.of("readySeconds", 1.0));
    assertThatThrownBy(() -> engine.up(one("Pod", pod(""))))
        .hasMessageContaining("exists, but after 1 s its status is PROVISIONING; it costs money");
    emulator.clock().advance(Duration.ofHours(2));
    engine.up(one("Pod", pod("")));
    assertThat(all()).containsExactlyElementsOf(engine.ids());
    assertThat(engine.outputs("one")).containsEntry("status", "RUNNING");
  }

  @Test
  void keepsTheIdOfAPodThatCannotBeLocked() {
    emulator.inject(new Fault("pods", "update", 1, Fault.Kind.FORBIDDEN));
    String locked = pod("\"locked\": true");
    assertThatThrownBy(() -> engine.up(one("Pod", locked)))
        .hasMessageContaining("was made, but not completed");
    assertThat(all()).containsExactlyElementsOf(engine.ids());
    engine.up(one("Pod", locked));
    assertThat(emulator.stored("pods").values().iterator().next()).contains("\"locked\":true");
  }

  @Test
  void aLockedPodGoesOnlyWhenThatIsAllowed() {
    engine.up(one("Pod", pod("\"locked\": true")));
    assertThatThrownBy(() -> engine.destroy())
        .hasMessageContaining("a locked pod is only deleted with unlockOnDelete");
    engine.up(one("Pod", pod("\"locked\": true, \"unlockOnDelete\": true")));
    engine.destroy();
    assertThat(all()).isEmpty();
  }

  @Test
  void deletingWhatIsGoneIsFine() {
    engine.up(one("Template", TEMPLATE));
    emulator.removeOutside("templates", engine.entry("one").id());
    engine.destroy();
    assertThat(engine.ids()).isEmpty();
  }

  @Test
  void changingWhatIsGoneSaysWhatHelps() {
    engine.up(one("Template", TEMPLATE));
    emulator.removeOutside("templates", engine.entry("one").id());
    assertThatThrownBy(() -> engine.up(one("Template", TEMPLATE.replace("\"i\"", "\"j\""))))
        .hasMessageContaining("is gone; run pulumi refresh");
    engine.refresh();
    engine.up(one("Template", TEMPLATE.replace("\"i\"", "\"j\"")));
    assertThat(all()).containsExactlyElementsOf(engine.ids());
  }

  @Test
  void deletingWhatIsUsedSaysWhatHelps() {
    String used =
        """
        {"resources": [
          {"type": "Template", "name": "one", "inputs": {"image": "i"}},
          {"type": "Pod", "name": "two", "inputs": {"templateId": "${one.id}", "gpu": {"ids": ["NVIDIA L4"]}}}
        ]}
        """;
    engine.up(used);
    engine.forget("two");
    assertThatThrownBy(() -> engine.destroy()).hasMessageContaining("delete first what uses it");
  }

  @Test
  void takesOverWhatAnEarlierAttemptMade() {
    for (String[] kind :
        new String[][] {
          {"Pod", pod("")},
          {"Endpoint", QUEUE},
          {"NetworkVolume", VOLUME},
          {"Template", TEMPLATE},
          {"Secret", SECRET}
        }) {
      engine.up(one(kind[0], kind[1]));
      String id = engine.entry("one").id();
      engine.forget("one");
      engine.up(one(kind[0], kind[1]));
      assertThat(engine.entry("one").id()).as(kind[0]).isEqualTo(id);
      assertThat(all()).containsExactly(id);
      engine.destroy();
    }
    assertThat(engine.log()).hasSize(5).allMatch(line -> line.startsWith("info: taking over "));
  }

  @Test
  void whatIsTakenOverBecomesWhatIsWanted() {
    engine.up(one("Pod", pod("\"env\": {\"A\": \"1\"}")));
    engine.forget("one");
    engine.up(one("Pod", pod("\"env\": {\"A\": \"2\"}, \"disk\": 33")));
    assertThat(emulator.stored("pods")).hasSize(1);
    assertThat(emulator.stored("pods").values().iterator().next())
        .contains("\"A\":\"2\"", "\"disk\":33", "MLINFRA_OWNER");
    engine.up(one("Secret", SECRET));
    engine.forget("one");
    engine.up(one("Secret", SECRET.replace("\"v\"", "\"w\"")));
    assertThat(emulator.secretValue(engine.entry("one").id())).isEqualTo("w");
  }

  @Test
  void whatDiffersTooMuchIsNotTakenOver() {
    engine.up(one("Pod", pod("")));
    String left = engine.entry("one").id();
    engine.forget("one");
    engine.up(one("Pod", pod("\"startSsh\": false, \"gpu\": {\"ids\": [\"NVIDIA A40\"]}")));
    assertThat(engine.entry("one").id()).isNotEqualTo(left);
    assertThat(engine.log())
        .containsExactly(
            "warning: pod "
                + left
                + " was left by an earlier attempt and differs too much to be taken over: delete it, or"
                + " import it");
  }

  @Test
  void aCredentialThatWasLeftIsMadeAnewUnlessItIsUsed() {
    engine.up(one("RegistryCredential", REGISTRY));
    String left = engine.entry("one").id();
    engine.forget("one");
    engine.up(one("RegistryCredential", REGISTRY));
    assertThat(engine.entry("one").id()).isNotEqualTo(left);
    assertThat(all()).containsExactlyElementsOf(engine.ids());
    String used = engine.entry("one").id();
    emulator.createOutside(
        "pods",
        "{\"name\": \"p\", \"image\": \"i\", \"gpu\": {\"id\": \"NVIDIA L4\"}, \"registry\": \""
            + used
            + "\"}");
    engine.forget("one");
    engine.up(one("RegistryCredential", REGISTRY));
    assertThat(engine.entry("one").id()).isEqualTo(used);
    assertThat(engine.log()).last().asString().contains("which is in use");
  }

  @Test
  void aNameThatSomebodyHasIsNotTakenOver() {
    for (String[] kind :
        new String[][] {
          {
            "network-volumes",
            "NetworkVolume",
            VOLUME,
            "{\"name\": \"n\", \"size\": 10, \"dataCenter\": \"EU-RO-1\"}"
          },
          {"templates", "Template", TEMPLATE, "{\"name\": \"n\", \"image\": \"i\"}"},
          {
            "registries",
            "RegistryCredential",
            REGISTRY,
            "{\"name\": \"n\", \"username\": \"u\", \"password\": \"p\"}"
          },
          {"secrets", "Secret", SECRET, "{\"name\": \"n\", \"value\": \"v\"}"}
        }) {
      String id = emulator.createOutside(kind[0], kind[3]);
      assertThatThrownBy(() -> engine.up(one(kind[1], kind[2] + ", \"name\": \"n\"")))
          .hasMessageContaining(
              "named 'n' already ("
                  + id
                  + "); take it over with pulumi import mlinfra-runpod:index:"
                  + kind[1]
                  + " one "
                  + id);
      emulator.removeOutside(kind[0], id);
    }
  }

  @Test
  void whatTheUserWantsReplacedIsNotLost() {
    for (String[] kind :
        new String[][] {
          {"Pod", pod("")}, {"Endpoint", QUEUE}, {"NetworkVolume", VOLUME}, {"Template", TEMPLATE}
        }) {
      engine.up(one(kind[0], kind[1]));
      String id = engine.entry("one").id();
      engine.replace(one(kind[0], kind[1]), "one");
      assertThat(all()).as(kind[0]).containsExactly(id);
      assertThat(engine.ids()).containsExactly(id);
      assertThat(engine.log())
          .last()
          .asString()
          .contains(id + " stays", "mlinfra-runpod:takeOver to false");
      engine.destroy();
      assertThat(all()).isEmpty();
    }
  }

  @Test
  void whatTheUserWantsReplacedIsReplacedWithoutTakingOver() {
    engine = new SmallEngine(emulator.baseUrl(), Map.of("takeOver", false), Lifecycle::new);
    for (String[] kind :
        new String[][] {
          {"Pod", pod("")},
          {"NetworkVolume", VOLUME + ", \"name\": \"n\""},
          {"RegistryCredential", REGISTRY}
        }) {
      engine.up(one(kind[0], kind[1]));
      String id = engine.entry("one").id();
      engine.replace(one(kind[0], kind[1]), "one");
      assertThat(engine.entry("one").id()).as(kind[0]).isNotEqualTo(id);
      assertThat(all()).containsExactlyElementsOf(engine.ids());
      engine.destroy();
    }
  }

  @Test
  void aLostAnswerIsNotMistakenForWhatWasThereBefore() {
    engine.up(one("Pod", pod("")));
    String left = engine.entry("one").id();
    engine.forget("one");
    emulator.inject(new Fault("pods", "create", 2, Fault.Kind.LOST_ANSWER));
    engine.up(one("Pod", pod("\"gpu\": {\"ids\": [\"NVIDIA A40\"]}")));
    assertThat(engine.outputs("one")).containsEntry("gpuId", "NVIDIA A40");
    assertThat(emulator.stored("pods")).hasSize(2);
    engine.destroy();
    assertThat(all()).containsExactly(left);

    engine = new SmallEngine(emulator.baseUrl(), Map.of("takeOver", false), Lifecycle::new);
    emulator.inject(new Fault("pods", "create", 3, Fault.Kind.LOST_ANSWER));
    engine.up(one("Pod", pod("")));
    assertThat(engine.entry("one").id()).isNotEqualTo(left);
    assertThat(emulator.stored("pods")).hasSize(2);
  }

  @Test
  void lostAnswersOfNamedResourcesAreFoundToo() {
    emulator.inject(new Fault("network-volumes", "create", 1, Fault.Kind.LOST_ANSWER));
    engine.up(one("NetworkVolume", VOLUME + ", \"name\": \"n\""));
    assertThat(all()).containsExactlyElementsOf(engine.ids());
  }

  @Test
  void driftIsSeenAndMended() {
    engine.up(one("Endpoint", QUEUE + ", \"env\": {\"A\": \"1\"}, \"workers\": {\"max\": 5}"));
    String program =
        one("Endpoint", QUEUE + ", \"env\": {\"A\": \"1\"}, \"workers\": {\"max\": 5}");
    String id = engine.entry("one").id();
    emulator.changeOutside(
        "serverless",
        id,
        "{\"image\": \"other\", \"workers\": {\"max\": 1}, \"env\": {\"A\": \"2\", \"B\": \"3\"}}");
    assertThat(engine.preview(program)).containsEntry("one", "same");
    engine.refresh();
    assertThat(engine.differences(program, "one"))
        .isEqualTo(Map.of("image", "UPDATE", "workers.max", "UPDATE", "env.A", "UPDATE"));
    engine.up(program);
    assertThat(emulator.stored("serverless").get(id))
        .contains("\"image\":\"i\"", "\"max\":5", "\"A\":\"1\"", "MLINFRA_OWNER");
  }

  @Test
  void whatIsGoneIsMadeAgainAfterARefresh() {
    engine.up(one("Pod", pod("")));
    emulator.removeOutside("pods", engine.entry("one").id());
    engine.refresh();
    assertThat(engine.preview(one("Pod", pod("")))).containsEntry("one", "create");
    engine.up(one("Pod", pod("")));
    assertThat(all()).containsExactlyElementsOf(engine.ids());
  }

  @Test
  void theScaleDownOfThePlatformIsCalledWhatItIs() {
    engine.up(one("Endpoint", QUEUE));
    emulator.clock().advance(Duration.ofDays(3));
    engine.refresh();
    assertThat(engine.log())
        .containsExactly(
            "warning: workers.max is 2 and declared 3: RunPod lowers it to 2 after 3 days without"
                + " requests, and to 0 after 7. The next pulumi up raises it again; ignoreChanges on"
                + " workers.max accepts it");
    emulator.clock().advance(Duration.ofDays(4));
    engine.refresh();
    assertThat(engine.differences(one("Endpoint", QUEUE), "one"))
        .isEqualTo(Map.of("workers.max", "UPDATE"));
    engine.up(one("Endpoint", QUEUE));
    assertThat(emulator.stored("serverless").values().iterator().next()).contains("\"max\":3");
  }

  @Test
  void whatThePlatformAddsIsNoDrift() {
    engine.up(
        one("Pod", pod("\"startSsh\": true, \"startJupyter\": true, \"env\": {\"A\": \"1\"}")));
    engine.refresh();
    assertThat(engine.outputs("one").get("env")).isEqualTo(Map.of("A", "1"));
    assertThat(
            engine.preview(
                one(
                    "Pod",
                    pod("\"startSsh\": true, \"startJupyter\": true, \"env\": {\"A\": \"1\"}"))))
        .containsEntry("one", "same");
  }

  @Test
  void importsReadEverythingThatCanBeRead() {
    String volume =
        emulator.createOutside(
            "network-volumes", "{\"name\": \"v\", \"size\": 10, \"dataCenter\": \"EU-RO-1\"}");
    String pod =
        emulator.createOutside(
            "pods",
            """
            {"name": "p", "image": "i", "gpu": {"id": "NVIDIA L4", "count": 2}, "env": {"A": "1"},
             "mounts": {"network": [{"volumeId": "%s", "path": "/w"}]}, "startJupyter": true}
            """
                .formatted(volume));
    SmallEngine.Entry entry = engine.importOne("Pod", "one", pod);
    Map<String, Object> inputs = Values.read(entry.inputs());
    assertThat(inputs.get("env")).isEqualTo(new Values.Secret(Map.of("A", "1")));
    assertThat(inputs)
        .containsEntry("name", "p")
        .containsEntry("gpu", Map.of("ids", List.of("NVIDIA L4"), "count", 2.0))
        .containsEntry("mounts", Map.of("network", Map.of("volumeId", volume, "path", "/w")));
    String program =
        one(
            "Pod",
            """
            "name": "p", "image": "i", "gpu": {"ids": ["NVIDIA L4"], "count": 2}, "env": {"A": "1"},
            "mounts": {"network": {"volumeId": "%s", "path": "/w"}}, "startJupyter": true
            """
                .formatted(volume));
    assertThat(engine.preview(program)).containsEntry("one", "update");
    engine.up(program);
    assertThat(engine.preview(program)).containsEntry("one", "same");
    assertThat(engine.entry("one").id()).isEqualTo(pod);
  }

  @Test
  void importedCredentialsAndSecretsAreBelieved() {
    String registry =
        emulator.createOutside(
            "registries", "{\"name\": \"r\", \"username\": \"u\", \"password\": \"p\"}");
    engine.importOne("RegistryCredential", "one", registry);
    engine.up(one("RegistryCredential", REGISTRY + ", \"name\": \"r\""));
    assertThat(engine.entry("one").id()).isEqualTo(registry);
    assertThat(engine.outputs("one")).containsEntry("password", "p");
    engine.forget("one");
    String secret = emulator.createOutside("secrets", "{\"name\": \"s\", \"value\": \"old\"}");
    engine.importOne("Secret", "one", secret);
    engine.up(one("Secret", SECRET + ", \"name\": \"s\""));
    assertThat(emulator.secretValue(secret)).isEqualTo("v");
  }

  @Test
  void secretsStaySecretInOutputs() {
    engine.up(one("Pod", pod("\"env\": {\"A\": {\"secret\": \"hidden\"}, \"B\": \"seen\"}")));
    assertThat(Values.read(engine.entry("one").outputs()).get("env"))
        .isEqualTo(Map.of("A", new Values.Secret("hidden"), "B", "seen"));
    engine.refresh();
    assertThat(Values.read(engine.entry("one").outputs()).get("env"))
        .isEqualTo(Map.of("A", new Values.Secret("hidden"), "B", "seen"));
    assertThat(Values.read(engine.entry("one").inputs()).get("env"))
        .isEqualTo(Map.of("A", new Values.Secret("hidden"), "B", "seen"));
    engine.up(one("Secret", SECRET));
    engine.refresh();
    assertThat(Values.read(engine.entry("one").outputs()).get("value"))
        .isEqualTo(new Values.Secret("v"));
  }

  @Test
  void refusalsDoNotShowSecretsNorTheKey() {
    String name = "PASSWORD";
    assertThatThrownBy(
            () ->
                engine.up(
                    one(
                        "RegistryCredential",
                        "\"username\": \"u\", \"password\": {\"secret\": \""
                            + name
                            + "\"}, \"name\": \"x"
                            + name
                            + "\", \"other\": \""
                            + name
                            + "\"")))
        .hasMessageNotContaining(name);
    emulator.createOutside("secrets", "{\"name\": \"HIDDEN\", \"value\": \"v\"}");
    assertThatThrownBy(
            () -> engine.up(one("Secret", SECRET + ", \"name\": {\"secret\": \"HIDDEN\"}")))
        .hasMessageNotContaining("HIDDEN")
        .hasMessageContaining("named '[secret]' already");
  }

  private void restart(Duration provisioning, Map<String, Object> settings) {
    emulator.close();
    emulator =
        RunPodEmulator.start(RunPodEmulator.Settings.defaults().withProvisioning(provisioning));
    engine = new SmallEngine(emulator.baseUrl(), settings, Lifecycle::new);
  }

  private static String pod(String more) {
    return merged(POD, more);
  }

  private static String endpoint(String more) {
    return merged(QUEUE, more);
  }

  /** Members and others that win; null takes one away. */
  private static String merged(String members, String more) {
    JsonObject all = JsonParser.parseString("{" + members + "}").getAsJsonObject();
    JsonParser.parseString("{" + (more == null ? "" : more) + "}")
        .getAsJsonObject()
        .entrySet()
        .forEach(
            one -> {
              all.remove(one.getKey());
              if (!one.getValue().isJsonNull()) {
                all.add(one.getKey(), one.getValue());
              }
            });
    String text = all.toString();
    return text.substring(1, text.length() - 1);
  }

  private static String one(String type, String inputs) {
    return "{\"resources\": [{\"type\": \"%s\", \"name\": \"one\", \"inputs\": {%s}}]}"
        .formatted(type, inputs);
  }

  private static Map<String, String> parse(String differences) {
    Map<String, String> parsed = new TreeMap<>();
    String inside = differences.substring(1, differences.length() - 1);
    for (String one : inside.split(", ", -1)) {
      parsed.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
    }
    return parsed;
  }

  private List<String> all() {
    List<String> ids = new ArrayList<>();
    for (String resource :
        List.of("pods", "serverless", "templates", "network-volumes", "registries", "secrets")) {
      ids.addAll(emulator.stored(resource).keySet());
    }
    return ids;
  }

  private List<String> operations(String resource) {
    return emulator.calls().stream()
        .filter(call -> call.resource().equals(resource))
        .map(call -> call.operation() + " " + call.status())
        .toList();
  }

  private List<String> bodies(String resource, String operation) {
    return emulator.calls().stream()
        .filter(call -> call.resource().equals(resource) && call.operation().equals(operation))
        .map(RecordedCall::body)
        .toList();
  }
}
