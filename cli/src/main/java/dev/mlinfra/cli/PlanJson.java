package dev.mlinfra.cli;

import dev.mlinfra.cost.CostJson;
import dev.mlinfra.cost.EgressChoice;
import dev.mlinfra.policy.PermissionWords;
import dev.mlinfra.policy.ReportJson;
import java.util.List;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plans for programs. The shape is this one as long as {@code schema} is {@value #SCHEMA}; keys may
 * be added.
 *
 * <pre>{@code
 * schema           mlinfra/plan/v1
 * environments[]   environment
 *   resources      how many, by type
 *   cost           as an environment of mlinfra/cost/v1
 *   egress[]       egress, chosen, expectedUsd, worstUsd (AMOUNT of mlinfra/cost/v1): with each way out of the
 *                  network; empty where none is made
 *   permissions[]  name, sentences[]
 *   verdict        as mlinfra/findings/v1
 *   notProven[]    what, why
 * }</pre>
 */
final class PlanJson {
  static final String SCHEMA = "mlinfra/plan/v1";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private PlanJson() {}

  static String of(List<Plan> plans) {
    ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
    ArrayNode environments = root.putArray("environments");
    plans.forEach(plan -> environments.add(plan(plan)));
    return JSON.writeValueAsString(root) + "\n";
  }

  private static ObjectNode plan(Plan plan) {
    ObjectNode node = JSON.createObjectNode().put("environment", plan.environment());
    ObjectNode resources = node.putObject("resources");
    plan.resources().forEach(resources::put);
    node.set("cost", CostJson.node(List.of(plan.cost())).path("environments").path(0));
    ArrayNode egress = node.putArray("egress");
    for (EgressChoice choice : plan.egress()) {
      ObjectNode one =
          egress.addObject().put("egress", choice.egress()).put("chosen", choice.chosen());
      one.set("expectedUsd", CostJson.amount(choice.estimate().expected()));
      one.set("worstUsd", CostJson.amount(choice.estimate().worst()));
    }
    ArrayNode permissions = node.putArray("permissions");
    for (PermissionWords.Subject subject : plan.permissions()) {
      ArrayNode sentences =
          permissions.addObject().put("name", subject.name()).putArray("sentences");
      subject.sentences().forEach(sentences::add);
    }
    node.set("verdict", JSON.readTree(ReportJson.of(plan.verdict())));
    ArrayNode notProven = node.putArray("notProven");
    plan.notProven()
        .forEach(one -> notProven.addObject().put("what", one.what()).put("why", one.why()));
    return node;
  }
}
