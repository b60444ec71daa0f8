package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceBookTest {
  private static final String HEADER =
      "provider,region,service,item,unit,usd,usd_high,source,date,note\n";

  @TempDir Path folder;

  @Test
  void aPriceOfTheRegionIsFound() {
    assertThat(PriceBook.bundled().find("aws", "eu-west-1", "ec2", "g5.xlarge"))
        .hasValueSatisfying(
            price -> {
              assertThat(price.region()).isEqualTo("eu-west-1");
              assertThat(price.usd()).isEqualTo(Usd.of(1.123));
            });
  }

  @Test
  void withoutOneThePriceThatIsTheSameEverywhereIsFound() {
    assertThat(PriceBook.bundled().find("aws", "eu-west-1", "batch", "AWS Batch service"))
        .hasValueSatisfying(price -> assertThat(price.region()).isEqualTo("all"));
    assertThat(PriceBook.bundled().find("aws", "eu-west-1", "route53", "hosted zone"))
        .hasValueSatisfying(price -> assertThat(price.region()).isEqualTo("global"));
  }

  @Test
  void elseThatOfTheReferenceRegionStandsInAndSaysSo() {
    assertThat(PriceBook.bundled().find("aws", "eu-north-1", "nat-gateway", "gateway"))
        .hasValueSatisfying(price -> assertThat(price.region()).isEqualTo("us-east-1"));
    assertThat(PriceBook.bundled().find("gcp", "asia-east1", "compute", "g2-standard-4"))
        .hasValueSatisfying(price -> assertThat(price.region()).isEqualTo("us-central1"));
    assertThat(PriceBook.bundled().find("azure", "uksouth", "vm", "Standard_D2s_v5"))
        .hasValueSatisfying(price -> assertThat(price.region()).isEqualTo("eastus"));
  }

  @Test
  void elseThatOfAnyRegionStandsInAndSaysSo() {
    Price only =
        new Price(
            "aws", "eu-west-1", "dynamodb", "x", "GB", Usd.of(1), "page", Optional.empty(), "");

    assertThat(PriceBook.of(List.of(only)).find("aws", "us-east-1", "dynamodb", "x"))
        .contains(only.standingInFor("us-east-1"));
  }

  @Test
  void whatHasNoSourceIsNotFound() {
    assertThat(PriceBook.bundled().find("aws", "us-east-1", "ec2", "p5e.48xlarge")).isEmpty();
    assertThat(PriceBook.bundled().find("acme", "here", "ec2", "g5.xlarge")).isEmpty();
  }

  @Test
  void spotPricesAreDatedRanges() {
    assertThat(PriceBook.bundled().find("aws", "us-east-1", "ec2-spot", "p5en.48xlarge"))
        .hasValueSatisfying(
            price -> {
              assertThat(price.isSpot()).isTrue();
              assertThat(price.usd()).isEqualTo(new Usd(27.1928, 27.1988));
              assertThat(price.date()).isPresent();
            });
  }

  @Test
  void twoPricesOfOneThingAreRefused() {
    Price price = PriceBook.bundled().prices().get(0);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PriceBook.of(List.of(price, price)))
        .withMessage("two prices of " + price.name());
  }

  @Test
  void aFolderIsReadFileByFile() throws IOException {
    write("b.csv", "gcp,all,gke,cluster management fee,cluster-hour,0.1,,page,2026-07-01,\n");
    write("a.csv", "aws,us-east-1,ec2-spot,g5.xlarge,hour,0.4,0.5,page,,seen twice\n");
    write("c.txt", "not a table");

    assertThat(PriceBook.read(folder).prices())
        .extracting(Price::name)
        .containsExactly("aws us-east-1 ec2-spot g5.xlarge", "gcp all gke cluster management fee");
  }

  @Test
  void everyBadRowIsToldWithItsLine() throws IOException {
    Path file =
        write(
            "aws.csv",
            """
            # a comment
            aws,us-east-1,ec2,g5.xlarge,hour,one,,page,2026-07-01,
            aws,us-east-1,ec2,g5.2xlarge,,1,,,2026-07-01,
            aws,us-east-1,ec2,g5.4xlarge,hour,2,1,page,yesterday,
            aws,us-east-1,ec2,g5.8xlarge,hour,-1,,page,2026-07-01,
            aws,us-east-1,ec2,g6.xlarge,hour,1,,page,2026-07-01,
            aws,us-east-1,ec2,g6.xlarge,hour,2,,page,2026-07-01,
            """);

    assertThatThrownBy(() -> PriceBook.read(folder))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(file + ":3:1: usd: 'one'; allowed: an amount of USD, such as 0.045")
        .hasMessageContaining(file + ":4:1: unit: empty; allowed: the unit of every price")
        .hasMessageContaining(file + ":4:1: source: empty; allowed: the source of every price")
        .hasMessageContaining(file + ":5:1: usd_high: 1; allowed: at least usd, 2")
        .hasMessageContaining(
            file + ":5:1: date: 'yesterday'; allowed: a day such as 2026-07-20, or nothing")
        .hasMessageContaining(file + ":6:1: usd: '-1'")
        .hasMessageContaining(
            file
                + ":8:1: item: a second price of aws us-east-1 ec2 g6.xlarge; allowed: one; the"
                + " first is at "
                + file
                + ":7:1")
        .hasMessageContaining("has 7 problems");
  }

  @Test
  void otherColumnsAreTold() throws IOException {
    Path file = folder.resolve("aws.csv");
    Files.writeString(file, "provider,usd\naws,1\n");

    assertThatThrownBy(() -> PriceBook.read(folder))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            file + ":1:1: the columns are provider,usd; allowed: provider,region");
  }

  @Test
  void anUnfinishedTableIsTold() throws IOException {
    Path file = write("aws.csv", "\"aws,us-east-1\n");

    assertThatThrownBy(() -> PriceBook.read(folder))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(file + ":2:1: 1 columns; allowed: 10, as in the header");
  }

  @Test
  void anEmptyFolderIsTold() {
    assertThatThrownBy(() -> PriceBook.read(folder))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("no *.csv in it")
        .hasMessageContaining("fix: mlinfra catalog refresh");
  }

  @Test
  void withoutAFolderTheBundledPricesStand() {
    assertThat(PriceBook.readOrBundled(folder.resolve("none"))).isSameAs(PriceBook.bundled());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Path target = folder.resolve("prices");

    PriceBook.bundled().write(target);

    assertThat(PriceBook.readOrBundled(target).prices())
        .containsExactlyInAnyOrderElementsOf(PriceBook.bundled().prices());
    try (var files = Files.list(target)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("aws.csv", "azure.csv", "gcp.csv", "runpod.csv");
    }
  }

  private Path write(String name, String rows) throws IOException {
    Path file = folder.resolve(name);
    String text =
        rows.startsWith("#")
            ? rows.replaceFirst("\n", "\n" + HEADER.replace("$", "\\$"))
            : HEADER + rows;
    return Files.writeString(file, text);
  }
}
