package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizingTest {

  @ParameterizedTest
  @CsvSource({"0.05, 22", "0.1, 22", "0.11, 44", "1, 44", "5, 40", "10, 40", "10.1, 80", "500, 80"})
  void asksForMoreMemoryTheMoreDataThereAre(double gb, double memory) {
    Sizing sizing = sizing(gb);

    assertThat(sizing.gpuMemoryGib()).isEqualTo(memory);
    assertThat(sizing.choices())
        .extracting(choice -> choice.type().provider())
        .contains("aws", "gcp", "azure", "runpod");
    assertThat(sizing.choices())
        .allSatisfy(
            choice -> assertThat(choice.type().gpuMemoryGib()).isGreaterThanOrEqualTo(memory));
  }

  @Test
  void takesTheCheapestThatFits() {
    for (Sizing.Choice choice : sizing(0.05).choices()) {
      List<Double> others =
          InstanceTypes.bundled().all().stream()
              .filter(type -> type.provider().equals(choice.type().provider()))
              .filter(type -> type.gpuModel().equals(choice.type().gpuModel()))
              .filter(type -> type.gpuCount() >= 1 && !type.arch().equals("arm64"))
              .flatMap(type -> type.hourly(PriceBook.bundled(), choice.hourly().region()).stream())
              .map(price -> price.usd().high())
              .toList();
      assertThat(others)
          .allSatisfy(usd -> assertThat(usd).isGreaterThanOrEqualTo(choice.hourly().usd().high()));
    }
    // 1 x L4 for 0.8048 an hour is less than 1 x A10G for 1.006.
    assertThat(of("aws", 0.05).type().type()).isEqualTo("g6.xlarge");
    assertThat(of("aws", 5).type().gpuModel()).isEqualTo("H100");
  }

  @Test
  void namesWhatIsCheaperStill() {
    assertThat(of("gcp", 0.05).cheaper()).get().matches(Price::isSpot);
  }

  @Test
  void saysWhereFiguresAreFrom() {
    assertThat(sizing(0.05).text())
        .startsWith("For 0.05 GB of data: 24 GB cards do for most models on small data (")
        .containsPattern(
            "aws +g6\\.xlarge +1 x L4, 22\\.35 GB each; 0\\.80 USD an hour \\(us-east-1, 20");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1_000_001, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesSizesThatThereIsNoAdviceFor(double gb) {
    assertThatThrownBy(() -> sizing(gb))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size of the data: given " + gb + " GB; allowed: more than 0");
  }

  private static Sizing sizing(double gb) {
    return Sizing.of(gb, PriceBook.bundled(), InstanceTypes.bundled(), Map.of());
  }

  private static Sizing.Choice of(String provider, double gb) {
    return sizing(gb).choices().stream()
        .filter(choice -> choice.type().provider().equals(provider))
        .findFirst()
        .orElseThrow();
  }
}
