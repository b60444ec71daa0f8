package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallerSizesTest {
  private static final PriceBook BOOK =
      PriceBook.of(
          List.of(
              Estimates.ec2("g5.xlarge", 1.006),
              Estimates.ec2("g5.2xlarge", 1.212),
              Estimates.ec2("g5.4xlarge", 1.624),
              Estimates.ec2("g5.12xlarge", 5.672),
              Estimates.ec2("g5.xlarge", 1.123, "eu-west-1"),
              Estimates.ec2("p3.2xlarge", 3.06),
              Estimates.ec2("p3.8xlarge", 12.24),
              Estimates.ec2("c5.xlarge", 0.17),
              Estimates.ec2("c5.9xlarge", 1.53),
              Estimates.ec2("c5.metal", 4.08)));

  @ParameterizedTest
  @CsvSource({
    "g5.4xlarge, g5.2xlarge g5.xlarge",
    "g5.2xlarge, g5.xlarge",
    "g5.xlarge, ''",
    "g5.12xlarge, ''",
    "p3.8xlarge, ''",
    "c5.9xlarge, c5.xlarge",
    "c5.metal, ''",
  })
  void standInWithTheSameAccelerator(String type, String smaller) {
    Price price = BOOK.find("aws", "us-east-1", "ec2", type).orElseThrow();

    assertThat(
            String.join(
                " ", Substitutes.smallerSizes(BOOK).of(price).stream().map(Price::item).toList()))
        .isEqualTo(smaller);
  }
}
