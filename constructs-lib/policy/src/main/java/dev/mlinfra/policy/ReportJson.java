package dev.mlinfra.policy;

import dev.mlinfra.policy.Report.Acknowledged;
import dev.mlinfra.policy.Report.RuleDescription;
import java.util.Locale;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A report for programs. The shape is this one as long as {@code schema} is {@value #SCHEMA}; keys
 * may be added.
 *
 * <pre>{@code
 * schema        mlinfra/findings/v1
 * summary       errors, warnings, acknowledged, places, undecided: numbers; iamFacts: the day up
 *               to which the actions of IAM are known
 * findings[]    rule, severity (error or warning), where, stack, resource, type, at, given,
 *               problem, fix, source (class, method, file, line), position (file, line, column)
 * acknowledged[]  rule, scope, reason, finding (as above)
 * rules[]       id, requirement
 * }</pre>
 *
 * What is not known or empty is left out; {@code rule}, {@code severity}, {@code where}, {@code
 * problem} and {@code fix} are always there.
 */
public final class ReportJson {
  /** What the shape is called. */
  public static final String SCHEMA = "mlinfra/findings/v1";

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          // A terminal's or a file's encoding is then of no concern.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private ReportJson() {}

  /** The report as JSON, indented. */
  public static String of(Report report) {
    ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
    root.putObject("summary")
        .put("errors", report.errors().size())
        .put("warnings", report.warnings().size())
        .put("acknowledged", report.acknowledged().size())
        .put("places", report.places())
        .put("undecided", report.undecided())
        .put("iamFacts", report.iamFacts().toString());
    ArrayNode findings = root.putArray("findings");
    report.findings().forEach(finding -> findings.add(finding(finding)));
    ArrayNode acknowledged = root.putArray("acknowledged");
    for (Acknowledged each : report.acknowledged()) {
      acknowledged
          .addObject()
          .put("rule", each.acknowledgement().rule())
          .put("scope", each.acknowledgement().scope())
          .put("reason", each.acknowledgement().reason())
          .set("finding", finding(each.finding()));
    }
    ArrayNode rules = root.putArray("rules");
    for (RuleDescription rule : report.rules()) {
      rules.addObject().put("id", rule.id()).put("requirement", rule.requirement());
    }
    return JSON.writeValueAsString(root) + "\n";
  }

  private static ObjectNode finding(Finding finding) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("rule", finding.rule())
            .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
            .put("where", finding.where());
    finding.resource().ifPresent(id -> node.put("stack", id.stack()).put("resource", id.name()));
    putUnlessEmpty(node, "type", finding.type());
    putUnlessEmpty(node, "at", finding.at());
    putUnlessEmpty(node, "given", finding.given());
    node.put("problem", finding.problem()).put("fix", finding.fix());
    finding
        .source()
        .ifPresent(
            line ->
                node.putObject("source")
                    .put("class", line.className())
                    .put("method", line.method())
                    .put("file", line.file())
                    .put("line", line.line()));
    finding
        .position()
        .ifPresent(
            position ->
                node.putObject("position")
                    .put("file", position.file())
                    .put("line", position.line())
                    .put("column", position.column()));
    return node;
  }

  private static void putUnlessEmpty(ObjectNode node, String name, String value) {
    if (!value.isEmpty()) {
      node.put(name, value);
    }
  }
}
