package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.mlinfra.cost.PriceBook;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CatalogCommandTest {
  private static final String ROOT = System.getProperty("mlinfra.root");
  private static final String HEADER =
      "provider,region,service,item,unit,usd,usd_high,source,date,note\n";

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private String answer;

  @BeforeEach
  void project() throws IOException {
    System.setProperty("mlinfra.root", folder.toString());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(body.length == 0 ? 403 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void backToTheProject() {
    System.setProperty("mlinfra.root", ROOT);
    server.stop(0);
  }

  @Test
  void pricesOfThisVersionAreNotRefused() {
    assertThat(run("catalog", "check")).isZero();
    assertThat(out.toString()).contains("0 errors, ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void oldPricesAreToldBySourceAndFailOnlyWhenStrict() {
    assertThat(run("catalog", "check", "--as-of", "2027-03-01")).isZero();
    assertThat(out.toString())
        .contains("prices on 2027-03-01\n")
        .contains("prices older than 120 days; mlinfra catalog refresh\n")
        .containsPattern(
            "  +\\d+  2026-07-20  aws/karpenter-provider-aws"
                + " pkg/providers/pricing/zz_generated.pricing_aws.go@6fc13b52\n");

    assertThat(run("catalog", "check", "--as-of", "2027-03-01", "--strict")).isEqualTo(1);
  }

  @Test
  void pricesWithoutADateAreToldApart() {
    run("catalog", "check", "--as-of", "2026-11-23");

    assertThat(out.toString())
        .containsPattern("warning  \\d+ prices without a date\n")
        .containsPattern(
            "  +\\d+  skypilot-org/skypilot-catalog catalogs/v9/aws/vms.csv@2c3d7ea7\n");
  }

  @Test
  void machinesThatCanBeSelectedAndAreNotPricedAreNamed() {
    run("catalog", "check");

    assertThat(out.toString())
        .contains("machines can be selected and have no price: ")
        .contains("aws p5e.48xlarge, ")
        .contains("aws trn2.48xlarge")
        .contains("aws trn2u.*")
        .contains("runpod NVIDIA RTX A4000")
        .doesNotContain("aws g5.xlarge");
  }

  @Test
  void whatCannotBeRightFails() throws IOException {
    Files.createDirectories(folder.resolve("environments/prices"));
    Files.writeString(
        folder.resolve("environments/prices/aws.csv"),
        HEADER + "aws,us-east-1,ec2,g5.xlarge,hour,700,,page,2026-11-01,\n");

    assertThat(run("catalog", "check", "--as-of", "2026-11-23")).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("1 prices on 2026-11-23\n")
        .contains("error    aws us-east-1 ec2 g5.xlarge: 700 USD, which looks like a placeholder");
  }

  @Test
  void aTableThatCannotBeReadIsWrongInput() throws IOException {
    Path file = folder.resolve("aws.csv");
    Files.writeString(file, HEADER + "aws,us-east-1,ec2,g5.xlarge,hour,dear,,page,,\n");

    assertThat(run("catalog", "check", "--prices", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(file + ":2:1: usd: 'dear'");
  }

  @Test
  void aFolderThatIsNotThereIsWrongInput() {
    assertThat(run("catalog", "check", "--prices", folder + "/none")).isEqualTo(2);
    assertThat(err.toString()).contains("--prices: no folder " + folder + "/none");
  }

  @Test
  void programsGetJson() {
    assertThat(run("catalog", "check", "-o", "json", "--as-of", "2026-11-23")).isZero();

    JsonNode report = JsonMapper.shared().readTree(out.toString());
    assertThat(report.path("schema").asString()).isEqualTo("mlinfra/catalog/v1");
    assertThat(report.path("asOf").asString()).isEqualTo("2026-11-23");
    assertThat(report.path("prices").asInt()).isEqualTo(PriceBook.bundled().prices().size());
    assertThat(report.path("errors")).isEmpty();
    assertThat(report.path("old").path(0).path("source").asString()).isNotEmpty();
    assertThat(report.path("old").path(0).path("date").asString()).isNotEmpty();
    assertThat(report.path("old").path(0).path("prices").asInt()).isPositive();
    assertThat(report.path("undated")).isNotEmpty();
    assertThat(report.path("notPriced").valueStream().map(JsonNode::asString))
        .contains("aws p5e.48xlarge");
  }

  @Test
  void refreshedPricesTakeThePlaceOfThoseOfThisVersion() {
    answer = pricing("0.75");

    assertThat(refresh()).isZero();
    assertThat(out.toString())
        .contains("changed  gcp us-central1 compute g2-standard-4: 0.706832255 becomes 0.75 USD")
        .contains("0 rejected, 0 providers not refreshed\n")
        .contains("written to ");
    assertThat(Prices.folder()).isDirectoryContaining("glob:**/gcp.csv");
    assertThat(price()).isEqualTo(0.75);

    answer = pricing("0.76");
    assertThat(refresh()).isZero();
    assertThat(out.toString()).contains("0.75 becomes 0.76 USD");
    assertThat(price()).isEqualTo(0.76);
  }

  @Test
  void aRejectedPriceIsAFinding() {
    answer = pricing("7.5");

    assertThat(refresh()).isEqualTo(1);
    assertThat(out.toString()).contains("rejected gcp us-central1 compute g2-standard-4: 7.5 USD");
    assertThat(price()).isEqualTo(0.706832255);

    assertThat(refresh("--accept", "gcp us-central1 compute g2-standard-4")).isZero();
    assertThat(price()).isEqualTo(7.5);
  }

  @Test
  void withoutAnAnswerNothingIsWritten() {
    answer = "";

    assertThat(refresh()).isEqualTo(3);
    assertThat(out.toString()).contains("error    gcp: not refreshed, its prices stay: GET ");
    assertThat(err.toString()).contains("no provider could be asked; nothing was written");
    assertThat(Prices.folder()).doesNotExist();
  }

  @Test
  void oneProviderWithoutAnAnswerDoesNotHoldUpTheOthers() {
    answer = pricing("0.75");

    assertThat(
            run(
                "catalog",
                "refresh",
                "--provider",
                "gcp,azure",
                "--url",
                "gcp=" + url(),
                "--url",
                "azure=" + url()))
        .isEqualTo(3);
    assertThat(out.toString()).contains("error    azure: not refreshed").contains("written to ");
    assertThat(price()).isEqualTo(0.75);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--provider|acme|--provider: given 'acme'; allowed: aws, azure, gcp, runpod",
        "--region|aws|--region: given 'aws'; allowed: PROVIDER=VALUE",
        "--region|acme=x|--region: given 'acme=x'; allowed: aws, azure, gcp, runpod",
        "--url|gcp=ftp://x|--url: given 'ftp://x'; allowed: an address that starts with http://",
        "--url|gcp=:|--url: given ':'; allowed: an address that starts with http://"
      })
  void wrongOptionsAreTold(String option, String value, String message) {
    assertThat(run("catalog", "refresh", option, value)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  private int refresh(String... more) {
    String[] all = new String[5 + more.length];
    System.arraycopy(
        new String[] {"catalog", "refresh", "--provider=gcp", "--url", "gcp=" + url()},
        0,
        all,
        0,
        5);
    System.arraycopy(more, 0, all, 5, more.length);
    return run(all);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** In the shape of Cyclenerd's pricing.yml. */
  private static String pricing(String hour) {
    return """
    about: {timestamp: 1795068797}
    compute:
      instance:
        g2-standard-4: {l4: 1, cost: {us-central1: {hour: %s, month: 500}}}
    """
        .formatted(hour);
  }

  private static double price() {
    return Prices.current()
        .find("gcp", "us-central1", "compute", "g2-standard-4")
        .orElseThrow()
        .usd()
        .high();
  }

  private int run(String... arguments) {
    CommandLine commandLine = Mlinfra.commandLine();
    // As on a terminal, what is not flushed is not seen.
    commandLine.setOut(new PrintWriter(new BufferedWriter(out, 1 << 20)));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
