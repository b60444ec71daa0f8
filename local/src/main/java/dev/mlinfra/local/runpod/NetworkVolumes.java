package dev.mlinfra.local.runpod;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/** Network volumes: they grow, and are billed until they are deleted. */
final class NetworkVolumes extends Resources {
  /** USD for a GB and month: docs.runpod.io/pods/pricing of 2026-07-20. */
  private static final double FIRST_TERABYTE = 0.07;

  private static final double BEYOND = 0.05;
  private static final int TERABYTE = 1000;
  private static final double HOURS_A_MONTH = 730;

  private final Account account;
  private final Map<String, Instant> since = new LinkedHashMap<>();
  private final Map<String, Double> billed = new LinkedHashMap<>();

  NetworkVolumes(Account account) {
    super("network volume", "networkVolumes");
    this.account = account;
  }

  @Override
  String create(ObjectNode body) {
    String place = body.get("dataCenter").stringValue();
    if (!account.catalogue.hasDataCenter(place) || !account.catalogue.hasStorage(place)) {
      throw Refusal.badRequest(
          "data center "
              + place
              + " has no network volumes; those that have: "
              + String.join(", ", new TreeSet<>(account.catalogue.withStorage())));
    }
    String id = account.newId();
    ObjectNode volume = JSON.createObjectNode().put("id", id);
    merge(volume, body, List.of("name", "size", "dataCenter"));
    volume.set("type", or(body, "type", () -> JSON.getNodeFactory().stringNode("STANDARD")));
    stored.put(id, volume);
    since.put(id, account.clock.instant());
    return id;
  }

  @Override
  void update(String id, ObjectNode body) {
    ObjectNode volume = require(id);
    if (body.has("size") && body.get("size").intValue() < volume.get("size").intValue()) {
      throw Refusal.badRequest(
          "size can only increase: it is "
              + volume.get("size")
              + ", asked for "
              + body.get("size"));
    }
    settle(id);
    merge(volume, body, List.of("name", "size"));
  }

  @Override
  void beforeDelete(String id) {
    if (account.pods.mounts(id) || account.endpoints.mounts(id)) {
      throw Refusal.badRequest("network volume " + id + " is in use and cannot be deleted");
    }
    settle(id);
    since.remove(id);
  }

  /** USD so far by id, those that are gone included. */
  Map<String, Double> spent() {
    since.keySet().forEach(this::settle);
    return Map.copyOf(billed);
  }

  private void settle(String id) {
    Instant now = account.clock.instant();
    int size = require(id).get("size").intValue();
    double month =
        Math.min(size, TERABYTE) * FIRST_TERABYTE + Math.max(0, size - TERABYTE) * BEYOND;
    double hours = Duration.between(since.get(id), now).toMillis() / 3_600_000.0;
    billed.merge(id, month / HOURS_A_MONTH * hours, Double::sum);
    since.put(id, now);
  }
}
