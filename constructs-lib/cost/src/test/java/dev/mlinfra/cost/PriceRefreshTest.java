package dev.mlinfra.cost;

import static dev.mlinfra.cost.PriceServer.file;
import static dev.mlinfra.cost.PriceServer.status;
import static dev.mlinfra.cost.PriceServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Problem;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PriceRefreshTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);
  private static final PriceBook OLD = PriceBook.bundled();

  private final PriceServer server = new PriceServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void machinesOfEc2AreTheOnesOnDemandWithLinux() {
    RefreshedPrices refreshed = aws().refresh(OLD, TODAY);

    assertThat(refreshed.changes())
        .extracting(RefreshedPrices.Change::toString)
        .containsExactly("aws us-east-1 ec2 g5.xlarge: 1.006 becomes 1.1 USD per hour");
    assertThat(find(refreshed, "ec2", "g5.xlarge"))
        .satisfies(
            price -> {
              assertThat(price.source())
                  .isEqualTo("AWS price list AmazonEC2 us-east-1, version 20261120180000");
              assertThat(price.date()).contains(LocalDate.of(2026, 11, 20));
            });
    assertThat(find(refreshed, "ec2", "m5.large").date()).contains(LocalDate.of(2026, 11, 20));
  }

  @Test
  void aMachineThatHadNoPriceGetsOne() {
    assertThat(aws().refresh(OLD, TODAY).added())
        .extracting(Price::name)
        .containsExactly("aws us-east-1 ec2 p5e.48xlarge");
  }

  @Test
  void servicesAreReadByTheirUsageTypesInOurUnits() {
    RefreshedPrices refreshed = aws().refresh(OLD, TODAY);

    assertThat(find(refreshed, "nat-gateway", "gateway"))
        .satisfies(
            price -> {
              assertThat(price.usd()).isEqualTo(Usd.of(0.045));
              assertThat(price.unit()).isEqualTo("hour");
              assertThat(price.source()).startsWith("AWS price list AmazonEC2");
            });
    assertThat(find(refreshed, "ebs", "gp3 throughput above 125 MB/s").usd().high())
        .isEqualTo(0.04);
    assertThat(find(refreshed, "lambda", "requests").usd().high()).isEqualTo(0.2);
    assertThat(find(refreshed, "lambda", "duration x86 first 6B GB-s"))
        .satisfies(
            price -> {
              assertThat(price.usd()).isEqualTo(Usd.of(0.0000166667));
              assertThat(price.date()).contains(LocalDate.of(2026, 11, 18));
            });
  }

  @Test
  void aJumpAndAPlaceholderAreRejectedAndTheOldPriceStays() {
    RefreshedPrices refreshed = aws().refresh(OLD, TODAY);

    assertThat(refreshed.rejected())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "aws us-east-1 ec2 p5.48xlarge", "aws us-east-1 ec2 trn2.48xlarge");
    assertThat(find(refreshed, "ec2", "p5.48xlarge").usd()).isEqualTo(Usd.of(55.04));
    assertThat(refreshed.book().find("aws", "us-east-1", "ec2", "trn2.48xlarge")).isEmpty();
    assertThat(refreshed.text())
        .contains("rejected aws us-east-1 ec2 p5.48xlarge: 200.5 USD, before 55.04 USD");
  }

  @Test
  void aPersonMayAcceptAJump() {
    RefreshedPrices refreshed =
        aws().accepting(List.of("aws us-east-1 ec2 p5.48xlarge")).refresh(OLD, TODAY);

    assertThat(find(refreshed, "ec2", "p5.48xlarge").usd()).isEqualTo(Usd.of(200.5));
  }

  @Test
  void whatTheListHasTwiceOrNotIsToldAndNotTaken() {
    RefreshedPrices refreshed = aws().refresh(OLD, TODAY);

    assertThat(refreshed.notes())
        .contains(
            "aws us-east-1 ec2 c5.2xlarge: AmazonEC2 has 2 prices for it, so none was taken",
            "aws us-east-1 kms customer managed key: not in awskms");
    assertThat(find(refreshed, "ec2", "c5.2xlarge").source()).contains("karpenter");
  }

  @Test
  void aServiceThatARegionDoesNotHaveIsTold() {
    server.on("/offers/v1.0/aws/AmazonEC2/current/us-east-1/", file("AmazonEC2.csv"));

    RefreshedPrices refreshed = refresh("aws").refresh(OLD, TODAY);

    assertThat(refreshed.failed()).isEmpty();
    assertThat(refreshed.notes()).contains("aws us-east-1: no price list of AmazonEKS");
  }

  @Test
  void aRegionWithoutMachinesIsNone() {
    server.on("/offers/v1.0/aws/AmazonEC2/current/us-east-1/", file("AmazonEC2.csv"));

    RefreshedPrices refreshed = refresh("aws").withRegion("aws", "mars-east-1").refresh(OLD, TODAY);

    assertThat(refreshed.failed().get("aws"))
        .endsWith("/AmazonEC2/current/mars-east-1/index.csv: answered 404");
  }

  @Test
  void numbersOfSinglePrecisionAreRounded() {
    server.on(
        "/v2/catalog/gpus",
        text(
            """
            {"gpus": [{"id": "NVIDIA L4", "pool": null, "secure": true, "community": false,
              "price": {"secure": 0.38999998569488525, "community": 0}}]}
            """));

    RefreshedPrices refreshed =
        refresh("runpod").withRunPodKey(Optional.of("secret-key")).refresh(OLD, TODAY);

    assertThat(refreshed.confirmed()).isEqualTo(1);
    assertThat(refreshed.changes()).isEmpty();
  }

  @Test
  void anotherRegionIsReadToo() {
    aws().withRegion("aws", "eu-west-1").refresh(OLD, TODAY);

    assertThat(server.requests())
        .contains(
            "/offers/v1.0/aws/AmazonEC2/current/us-east-1/index.csv",
            "/offers/v1.0/aws/AmazonEC2/current/eu-west-1/index.csv");
  }

  @Test
  void sizesOfAzureAreReadPageByPage() {
    RefreshedPrices refreshed = azure().refresh(OLD, TODAY);

    assertThat(refreshed.failed()).isEmpty();
    assertThat(refreshed.changes())
        .extracting(RefreshedPrices.Change::toString)
        .containsExactly("azure eastus vm Standard_NC4as_T4_v3: 0.526 becomes 0.55 USD per hour");
    assertThat(refreshed.added())
        .singleElement()
        .satisfies(
            price -> {
              assertThat(price.name()).isEqualTo("azure eastus vm-spot Standard_NC4as_T4_v3");
              assertThat(price.usd()).isEqualTo(Usd.of(0.2104));
              assertThat(price.date()).contains(TODAY);
            });
    assertThat(server.requests())
        .anyMatch(
            request ->
                request.contains("armRegionName+eq+%27eastus%27")
                    && request.contains("priceType+eq+%27Consumption%27"))
        .anyMatch(request -> request.contains("$skip=2"));
  }

  @Test
  void machinesDisksAndBucketsOfGcpAreRead() {
    RefreshedPrices refreshed = gcp().refresh(OLD, TODAY);

    assertThat(refreshed.changes())
        .extracting(RefreshedPrices.Change::toString)
        .containsExactlyInAnyOrder(
            "gcp us-central1 compute g2-standard-4: 0.706832255 becomes 0.75 USD per hour",
            "gcp us-central1 gcs archive storage: 0.0012 becomes 0.0013 USD per GiB-month");
    assertThat(refreshed.rejected())
        .as("spot at a tenth of the price on demand is more than three times less than before")
        .extracting(Problem::path)
        .containsExactly("gcp europe-west4 compute-spot g2-standard-4");
    assertThat(refreshed.book().find("gcp", "us-central1", "disk", "balanced").orElseThrow().date())
        .contains(LocalDate.of(2026, 11, 19));
  }

  @Test
  void podsAndPoolsOfRunPodAreReadWithTheKey() {
    RefreshedPrices refreshed = runPod().refresh(OLD, TODAY);

    assertThat(server.authorizations()).containsExactly("Bearer secret-key");
    assertThat(refreshed.changes())
        .extracting(RefreshedPrices.Change::toString)
        .containsExactlyInAnyOrder(
            "runpod all pod NVIDIA GeForce RTX 4090 SECURE: 0.59 becomes 0.69 USD per hour",
            "runpod all pod NVIDIA RTX A5000 COMMUNITY: 0.29 becomes 0.16 USD per hour",
            "runpod all serverless-flex ADA_24: 1.116 becomes 1.1 USD per hour");
    assertThat(refreshed.added())
        .extracting(Price::item)
        .containsExactlyInAnyOrder("NVIDIA GeForce RTX 4090 COMMUNITY", "NVIDIA RTX A5000 SECURE");
    assertThat(refreshed.confirmed()).isEqualTo(1);
    assertThat(refreshed.notes())
        .containsExactly(
            "runpod all serverless-flex AMPERE_24: 2 prices for it, so none was taken");
    assertThat(refreshed.text()).doesNotContain("secret-key");
  }

  @Test
  void withoutAKeyRunPodsPricesStay() {
    RefreshedPrices refreshed = runPod().withRunPodKey(Optional.empty()).refresh(OLD, TODAY);

    assertThat(refreshed.failed().get("runpod")).startsWith("RUNPOD_API_KEY is not set; fix: ");
    assertThat(refreshed.book().prices()).isEqualTo(OLD.prices());
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void oneProvidersFailureLeavesItsPricesAndTakesTheOthers() {
    server.on("/api/retail/prices", status(403));
    server.on("/v2/catalog/gpus", file("runpod.json"));

    RefreshedPrices refreshed =
        refresh("azure", "runpod").withRunPodKey(Optional.of("secret-key")).refresh(OLD, TODAY);

    assertThat(refreshed.failed()).containsOnlyKeys("azure");
    assertThat(refreshed.failed().get("azure")).endsWith("answered 403");
    assertThat(refreshed.text())
        .startsWith("error    azure: not refreshed, its prices stay: GET http://127.0.0.1:")
        .contains("changed  runpod all pod NVIDIA GeForce RTX 4090 SECURE");
    assertThat(refreshed.book().prices())
        .filteredOn(price -> price.provider().equals("azure"))
        .isEqualTo(
            OLD.prices().stream().filter(price -> price.provider().equals("azure")).toList());
  }

  @Test
  void aPassingFaultIsAskedAgain() {
    server.on("/v2/catalog/gpus", status(503), status(429), file("runpod.json"));

    RefreshedPrices refreshed =
        refresh("runpod").withRunPodKey(Optional.of("secret-key")).refresh(OLD, TODAY);

    assertThat(refreshed.failed()).isEmpty();
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void aLastingFaultEndsAfterThreeAttempts() {
    server.on("/v2/catalog/gpus", status(503));

    RefreshedPrices refreshed =
        refresh("runpod").withRunPodKey(Optional.of("secret-key")).refresh(OLD, TODAY);

    assertThat(refreshed.failed().get("runpod")).endsWith("answered 503");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void whatIsRefusedIsNotAskedAgain() {
    server.on("/v2/catalog/gpus", status(401));

    RefreshedPrices refreshed =
        refresh("runpod").withRunPodKey(Optional.of("secret-key")).refresh(OLD, TODAY);

    assertThat(refreshed.failed().get("runpod"))
        .endsWith("answered 401")
        .doesNotContain("secret-key");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void otherAnswersAreTold() {
    server.on("/v2/catalog/gpus", text("<html>"));
    server.on("/api/retail/prices", text("{}"));
    server.on("/pricing.yml", text("a: [1"));
    server.on("/offers/", file("empty.csv"));

    RefreshedPrices refreshed =
        refresh("aws", "azure", "gcp", "runpod")
            .withRunPodKey(Optional.of("secret-key"))
            .refresh(OLD, TODAY);

    assertThat(refreshed.failed().get("runpod")).endsWith("/v2/catalog/gpus: not JSON");
    assertThat(refreshed.failed().get("azure")).endsWith("no Items in the answer");
    assertThat(refreshed.failed().get("gcp")).endsWith("not YAML");
    assertThat(refreshed.failed().get("aws"))
        .isEqualTo("answered, but with no price of what is priced here");
    assertThat(refreshed.book().prices()).isEqualTo(OLD.prices());
  }

  @Test
  void anAnswerWithoutAnEndIsCutOff() {
    server.on(
        "/v2/catalog/gpus",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] more = new byte[1 << 20];
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(more);
          }
        });

    RefreshedPrices refreshed =
        refresh("runpod").withRunPodKey(Optional.of("secret-key")).refresh(OLD, TODAY);

    assertThat(refreshed.failed().get("runpod")).endsWith("more than 5242880 bytes");
  }

  @Test
  @Timeout(20)
  void anAnswerThatStallsIsGivenUp() {
    server.on(
        "/v2/catalog/gpus",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    RefreshedPrices refreshed =
        refresh("runpod")
            .withRunPodKey(Optional.of("secret-key"))
            .withPatience(1, Duration.ofMillis(1), Duration.ofMillis(500))
            .refresh(OLD, TODAY);

    assertThat(refreshed.failed()).containsOnlyKeys("runpod");
  }

  @Test
  void aSpotPriceThatANewerListPriceContradictsIsLeftOut() {
    server.on(
        "/pricing.yml",
        text(
            """
            about: {timestamp: 1795068797}
            compute:
              instance:
                g2-standard-4: {l4: 1, cost: {us-central1: {hour: 0.39}}}
            """));

    RefreshedPrices refreshed = refresh("gcp").refresh(OLD, TODAY);

    assertThat(refreshed.rejected())
        .extracting(Problem::path)
        .containsExactly("gcp us-central1 compute-spot g2-standard-4");
    assertThat(refreshed.book().prices())
        .extracting(Price::name)
        .contains("gcp europe-west4 compute-spot g2-standard-4")
        .doesNotContain("gcp us-central1 compute-spot g2-standard-4");
  }

  private PriceRefresh aws() {
    server.on("/offers/", file("empty.csv"));
    server.on("/offers/v1.0/aws/AmazonEC2/current/us-east-1/", file("AmazonEC2.csv"));
    server.on("/offers/v1.0/aws/AWSLambda/current/us-east-1/", file("AWSLambda.csv"));
    return refresh("aws");
  }

  private PriceRefresh azure() {
    server.on("/api/retail/prices", file("azure-none.json"));
    server.on("armRegionName+eq+%27eastus%27", file("azure-1.json"));
    server.on("%27Virtual%20Machines%27&$skip=2", file("azure-2.json"));
    return refresh("azure");
  }

  private PriceRefresh gcp() {
    server.on("/Cyclenerd/google-cloud-pricing-cost-calculator/", file("pricing.yml"));
    return refresh("gcp");
  }

  private PriceRefresh runPod() {
    server.on("/v2/catalog/gpus", file("runpod.json"));
    return refresh("runpod").withRunPodKey(Optional.of("secret-key"));
  }

  private PriceRefresh refresh(String... providers) {
    PriceRefresh refresh =
        PriceRefresh.standard()
            .only(List.of(providers))
            .withPatience(3, Duration.ofMillis(1), Duration.ofSeconds(20));
    for (String provider : providers) {
      refresh.withUrl(provider, server.url());
    }
    return refresh;
  }

  private static Price find(RefreshedPrices refreshed, String service, String item) {
    return refreshed.book().find("aws", "us-east-1", service, item).orElseThrow();
  }
}
