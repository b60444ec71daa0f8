package dev.mlinfra.cost;

import dev.mlinfra.core.Problem;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@link CatalogReport} for programs. The shape is this one as long as {@code schema} is {@value
 * #SCHEMA}; keys may be added.
 *
 * <pre>{@code
 * schema      mlinfra/catalog/v1
 * asOf        the day
 * prices      how many
 * errors[]    price, given, allowed, fix
 * old[]       source, date (of the oldest), prices (how many)
 * undated[]   source, prices
 * notPriced[] machines, as "aws p5e.48xlarge"
 * }</pre>
 */
public final class CatalogJson {
  /** What the shape is called. */
  public static final String SCHEMA = "mlinfra/catalog/v1";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private CatalogJson() {}

  /** The report as JSON, indented. */
  public static String of(CatalogReport report) {
    ObjectNode root =
        JSON.createObjectNode()
            .put("schema", SCHEMA)
            .put("asOf", report.asOf().toString())
            .put("prices", report.prices());
    ArrayNode errors = root.putArray("errors");
    for (Problem problem : report.problems()) {
      errors
          .addObject()
          .put("price", problem.path())
          .put("given", problem.given())
          .put("allowed", problem.allowed())
          .put("fix", problem.fix());
    }
    sources(root.putArray("old"), report.old());
    sources(root.putArray("undated"), report.undated());
    ArrayNode notPriced = root.putArray("notPriced");
    report.notPriced().forEach(notPriced::add);
    return JSON.writeValueAsString(root) + "\n";
  }

  private static void sources(ArrayNode into, SortedMap<String, List<Price>> sources) {
    sources.forEach(
        (source, prices) -> {
          ObjectNode node = into.addObject().put("source", source).put("prices", prices.size());
          prices.stream()
              .flatMap(price -> price.date().stream())
              .min(LocalDate::compareTo)
              .ifPresent(date -> node.put("date", date.toString()));
        });
  }
}
