package dev.mlinfra.cost;

import java.util.List;
import java.util.Locale;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prices for programs. The shape is this one as long as {@code schema} is {@value #SCHEMA}; keys
 * may be added.
 *
 * <pre>{@code
 * schema          mlinfra/cost/v1
 * environments[]  environment; resources: how many; usage: predictionsPerMonth,
 *                 trainingHoursPerMonth, dataGb; expectedUsd, worstUsd: AMOUNT per month;
 *                 maxHourlyUsd: number
 *   limits[]      limit, where, status (fine, warning, over, undecided), amount, allowed, unit,
 *                 arithmetic, changes[]
 *   lines[]       dearest first: where, stack, resource, type, workload, what, kind (running,
 *                 stored, used), expected: CHARGE, worst: CHARGE, left out where nothing bounds it
 *   jobs[]        where, stack, resource, workload, attempts, timeoutSeconds, atOnce,
 *                 hourly: CHARGE, usd: AMOUNT; what is not known or not bounded is left out
 *   perUnit[]     what, usd: AMOUNT, arithmetic
 *   explained[]   where, stack, resource, type, reason (free, elsewhere, not_priced), because
 * AMOUNT          low, high: USD
 * CHARGE          quantity, unit, unitUsd: AMOUNT, usd: AMOUNT, provider, region, standsInFor,
 *                 service, item, source, date, note, why
 * }</pre>
 *
 * What is not known or empty is left out.
 */
public final class CostJson {
  /** What the shape is called. */
  public static final String SCHEMA = "mlinfra/cost/v1";

  private static final double SMALLEST = 1e6;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          // A terminal's or a file's encoding is then of no concern.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private CostJson() {}

  /** The prices as JSON, indented. */
  public static String of(List<PricedEnvironment> environments) {
    return JSON.writeValueAsString(node(environments)) + "\n";
  }

  /** The same, to be put into something larger. */
  public static ObjectNode node(List<PricedEnvironment> environments) {
    ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
    ArrayNode all = root.putArray("environments");
    environments.forEach(priced -> all.add(environment(priced)));
    return root;
  }

  private static ObjectNode environment(PricedEnvironment priced) {
    Estimate estimate = priced.estimate();
    ObjectNode node = JSON.createObjectNode().put("environment", estimate.environment());
    node.put("resources", estimate.resources());
    node.putObject("usage")
        .put("predictionsPerMonth", estimate.usage().predictionsPerMonth())
        .put("trainingHoursPerMonth", estimate.usage().trainingHoursPerMonth())
        .put("dataGb", estimate.usage().dataGb());
    node.set("expectedUsd", amount(estimate.expected()));
    node.set("worstUsd", amount(estimate.worst()));
    node.put("maxHourlyUsd", rounded(estimate.maxHourlyUsd()));
    ArrayNode limits = node.putArray("limits");
    priced.limits().forEach(result -> limits.add(limit(result)));
    ArrayNode lines = node.putArray("lines");
    priced.dearestFirst().forEach(item -> lines.add(line(item)));
    ArrayNode jobs = node.putArray("jobs");
    estimate.jobs().forEach(job -> jobs.add(job(job)));
    ArrayNode perUnit = node.putArray("perUnit");
    for (UnitCost unit : UnitCost.of(estimate)) {
      ObjectNode one = perUnit.addObject().put("what", unit.what());
      one.set("usd", amount(unit.usd()));
      one.put("arithmetic", unit.arithmetic());
    }
    ArrayNode explained = node.putArray("explained");
    estimate.explained().forEach(one -> explained.add(explained(one)));
    return node;
  }

  private static ObjectNode limit(LimitResult result) {
    ObjectNode node = JSON.createObjectNode().put("limit", result.limit());
    putUnlessEmpty(node, "where", result.where());
    node.put("status", word(result.status()));
    result.amount().ifPresent(amount -> node.put("amount", rounded(amount)));
    node.put("allowed", result.allowed())
        .put("unit", result.unit())
        .put("arithmetic", result.arithmetic());
    ArrayNode changes = node.putArray("changes");
    result.changes().forEach(changes::add);
    return node;
  }

  private static ObjectNode line(LineItem item) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("where", item.where())
            .put("stack", item.resource().stack())
            .put("resource", item.resource().name())
            .put("type", item.type());
    putUnlessEmpty(node, "workload", item.workload());
    node.put("what", item.what()).put("kind", word(item.kind()));
    node.set("expected", charge(item.expected()));
    item.worst().ifPresent(worst -> node.set("worst", charge(worst)));
    return node;
  }

  private static ObjectNode job(JobExposure job) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("where", job.where())
            .put("stack", job.resource().stack())
            .put("resource", job.resource().name());
    putUnlessEmpty(node, "workload", job.workload());
    job.attempts().ifPresent(attempts -> node.put("attempts", attempts));
    job.timeout().ifPresent(timeout -> node.put("timeoutSeconds", timeout.toMillis() / 1000.0));
    job.atOnce().ifPresent(atOnce -> node.put("atOnce", atOnce));
    job.hourly().ifPresent(hourly -> node.set("hourly", charge(hourly)));
    job.usd().ifPresent(usd -> node.set("usd", amount(usd)));
    return node;
  }

  private static ObjectNode explained(Explained one) {
    return JSON.createObjectNode()
        .put("where", one.where())
        .put("stack", one.resource().stack())
        .put("resource", one.resource().name())
        .put("type", one.type())
        .put("reason", word(one.reason()))
        .put("because", one.because());
  }

  private static ObjectNode charge(Charge charge) {
    Price price = charge.price();
    ObjectNode node =
        JSON.createObjectNode()
            .put("quantity", rounded(charge.quantity()))
            .put("unit", price.unit());
    node.set(
        "unitUsd",
        JSON.createObjectNode().put("low", price.usd().low()).put("high", price.usd().high()));
    node.set("usd", amount(charge.usd()));
    node.put("provider", price.provider()).put("region", price.region());
    price.standsInFor().ifPresent(region -> node.put("standsInFor", region));
    node.put("service", price.service()).put("item", price.item()).put("source", price.source());
    price.date().ifPresent(date -> node.put("date", date.toString()));
    putUnlessEmpty(node, "note", price.note());
    putUnlessEmpty(node, "why", charge.why());
    return node;
  }

  /** An AMOUNT: low and high in USD. */
  public static ObjectNode amount(Usd usd) {
    return JSON.createObjectNode().put("low", rounded(usd.low())).put("high", rounded(usd.high()));
  }

  /** Sums of prices end in digits that mean nothing. */
  private static double rounded(double number) {
    return Math.round(number * SMALLEST) / SMALLEST;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static void putUnlessEmpty(ObjectNode node, String name, String value) {
    if (!value.isEmpty()) {
      node.put(name, value);
    }
  }
}
