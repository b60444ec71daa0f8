package dev.mlinfra.local.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.local.LocalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EmbeddedKubernetesIT {
  private static final Path PROGRAMS =
      Path.of(System.getProperty("mlinfra.root")).resolve(".mlinfra/tools/go");

  @TempDir Path folder;

  @Test
  void appliesReadsAndDeletesAndLeavesNoProcess() throws Exception {
    List<ProcessHandle> children;
    try (EmbeddedKubernetes cluster = EmbeddedKubernetes.start(PROGRAMS, folder)) {
      children = ProcessHandle.current().children().toList();
      KubernetesApi api = cluster.api();
      JsonNode map = map("settings");

      assertThat(api.send("GET", "/version", Optional.empty()).body().path("gitVersion").asString())
          .isEqualTo(pinned());
      assertThat(api.read(map)).isEmpty();
      assertThat(api.dryRun(map).isAccepted()).isTrue();
      assertThat(api.read(map)).isEmpty();
      assertThat(api.apply(map).status()).isEqualTo(201);
      assertThat(api.read(map).orElseThrow().path("data").path("key").asString())
          .isEqualTo("value");
      api.delete(map);
      api.delete(map);
      assertThat(api.read(map)).isEmpty();
      assertThatThrownBy(() -> api.apply(JsonMapper.shared().readTree(NO_KIND)))
          .isInstanceOf(LocalException.class)
          .hasMessage("Kubernetes knows no kind 'Train' in 'v1'");
      for (String secret : List.of("tokens.csv", "service-accounts.pem")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(folder.resolve(secret))))
            .isEqualTo("rw-------");
      }
      assertThat(api.server().getHost()).isEqualTo("127.0.0.1");
    }
    assertThat(children).hasSizeGreaterThanOrEqualTo(2);
    assertThat(children).noneMatch(ProcessHandle::isAlive);
  }

  private static final String NO_KIND =
      "{\"apiVersion\":\"v1\",\"kind\":\"Train\",\"metadata\":{\"name\":\"one\"}}";

  private static JsonNode map(String name) {
    return JsonMapper.shared()
        .readTree(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},"
                    .formatted(name)
                + "\"data\":{\"key\":\"value\"}}");
  }

  private static String pinned() throws Exception {
    Path module = Path.of(System.getProperty("mlinfra.root")).resolve("tools/go/kubernetes/go.mod");
    return Files.readAllLines(module).stream()
        .map(String::strip)
        .filter(line -> line.startsWith("k8s.io/kubernetes "))
        .findFirst()
        .orElseThrow()
        .split(" ", -1)[1];
  }

  @Test
  void saysWhatToInstall() {
    assertThatThrownBy(() -> EmbeddedKubernetes.start(folder, folder.resolve("state")))
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("No etcd in " + folder + ": run tools/install kubernetes");
  }

  @Test
  void saysWhyItDoesNotStart() throws Exception {
    for (String program : List.of("etcd", "kube-apiserver")) {
      Path script =
          Files.writeString(
              folder.resolve(program), "#!/bin/sh\necho " + program + " cannot\nexit 1\n");
      assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    assertThatThrownBy(() -> EmbeddedKubernetes.start(folder, folder.resolve("state")))
        .isInstanceOf(LocalException.class)
        .hasMessageContaining("Kubernetes ended while it started. The end of ")
        .hasMessageContaining("etcd cannot");
  }
}
