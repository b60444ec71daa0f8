package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.mlinfra.core.Position;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ReportSarifTest {
  private static final Path HERE = Path.of("").toAbsolutePath();
  private static final Schema SCHEMA = schema();

  static final List<Report> REPORTS =
      List.of(
          Findings.NOTHING,
          Findings.EVERYTHING,
          Findings.of("a b", "{\"c\": 1}", "d"),
          Gate.standard().check(dev.mlinfra.template.Models.parse("t.yaml", "Resources: {}")));

  @ParameterizedTest
  @FieldSource("REPORTS")
  void isWhatTheStandardSaysOfIt(Report report) {
    assertThat(SCHEMA.validate(json(report))).isEmpty();
  }

  /** The schema is one that refuses. */
  @Test
  void theStandardRefusesAnotherShape() {
    JsonNode sarif = json(Findings.EVERYTHING);
    ((ObjectNode) sarif.at("/runs/0/results/0")).put("level", "dreadful");
    ((ObjectNode) sarif.at("/runs/0/tool/driver")).remove("name");

    assertThat(SCHEMA.validate(sarif)).hasSize(2);
  }

  @Test
  void everyRuleIsNamedWithItsHelp() {
    JsonNode rules = json(Findings.EVERYTHING).at("/runs/0/tool/driver/rules");

    assertThat(rules.at("/1/id").asString()).isEqualTo("mlinfra::iam.action-star");
    assertThat(rules.at("/1/shortDescription/text").asString())
        .isEqualTo("A policy names actions.");
    assertThat(rules.at("/1/help/text").asString())
        .isEqualTo(
            "A policy names actions. A finding that must stay is acknowledged with the id"
                + " mlinfra::iam.action-star and a reason of at least 20 characters.");
  }

  @Test
  void aResultNamesRuleLevelPlaceAndSource() {
    JsonNode result = json(Findings.EVERYTHING).at("/runs/0/results/0");

    assertThat(result.path("ruleId").asString()).isEqualTo("mlinfra::iam.action-star");
    assertThat(result.path("ruleIndex").asInt()).isEqualTo(1);
    assertThat(result.path("level").asString()).isEqualTo("error");
    assertThat(result.at("/message/text").asString())
        .isEqualTo(
            "dev/Data/Policy/Resource: PolicyDocument.Statement[0].Action: allows every action;"
                + " given: *; fix: name the actions that are needed;"
                + " made by com.example.DataStack.<init> (DataStack.java:14)");
    assertThat(result.at("/locations/0/logicalLocations/0/fullyQualifiedName").asString())
        .isEqualTo("dev/Data/Policy/Resource");
    assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri").asString())
        .isEqualTo("cdk.out/Data.template.json");
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(12);
  }

  @Test
  void whatIsNotDecidedIsAWarning() {
    assertThat(json(Findings.EVERYTHING).at("/runs/0/results/1/level").asString())
        .isEqualTo("warning");
  }

  @Test
  void whatIsAcknowledgedIsSuppressedWithItsReason() {
    JsonNode results = json(Findings.EVERYTHING).at("/runs/0/results");

    assertThat(results.path(0).has("suppressions")).isFalse();
    assertThat(results.at("/3/suppressions/0/justification").asString()).isEqualTo(Findings.REASON);
  }

  @Test
  void filesAreNamedFromTheFolderWhereTheyAreInIt() {
    assertThat(uri("a b/t.json")).isEqualTo("a%20b/t.json");
    assertThat(uri(HERE.resolve("sub/../t.json").toString())).isEqualTo("t.json");
    assertThat(uri("/other/t.json")).isEqualTo("file:///other/t.json");
    assertThat(uri("../t.json")).startsWith("file:///").endsWith("/t.json");
  }

  @Test
  void fingerprintsStayWhenLinesMove() {
    assertThat(fingerprint(at(Findings.ERROR, 12))).isEqualTo(fingerprint(at(Findings.ERROR, 99)));
    assertThat(fingerprint(Findings.ERROR)).isNotEqualTo(fingerprint(Findings.SECOND));
  }

  private static String uri(String file) {
    Report report =
        new Report(
            List.of(moved(Findings.ERROR, new Position(file, 1, 1))),
            List.of(),
            Findings.rules(),
            1,
            0,
            Findings.DAY);
    return json(report)
        .at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
        .asString();
  }

  private static String fingerprint(Finding finding) {
    return json(new Report(List.of(finding), List.of(), Findings.rules(), 1, 0, Findings.DAY))
        .at("/runs/0/results/0/partialFingerprints/mlinfraFinding~1v1")
        .asString();
  }

  private static Finding at(Finding finding, int line) {
    return moved(finding, new Position("t.json", line, 1));
  }

  private static Finding moved(Finding finding, Position position) {
    return new Finding(
        finding.rule(),
        finding.severity(),
        finding.where(),
        finding.resource(),
        finding.type(),
        finding.at(),
        finding.given(),
        finding.problem(),
        finding.fix(),
        finding.source(),
        Optional.of(position));
  }

  private static JsonNode json(Report report) {
    return JsonMapper.shared().readTree(ReportSarif.of(report, HERE));
  }

  private static Schema schema() {
    try (InputStream in =
        ReportSarifTest.class.getResourceAsStream("/sarif/sarif-schema-2.1.0.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
          .getSchema(JsonMapper.shared().readTree(in));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
