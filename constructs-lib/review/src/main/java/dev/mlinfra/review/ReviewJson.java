package dev.mlinfra.review;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Usd;
import dev.mlinfra.template.Resource;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A review for programs. The shape is this one as long as {@code schema} is {@value #SCHEMA}; keys
 * may be added.
 *
 * <pre>{@code
 * schema      mlinfra/review/v1
 * summary     verdict; destructive, broadening, overBudget: true or false; newErrors, assets:
 *             numbers; gate: errors, warnings, acknowledged: numbers
 * items[]     risk (data, permissions, tags, cost, reach, findings, other), what, before, after,
 *             places[] (where, type, source: class, method, file, line)
 * changes[]   kind (added, removed, replaced, updated, renamed, moved), stack, resource, type,
 *             where, was (stack, resource) where that differs, replacedBy[], perhapsReplacedBy[],
 *             differences[] (path, before, after)
 * costs[]     environment, base and head (expected, worst: low, high in USD a month)
 * overBudget[]  environment, limit, amount, allowed
 * unproved[]  sentences
 * }</pre>
 *
 * What is not known or empty is left out.
 */
public final class ReviewJson {
  /** What the shape is called. */
  public static final String SCHEMA = "mlinfra/review/v1";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          // A terminal's or a file's encoding is then of no concern.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private ReviewJson() {}

  /** The review as JSON, indented. */
  public static String of(Review review) {
    ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
    ObjectNode summary = root.putObject("summary");
    summary
        .put("verdict", review.verdict())
        .put("destructive", review.isDestructive())
        .put("broadening", review.isBroadening())
        .put("overBudget", !review.overBudget().isEmpty())
        .put("newErrors", review.newErrors().size())
        .put("assets", review.comparison().assets());
    summary
        .putObject("gate")
        .put("errors", review.gate().errors().size())
        .put("warnings", review.gate().warnings().size())
        .put("acknowledged", review.gate().acknowledged().size());
    ArrayNode items = root.putArray("items");
    review.items().forEach(item -> item(item, items.addObject()));
    ArrayNode changes = root.putArray("changes");
    review.comparison().changes().forEach(change -> change(change, changes.addObject()));
    ArrayNode costs = root.putArray("costs");
    for (CostChange cost : review.costs()) {
      ObjectNode node = costs.addObject().put("environment", cost.environment());
      cost.base().ifPresent(it -> estimate(it, node.putObject("base")));
      cost.head().ifPresent(it -> estimate(it, node.putObject("head")));
    }
    ArrayNode over = root.putArray("overBudget");
    for (OverBudget each : review.overBudget()) {
      over.addObject()
          .put("environment", each.environment())
          .put("limit", each.limit())
          .put("amount", each.amount())
          .put("allowed", each.allowed());
    }
    ArrayNode unproved = root.putArray("unproved");
    review.unproved().forEach(unproved::add);
    return JSON.writeValueAsString(root) + "\n";
  }

  private static void item(ReviewItem item, ObjectNode node) {
    node.put("risk", word(item.risk())).put("what", item.what());
    putUnlessEmpty(node, "before", item.before());
    putUnlessEmpty(node, "after", item.after());
    ArrayNode places = node.putArray("places");
    for (ReviewItem.Place place : item.places()) {
      ObjectNode one = places.addObject().put("where", place.where());
      putUnlessEmpty(one, "type", place.type());
      place
          .source()
          .ifPresent(
              line ->
                  one.putObject("source")
                      .put("class", line.className())
                      .put("method", line.method())
                      .put("file", line.file())
                      .put("line", line.line()));
    }
  }

  private static void change(ResourceChange change, ObjectNode node) {
    Resource resource = change.resource();
    node.put("kind", word(change.kind()))
        .put("stack", resource.id().stack())
        .put("resource", resource.id().name())
        .put("type", resource.type())
        .put("where", resource.label());
    Optional<Resource> was = change.base().filter(it -> !it.id().equals(resource.id()));
    was.ifPresent(
        it -> node.putObject("was").put("stack", it.id().stack()).put("resource", it.id().name()));
    if (!change.replacedBy().isEmpty()) {
      ArrayNode reasons = node.putArray("replacedBy");
      change.replacedBy().forEach(reasons::add);
    }
    if (!change.perhapsReplacedBy().isEmpty()) {
      ArrayNode reasons = node.putArray("perhapsReplacedBy");
      change.perhapsReplacedBy().forEach(reasons::add);
    }
    if (!change.differences().isEmpty()) {
      ArrayNode differences = node.putArray("differences");
      for (Difference difference : change.differences()) {
        ObjectNode one = differences.addObject().put("path", difference.path());
        putUnlessEmpty(one, "before", difference.before());
        putUnlessEmpty(one, "after", difference.after());
      }
    }
  }

  private static void estimate(Estimate estimate, ObjectNode node) {
    usd(estimate.expected(), node.putObject("expected"));
    usd(estimate.worst(), node.putObject("worst"));
  }

  private static void usd(Usd usd, ObjectNode node) {
    node.put("low", usd.low()).put("high", usd.high());
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
