package dev.mlinfra.policy;

import dev.mlinfra.core.Position;
import dev.mlinfra.policy.Report.Acknowledged;
import dev.mlinfra.policy.Report.RuleDescription;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A report in SARIF 2.1.0, which code scanning reads. Acknowledged findings are in it, suppressed,
 * with their reason.
 */
public final class ReportSarif {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  /** Of what a finding is about and not of where it stands: it survives lines that move. */
  private static final String FINGERPRINT = "mlinfraFinding/v1";

  private ReportSarif() {}

  /**
   * The report as SARIF.
   *
   * @param folder files below it are named relative to it, others in full; usually the root of the
   *     repository
   */
  public static String of(Report report, Path folder) {
    ObjectNode root =
        ReportJson.JSON.createObjectNode().put("$schema", SCHEMA).put("version", "2.1.0");
    ObjectNode run = root.putArray("runs").addObject();
    Map<String, Integer> indexes = rules(report, run);
    run.putArray("invocations").addObject().put("executionSuccessful", true);
    ArrayNode results = run.putArray("results");
    for (Finding finding : report.findings()) {
      results.add(result(finding, indexes, folder));
    }
    for (Acknowledged each : report.acknowledged()) {
      ObjectNode result = result(each.finding(), indexes, folder);
      result
          .putArray("suppressions")
          .addObject()
          .put("kind", "inSource")
          .put("status", "accepted")
          .put("justification", each.acknowledgement().reason());
      results.add(result);
    }
    return ReportJson.JSON.writeValueAsString(root) + "\n";
  }

  private static Map<String, Integer> rules(Report report, ObjectNode run) {
    ObjectNode driver = run.putObject("tool").putObject("driver").put("name", "mlinfra");
    ArrayNode rules = driver.putArray("rules");
    Map<String, Integer> indexes = new HashMap<>();
    for (RuleDescription rule : report.rules()) {
      indexes.put(rule.id(), rules.size());
      ObjectNode node = rules.addObject().put("id", rule.id());
      node.putObject("shortDescription").put("text", rule.requirement());
      node.putObject("help")
          .put(
              "text",
              rule.requirement()
                  + " A finding that must stay is acknowledged with the id "
                  + rule.id()
                  + " and a reason of at least "
                  + Acknowledgement.SHORTEST_REASON
                  + " characters.");
      node.putObject("defaultConfiguration").put("level", "error");
    }
    return indexes;
  }

  private static ObjectNode result(Finding finding, Map<String, Integer> indexes, Path folder) {
    ObjectNode result = ReportJson.JSON.createObjectNode().put("ruleId", finding.rule());
    Optional.ofNullable(indexes.get(finding.rule()))
        .ifPresent(index -> result.put("ruleIndex", index));
    result.put("level", finding.isError() ? "error" : "warning");
    result.putObject("message").put("text", message(finding));
    ObjectNode location = result.putArray("locations").addObject();
    finding
        .position()
        .ifPresent(
            position -> {
              ObjectNode physical = location.putObject("physicalLocation");
              physical.putObject("artifactLocation").put("uri", uri(position, folder));
              physical
                  .putObject("region")
                  .put("startLine", position.line())
                  .put("startColumn", position.column());
            });
    location
        .putArray("logicalLocations")
        .addObject()
        .put("fullyQualifiedName", finding.where())
        .put("kind", "resource");
    result.putObject("partialFingerprints").put(FINGERPRINT, fingerprint(finding));
    return result;
  }

  /** What a person reads; the rule and the place stand beside it. */
  private static String message(Finding finding) {
    StringBuilder text = new StringBuilder(finding.where()).append(": ");
    if (!finding.at().isEmpty()) {
      text.append(finding.at()).append(": ");
    }
    text.append(finding.problem());
    if (!finding.given().isEmpty()) {
      text.append("; given: ").append(finding.given());
    }
    text.append("; fix: ").append(finding.fix());
    finding.source().ifPresent(line -> text.append("; made by ").append(line));
    return text.toString();
  }

  private static String uri(Position position, Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    Path file = root.resolve(position.file()).normalize();
    return file.startsWith(root)
        ? root.toUri().relativize(file.toUri()).toString()
        : file.toUri().toString();
  }

  private static String fingerprint(Finding finding) {
    String identity =
        String.join("\n", List.of(finding.rule(), finding.where(), finding.at(), finding.given()));
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(identity.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
