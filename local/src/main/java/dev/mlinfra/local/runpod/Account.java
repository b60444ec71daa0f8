package dev.mlinfra.local.runpod;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All that an account holds. One thread at a time. */
final class Account {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 14;

  final Clock clock;
  final Duration provisioning;
  final String jobs;
  final double balance;
  final Catalogue catalogue = new Catalogue();
  final Capacity capacity = new Capacity();
  final Pods pods = new Pods(this);
  final Endpoints endpoints = new Endpoints(this);
  final Templates templates = new Templates(this);
  final NetworkVolumes volumes = new NetworkVolumes(this);
  final Registries registries = new Registries(this);
  final Secrets secrets = new Secrets(this);
  private final Random random = new Random();

  Account(Clock clock, Duration provisioning, String jobs, double balance) {
    this.clock = clock;
    this.provisioning = provisioning;
    this.jobs = jobs;
    this.balance = balance;
  }

  /** The resources of a part of the path. */
  Resources of(String resource) {
    return switch (resource) {
      case "pods" -> pods;
      case "serverless" -> endpoints;
      case "templates" -> templates;
      case "network-volumes" -> volumes;
      case "registries" -> registries;
      case "secrets" -> secrets;
      default -> throw new IllegalArgumentException("No resources '" + resource + "'");
    };
  }

  String newId() {
    StringBuilder id = new StringBuilder();
    for (int place = 0; place < ID_LENGTH; place++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  double spent() {
    return sum(pods.spent()) + sum(volumes.spent());
  }

  /** Everything that was spent, as one record: the emulator is younger than any bucket. */
  ObjectNode billing() {
    ObjectNode answer = Resources.JSON.createObjectNode();
    Instant now = clock.instant();
    Instant start = now.truncatedTo(ChronoUnit.DAYS);
    ObjectNode totals = amounts();
    ObjectNode record = totals.deepCopy();
    record.put("startTime", start.toString()).put("endTime", now.toString());
    answer.putArray("records").add(record);
    ObjectNode metadata = answer.putObject("metadata").put("recordCount", 1);
    metadata
        .putObject("query")
        .put("startTime", start.toString())
        .put("endTime", now.toString())
        .put("bucketSize", "month");
    metadata.set("totals", totals);
    return answer;
  }

  private ObjectNode amounts() {
    ObjectNode amounts = Resources.JSON.createObjectNode().put("totalAmount", spent());
    for (String nothing :
        List.of(
            "podCpuAmount",
            "podDiskAmount",
            "serverlessGpuAmount",
            "serverlessCpuAmount",
            "serverlessDiskAmount",
            "serverlessFeeAmount",
            "storageHighPerformanceAmount",
            "endpointAmount",
            "clusterGpuAmount",
            "clusterDiskAmount",
            "clusterNetworkingAmount")) {
      amounts.put(nothing, 0);
    }
    return amounts
        .put("podGpuAmount", sum(pods.spent()))
        .put("storageStandardAmount", sum(volumes.spent()));
  }

  void requireBalance() {
    if (balance - spent() <= 0) {
      throw Refusal.of(402, "the account's balance is too low");
    }
  }

  /** The template that a body names, or an empty one. */
  ObjectNode template(ObjectNode body, boolean serverless) {
    if (!body.has("templateId")) {
      return Resources.JSON.createObjectNode();
    }
    ObjectNode template = templates.require(body.get("templateId").stringValue());
    if (template.get("serverless").booleanValue() != serverless) {
      throw Refusal.unprocessable(
          List.of(
              "/templateId: must be a template for "
                  + (serverless ? "serverless endpoints" : "pods")));
    }
    return template;
  }

  void requireRegistry(ObjectNode body) {
    String registry = body.path("registry").asString("");
    if (!registry.isEmpty() && !registries.stored.containsKey(registry)) {
      throw Refusal.badRequest("registry " + registry + " does not exist");
    }
  }

  String volumePlace(String volume) {
    ObjectNode found = volumes.stored.get(volume);
    if (found == null) {
      throw Refusal.badRequest("network volume " + volume + " does not exist");
    }
    return found.get("dataCenter").stringValue();
  }

  /** Where a body wants to be, in its order; everywhere when it does not say. */
  Collection<String> places(ObjectNode body) {
    List<String> wanted = new ArrayList<>();
    for (JsonNode place : body.path("dataCenterIds")) {
      if (catalogue.hasDataCenter(place.stringValue())) {
        wanted.add(place.stringValue());
      }
    }
    return body.path("dataCenterIds").isEmpty() ? catalogue.dataCenters() : wanted;
  }

  /** A CPU selection as answers show it. */
  ObjectNode cpu(ObjectNode wanted) {
    String id = wanted.get("id").stringValue();
    int vcpus = wanted.get("vcpuCount").intValue();
    if (!catalogue.hasCpu(id)) {
      throw Refusal.badRequest("unknown CPU type " + id);
    }
    if (Integer.bitCount(vcpus) != 1) {
      throw Refusal.badRequest("vcpuCount must be a power of two");
    }
    return wanted.deepCopy().put("memory", catalogue.memory(id, vcpus));
  }

  private static double sum(Map<String, Double> amounts) {
    return amounts.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
