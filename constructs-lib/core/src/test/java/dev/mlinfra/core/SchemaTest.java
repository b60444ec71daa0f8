package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema and the code say the same. */
class SchemaTest {
  private final JsonNode schema = schema();

  @Test
  void theDefaultsInTheSchemaAreThoseOfTheBatchPattern() {
    Defaults defaults = Defaults.of(Pattern.BATCH);
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("/pattern", Pattern.BATCH.word());
    expected.put("/allowDataLoss", false);
    expected.put("/organization/rolePath", defaults.organization().rolePath());
    expected.put("/organization/partition", defaults.organization().partition());
    expected.put("/budget/warnAt", defaults.budget().warnAt());
    expected.put("/budget/trainingJobUsd", 10);
    expected.put("/budget/predictionJobUsd", 1);
    expected.put("/budget/maxHourlyUsd", 10);
    expected.put("/budget/maxConcurrentJobs", defaults.budget().maxConcurrentJobs());
    expected.put("/usage/predictionsPerMonth", defaults.usage().predictionsPerMonth());
    expected.put("/usage/trainingHoursPerMonth", 40);
    expected.put("/usage/dataGb", 100);
    expected.put("/aws/shared/pulumiState", false);
    expected.put("/aws/network/egress", "public-ip");
    expected.put("/aws/data/datasetsDays", defaults.data().datasetsDays());
    expected.put("/aws/data/resultsDays", defaults.data().resultsDays());
    expected.put("/aws/data/checkpointsDays", defaults.data().checkpointsDays());
    expected.put("/aws/data/noncurrentDays", defaults.data().noncurrentDays());
    expected.put("/aws/data/prefixes/datasets", defaults.data().prefixes().datasets());
    expected.put("/aws/data/prefixes/models", defaults.data().prefixes().models());
    expected.put("/aws/data/prefixes/results", defaults.data().prefixes().results());
    expected.put("/aws/data/prefixes/checkpoints", defaults.data().prefixes().checkpoints());
    expected.put("/aws/data/encryption", "s3");
    expected.put("/aws/data/onDelete", "retain");
    expected.put("/aws/prediction/memoryMb", defaults.prediction().memoryMb());
    expected.put("/aws/prediction/runtime", defaults.prediction().runtime());
    expected.put("/aws/prediction/retryAttempts", defaults.prediction().retryAttempts());
    expected.put("/aws/prediction/maxEventAge", defaults.prediction().maxEventAge().toString());
    expected.put("/aws/prediction/logRetentionDays", defaults.prediction().logRetentionDays());
    expected.put("/aws/prediction/tracing", defaults.prediction().tracing());
    expected.put("/aws/network/cidr", "10.20.0.0/16");
    expected.put("/aws/network/natGateways", 1);
    expected.put("/aws/network/flowLogs", false);
    expected.put("/aws/network/publicSubnets", false);
    expected.put("/aws/training/image", defaults.training().image());
    expected.put("/aws/training/maxVcpus", defaults.training().maxVcpus());
    expected.put("/aws/training/maxRuntime", defaults.training().maxRuntime().toString());
    expected.put("/aws/training/attempts", defaults.training().attempts());
    expected.put("/aws/training/onDemandFallback", defaults.training().onDemandFallback());
    expected.put("/aws/training/diskGb", defaults.training().diskGb());
    expected.put("/aws/training/interruptionDrill", defaults.training().interruptionDrill());
    expected.put("/aws/training/logRetentionDays", defaults.training().logRetentionDays());
    expected.put("/aws/cluster/version", defaults.cluster().version());
    expected.put("/aws/cluster/deletionProtection", defaults.cluster().deletionProtection());
    expected.put("/aws/cluster/logRetentionDays", defaults.cluster().logRetentionDays());
    expected.put("/aws/cluster/nodegroups/min", defaults.nodegroup().min());
    expected.put("/aws/cluster/nodegroups/spot", defaults.nodegroup().spot());
    expected.put("/aws/cluster/nodegroups/diskGb", defaults.nodegroup().diskGb());
    expected.put("/aws/cluster/nodegroups/multiNode", defaults.nodegroup().multiNode());
    expected.put("/aws/tasks/image", defaults.task().image());
    expected.put("/aws/tasks/cpu", defaults.task().cpu());
    expected.put("/aws/tasks/memoryMb", defaults.task().memoryMb());
    expected.put("/aws/tasks/timeZone", defaults.task().timeZone());
    expected.put("/aws/tasks/maxRuntime", defaults.task().maxRuntime().toString());
    expected.put("/aws/tasks/spot", defaults.task().spot());
    expected.put("/aws/tasks/logRetentionDays", defaults.task().logRetentionDays());
    expected.put("/aws/prediction/distributed/maxGb", defaults.distributed().maxGb());
    expected.put("/aws/prediction/distributed/rangeMb", defaults.distributed().rangeMb());
    expected.put("/aws/prediction/distributed/toleratedFailurePercentage", 0);
    expected.put(
        "/aws/prediction/distributed/retryAttempts", defaults.distributed().retryAttempts());
    RunPodSettings runpod = defaults.runpod();
    expected.put("/runpod/volumeGb", runpod.volumeGb());
    expected.put("/runpod/onDelete", "retain");
    expected.put("/runpod/endpoint/gpuPools", runpod.endpoint().gpuPools());
    expected.put("/runpod/endpoint/workersMin", runpod.endpoint().workersMin());
    expected.put("/runpod/endpoint/workersMax", runpod.endpoint().workersMax());
    expected.put("/runpod/endpoint/idleTimeout", runpod.endpoint().idleTimeout().toString());
    expected.put("/runpod/endpoint/timeout", runpod.endpoint().timeout().toString());
    expected.put("/runpod/endpoint/flashBoot", runpod.endpoint().flashBoot());
    RunPodSettings.Training training = runpod.training().orElseThrow();
    expected.put("/runpod/training/cloud", "secure");
    expected.put("/runpod/training/maxLifetime", training.maxLifetime().toString());
    expected.put("/runpod/training/idleTimeout", training.idleTimeout().toString());

    Map<String, String> found = new LinkedHashMap<>();
    collectDefaults(schema, "", found);

    assertThat(found.keySet()).isEqualTo(new TreeSet<>(expected.keySet()));
    expected.forEach(
        (path, value) ->
            assertThat(found.get(path))
                .as(path)
                .isEqualTo(JsonMapper.shared().writeValueAsString(value)));
  }

  @Test
  void everyKeyIsDescribed() {
    assertEveryKeyIsDescribed(schema, "");
  }

  private static void assertEveryKeyIsDescribed(JsonNode node, String path) {
    node.path("properties")
        .properties()
        .forEach(
            entry -> {
              String child = path + "/" + entry.getKey();
              assertThat(entry.getValue().has("description")).as(child).isTrue();
              assertEveryKeyIsDescribed(entry.getValue(), child);
              assertEveryKeyIsDescribed(entry.getValue().path("items"), child);
            });
  }

  private static void collectDefaults(JsonNode node, String path, Map<String, String> found) {
    node.path("properties")
        .properties()
        .forEach(
            entry -> {
              String child = path + "/" + entry.getKey();
              if (entry.getValue().has("default")) {
                found.put(child, entry.getValue().path("default").toString());
              }
              collectDefaults(entry.getValue(), child, found);
              collectDefaults(entry.getValue().path("items"), child, found);
            });
  }

  private static JsonNode schema() {
    try (InputStream stream = Environment.class.getResourceAsStream("environment.schema.json")) {
      return JsonMapper.shared().readTree(stream);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
