package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Problem;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceRulesTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);
  private static final PriceRules RULES = PriceRules.of(InstanceTypes.bundled(), TODAY);

  @Test
  void theBundledPricesBreakNone() {
    assertThat(RULES.check(PriceBook.bundled().prices())).isEmpty();
  }

  @Test
  void nothingIsFreeUnlessItsNoteSaysSo() {
    assertThat(check(price("ec2", "m5.large", "hour", 0, "")))
        .containsExactly(
            "aws us-east-1 ec2 m5.large: 0 USD; allowed: more than 0; fix: say in its note that it"
                + " is free, or leave it out");
    assertThat(check(price("ec2", "m5.large", "hour", 0, "Free until 2027"))).isEmpty();
  }

  @Test
  void aUnitIsOneThatIsKnown() {
    assertThat(check(price("ec2", "m5.large", "month-ish", 0.1, "")))
        .containsExactly(
            "aws us-east-1 ec2 m5.large: the unit 'month-ish'; allowed: a unit of units.csv; fix:"
                + " name it as the others do, or add it there with its meaning");
    assertThat(check(price("ec2", "m5.large", " ", 0.1, ""))).hasSize(1);
  }

  @Test
  void aPriceHasASource() {
    Price price =
        new Price(
            "aws", "us-east-1", "ec2", "m5.large", "hour", Usd.of(0.1), " ", Optional.empty(), "");

    assertThat(check(price)).singleElement().asString().contains("no source");
  }

  @Test
  void aDateIsNotInTheFuture() {
    assertThat(check(dated(TODAY))).isEmpty();
    assertThat(check(dated(TODAY.plusDays(1))))
        .singleElement()
        .asString()
        .contains("dated 2026-11-24; allowed: up to today, 2026-11-23");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 9, 700})
  void aMachineThatCostsWholeDollarsLooksLikeAPlaceholder(double usd) {
    assertThat(check(price("ec2", "m5.24xlarge", "hour", usd, "")))
        .singleElement()
        .asString()
        .contains(" USD, which looks like a placeholder");
    assertThat(check(price("ec2", "m5.24xlarge", "hour", usd, "whole number: checked"))).isEmpty();
    assertThat(check(price("cloudwatch", "dashboard", "dashboard-month", usd, ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {999, 9999, 999.99})
  void ninesLookLikeAPlaceholderWhateverIsPriced(double usd) {
    assertThat(check(price("cloudwatch", "dashboard", "dashboard-month", usd, ""))).hasSize(1);
  }

  @Test
  void spotIsNotDearerThanOnDemand() {
    assertThat(
            check(
                price("ec2-spot", "m5.large", "hour", 0.0961, ""),
                price("ec2", "m5.large", "hour", 0.096, "")))
        .containsExactly(
            "aws us-east-1 ec2-spot m5.large: 0.0961 USD on the spot market; allowed: at most"
                + " 0.096 USD, what it costs on demand; fix: check both sources");
    assertThat(
            check(
                price("compute-gpu-spot", "NVIDIA T4", "GPU-hour", 0.4, ""),
                price("compute-gpu", "NVIDIA T4 on-demand", "GPU-hour", 0.35, "")))
        .hasSize(1);
    assertThat(check(price("ec2-spot", "m5.large", "hour", 0.0961, ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5})
  void spotPricesThatAreAllOneShareAreNoMarket(double share) {
    assertThat(check(shares(share, share, share)))
        .singleElement()
        .asString()
        .startsWith("aws us-east-1 ec2-spot: all 3 prices are ")
        .contains("% of those on demand; allowed: prices of a market");
    assertThat(check(shares(share, share))).isEmpty();
    assertThat(check(shares(share, share, 0.3))).isEmpty();
  }

  @Test
  void anotherShareForAllIsNotJudged() {
    assertThat(check(shares(0.3, 0.3, 0.3))).isEmpty();
  }

  @Test
  void oneThingHasOnePrice() {
    Price price = price("ec2", "m5.large", "hour", 0.096, "");

    assertThat(check(price, price)).singleElement().asString().contains("two prices");
  }

  @Test
  void memoryOfAGpuCostsWhatItCosts() {
    assertThat(check(price("ec2", "p5.48xlarge", "hour", 1.5, "")))
        .containsExactly(
            "aws us-east-1 ec2 p5.48xlarge: 1.5 USD for 640 GiB of GPU memory; allowed: 0.004 to"
                + " 0.35 USD a GiB and hour; fix: check the unit, the number of GPUs and their"
                + " memory");
    assertThat(check(price("ec2", "g5.xlarge", "hour", 734.4, ""))).hasSize(1);
    assertThat(check(price("ec2", "g5.xlarge", "hour", 1.006, ""))).isEmpty();
  }

  @Test
  void aPodsGpuIsFoundByItsId() {
    Price pod =
        new Price(
            "runpod",
            "all",
            "pod",
            "NVIDIA L4 SECURE",
            "hour",
            Usd.of(39.5),
            "page",
            Optional.empty(),
            "");

    assertThat(check(pod)).singleElement().asString().contains("24 GiB of GPU memory");
  }

  @Test
  void aJumpNeedsAPerson() {
    PriceBook old = PriceBook.of(List.of(price("ec2", "p5.48xlarge", "hour", 55.04, "")));

    assertThat(RULES.checkChanges(old, List.of(price("ec2", "p5.48xlarge", "hour", 165.13, ""))))
        .extracting(Problem::toString)
        .containsExactly(
            "aws us-east-1 ec2 p5.48xlarge: 165.13 USD, before 55.04 USD; allowed: at most 3 times"
                + " more or less; fix: check it at the provider's; --accept 'aws us-east-1 ec2"
                + " p5.48xlarge' takes it");
    assertThat(RULES.checkChanges(old, List.of(price("ec2", "p5.48xlarge", "hour", 18.3, ""))))
        .hasSize(1);
    assertThat(RULES.checkChanges(old, List.of(price("ec2", "p5.48xlarge", "hour", 98.32, ""))))
        .isEmpty();
    assertThat(RULES.checkChanges(old, List.of(price("ec2", "p6.48xlarge", "hour", 98.32, ""))))
        .isEmpty();
  }

  @Test
  void anotherUnitNeedsAPerson() {
    PriceBook old = PriceBook.of(List.of(price("ebs", "gp3 storage", "GB-month", 0.08, "")));

    assertThat(RULES.checkChanges(old, List.of(price("ebs", "gp3 storage", "GB-hour", 0.08, ""))))
        .singleElement()
        .asString()
        .contains("now a price per GB-hour; allowed: per GB-month, as before");
  }

  private static Price[] shares(double... shares) {
    List<String> types = List.of("m5.large", "m5.xlarge", "m5.2xlarge");
    Price[] prices = new Price[2 * shares.length];
    for (int i = 0; i < shares.length; i++) {
      double onDemand = 0.096 * (1 << i);
      prices[2 * i] = price("ec2", types.get(i), "hour", onDemand, "");
      prices[2 * i + 1] = price("ec2-spot", types.get(i), "hour", onDemand * shares[i], "");
    }
    return prices;
  }

  private static Price dated(LocalDate date) {
    return new Price(
        "aws",
        "us-east-1",
        "ec2",
        "m5.large",
        "hour",
        Usd.of(0.096),
        "page",
        Optional.of(date),
        "");
  }

  private static Price price(String service, String item, String unit, double usd, String note) {
    return new Price(
        "aws", "us-east-1", service, item, unit, Usd.of(usd), "page", Optional.empty(), note);
  }

  private static List<String> check(Price... prices) {
    return RULES.check(List.of(prices)).stream().map(Problem::toString).toList();
  }
}
