package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Usage;
import dev.mlinfra.cost.LineItem.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnitCostTest {
  private static final Estimate DEV =
      Estimates.dev()
          .of("prediction")
          .line(
              "F",
              "requests",
              Kind.USED,
              new Charge(2, Estimates.unit("lambda", "requests", "1M requests", Usd.of(0.2)), ""),
              Optional.empty())
          .line(
              "Results",
              "storage",
              Kind.STORED,
              new Charge(100, Estimates.unit("s3", "standard", "GB-month", Usd.of(0.023)), ""),
              Optional.empty())
          .of("training")
          .running("Fleet", Estimates.ec2("g5.2xlarge", 1.212), 40, "", 40)
          .estimate();

  @Test
  void aUnitIsWhatIsNotStoredByWhatIsDone() {
    assertThat(UnitCost.of(DEV))
        .containsExactly(
            new UnitCost(
                "1,000 predictions",
                Usd.of(0.4),
                "0.40 USD a month (dev/Test/F: requests) / 1,000 predictions x 1,000"),
            new UnitCost(
                "1 hour of training",
                Usd.of(1.212),
                "48.48 USD a month (dev/Test/Fleet: g5.2xlarge) / 40 h"));
  }

  @Test
  void whatIsNotDoneHasNoUnit() {
    Estimate idle = new Estimate("dev", new Usage(0, 0, 100), 3, DEV.items(), List.of(), List.of());

    assertThat(UnitCost.of(idle)).isEmpty();
    assertThat(UnitCost.of(Estimates.dev().estimate())).isEmpty();
  }
}
