package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Budget;
import dev.mlinfra.cost.LineItem.Kind;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The three reports, compared with files that were read by a person; {@code mvn test
 * -Dsnapshots=update} writes them.
 */
class CostReportsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("mlinfra.root"))
          .resolve("constructs-lib/cost/src/test/resources/dev/mlinfra/cost/reports");

  private static final Price G5 = Estimates.ec2("g5.2xlarge", 1.212);
  private static final Price FOREIGN = Estimates.ec2("c5.large", 0.085).standingInFor("eu-west-1");
  private static final Price SPOT =
      Estimates.unit("ec2-spot", "g5.2xlarge", "hour", new Usd(0.4, 0.9));
  private static final Price STORAGE = Estimates.unit("s3", "standard", "GB-month", Usd.of(0.023));
  private static final Price MEMORY =
      Estimates.unit("lambda", "x86", "GB-second", Usd.of(0.0000166667));

  private static List<PricedEnvironment> environments() {
    Estimate dev =
        Estimates.dev()
            .line(
                "Bucket",
                "storage",
                Kind.STORED,
                new Charge(100, STORAGE, "100 usage.dataGb"),
                Optional.empty())
            .of("training")
            .line(
                "Fleet",
                "g5.2xlarge",
                Kind.RUNNING,
                new Charge(40, SPOT, "40 usage.trainingHoursPerMonth"),
                Optional.of(new Charge(5840, G5, "8 instances x 730 h")))
            .job("Job", 3, Duration.ofHours(4), new Charge(1, G5, ""), 8)
            .of("prediction")
            .line(
                "Function",
                "duration",
                Kind.RUNNING,
                new Charge(5875, MEMORY, "1000 usage.predictionsPerMonth x 2 s x 2.9375 GB"),
                Optional.of(new Charge(77_197_500, MEMORY, "10 at one time x 730 h")))
            .job("Function", 3, Duration.ofMinutes(15), new Charge(10_575, MEMORY, ""), 10)
            .of("")
            .running("Always", FOREIGN, 730, "730 h", 730)
            .explained("Role", Explained.Reason.FREE, "IAM is free")
            .explained("Policy", Explained.Reason.ELSEWHERE, "billed at the bucket")
            .explained("Odd\u001b[31m|<b>", Explained.Reason.NOT_PRICED, "no source for ml.odd")
            .estimate();
    Budget budget = new Budget(100, 5000, 0.8, 13, 1, 10, 5);
    return PricedEnvironment.of(
        List.of(dev, new Estimate("empty", Estimates.USAGE, 0, List.of(), List.of(), List.of())),
        Map.of("dev", budget));
  }

  @ParameterizedTest
  @ValueSource(strings = {"report.txt", "report.json", "report.md"})
  void areAsReviewed(String name) throws IOException {
    assertSame(name);
    Locale locale = Locale.getDefault();
    try {
      // Commas for points, and other digits.
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertSame(name);
    } finally {
      Locale.setDefault(locale);
    }
  }

  private static void assertSame(String name) throws IOException {
    Path file = FOLDER.resolve(name);
    String text = text(name, environments());
    if ("update".equals(System.getProperty("snapshots"))) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text);
    }
    assertThat(file).as("mvn test -Dsnapshots=update writes it").exists();
    assertThat(text).isEqualTo(Files.readString(file));
  }

  private static String text(String name, List<PricedEnvironment> environments) {
    return switch (name) {
      case "report.txt" -> CostText.of(environments);
      case "report.json" -> CostJson.of(environments);
      default -> CostMarkdown.of(environments);
    };
  }

  @Test
  void jsonCanBeReadAgain() {
    JsonNode dev = JsonMapper.shared().readTree(CostJson.of(environments())).at("/environments/0");

    assertThat(dev.at("/lines/0/what").asString()).isEqualTo("c5.large");
    assertThat(dev.at("/lines/0/expected/standsInFor").asString()).isEqualTo("eu-west-1");
    assertThat(dev.at("/expectedUsd/high").asDouble()).isEqualTo(100.447917);
    assertThat(dev.at("/jobs/0/timeoutSeconds").asDouble()).isEqualTo(14_400);
  }

  @Test
  void markdownHasRoomForAVeryLargeEnvironment() {
    Estimates many = Estimates.dev();
    for (int i = 0; i < 2000; i++) {
      many.running("R" + i, G5, 730, "730 h", 730);
    }
    String text = CostMarkdown.of(List.of(new PricedEnvironment(many.estimate(), List.of())));

    assertThat(text.length()).isLessThanOrEqualTo(CostMarkdown.MOST_CHARACTERS);
    assertThat(text).contains("\nand ").contains(" more\n").contains("</details>");
  }

  @Test
  void aJobThatNothingBoundsIsSaid() {
    Estimate estimate =
        Estimates.dev()
            .job(
                "Job", OptionalInt.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty())
            .estimate();
    List<PricedEnvironment> priced = List.of(new PricedEnvironment(estimate, List.of()));

    assertThat(CostText.of(priced))
        .contains("dev/Test/Job: any number of attempts x any time x a price that is not known");
    assertThat(
            JsonMapper.shared().readTree(CostJson.of(priced)).at("/environments/0/jobs/0").size())
        .isEqualTo(3);
  }

  @Test
  void noSecretIsPrinted() {
    List<Estimate> estimates =
        Estimator.standard()
            .estimate(
                Models.parse(
                    "export.json",
                    """
                    {"version": 3, "deployment": {"resources": [{
                      "urn": "urn:pulumi:gcp-dev::shop::some:odd:Type::thing",
                      "type": "some:odd:Type", "custom": true,
                      "inputs": {"size": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                        "plaintext": "\\"hunter2hunter2\\""}}}]}}
                    """));
    List<PricedEnvironment> priced = PricedEnvironment.of(estimates, Map.of());

    for (String name : List.of("report.txt", "report.json", "report.md")) {
      assertThat(text(name, priced)).contains("some:odd:Type").doesNotContain("hunter2");
    }
  }

  @Test
  void theSummarySaysWhatIsNearlyReachedAndUndecided() {
    Estimate estimate =
        Estimates.dev()
            .line("Fleet", "g5.2xlarge", Kind.RUNNING, new Charge(40, G5, ""), Optional.empty())
            .estimate();

    assertThat(
            PricedEnvironment.of(
                    List.of(estimate), Map.of("dev", new Budget(50, 500, 0.8, 1, 1, 10, 5)))
                .get(0)
                .summary())
        .isEqualTo(
            "dev: 48.48 USD a month expected, 48.48 USD at most, within its limits (1 nearly"
                + " reached, 2 undecided)");
  }

  @Test
  void modelsOfOneEnvironmentArePutTogether() {
    Estimate one = Estimates.dev().running("A", G5, 1, "", 1).estimate();
    Estimate other = Estimates.dev().running("B", G5, 2, "", 2).estimate();

    List<PricedEnvironment> priced =
        PricedEnvironment.of(List.of(one, other), Map.of("dev", Estimates.generous()));

    assertThat(priced).hasSize(1);
    assertThat(priced.get(0).estimate().resources()).isEqualTo(12);
    assertThat(priced.get(0).summary())
        .isEqualTo("dev: 3.64 USD a month expected, 3.64 USD at most, within its limits");
  }
}
