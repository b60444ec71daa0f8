package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogReportTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  @Test
  void aPriceIsOldAfter120Days() {
    CatalogReport report =
        report(dated("m5.large", TODAY.minusDays(120)), dated("m5.xlarge", TODAY.minusDays(121)));

    assertThat(report.old()).containsOnlyKeys("page");
    assertThat(report.old().get("page")).extracting(Price::item).containsExactly("m5.xlarge");
    assertThat(report.undated()).isEmpty();
    assertThat(report.problems()).isEmpty();
  }

  @Test
  void aPriceWithoutADateIsToldApart() {
    CatalogReport report = report(price("m5.large", Optional.empty()));

    assertThat(report.undated()).containsOnlyKeys("page");
    assertThat(report.old()).isEmpty();
    assertThat(report.isClean()).isFalse();
  }

  @Test
  void aMachineWithoutAPriceInAnyRegionIsNamed() {
    InstanceType machine =
        new InstanceType("aws", "m5.large", 2, 8, "", 0, 0, "amd64", "page", TODAY);
    InstanceType other =
        new InstanceType("aws", "m5.xlarge", 4, 16, "", 0, 0, "amd64", "page", TODAY);
    PriceBook book = PriceBook.of(List.of(dated("m5.large", TODAY)));

    CatalogReport report =
        CatalogReport.of(
            book, InstanceTypes.of(List.of(machine, other)), Set.of("m5", "p9"), TODAY);

    assertThat(report.notPriced()).containsExactly("aws m5.xlarge", "aws p9.*");
  }

  @Test
  void nothingToTellIsClean() {
    CatalogReport report = report(dated("m5.large", TODAY));

    assertThat(report.isClean()).isTrue();
    assertThat(CatalogText.of(report))
        .isEqualTo(
            """
            1 prices on 2026-11-23
            0 errors, 0 old, 0 without a date, 0 machines not priced
            """);
  }

  private static CatalogReport report(Price... prices) {
    return CatalogReport.of(
        PriceBook.of(List.of(prices)), InstanceTypes.of(List.of()), Set.of(), TODAY);
  }

  private static Price dated(String item, LocalDate date) {
    return price(item, Optional.of(date));
  }

  private static Price price(String item, Optional<LocalDate> date) {
    return new Price("aws", "eu-west-1", "ec2", item, "hour", Usd.of(0.096), "page", date, "");
  }
}
