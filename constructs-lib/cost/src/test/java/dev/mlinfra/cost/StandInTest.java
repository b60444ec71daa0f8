package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StandInTest {
  private final PriceBook book = PriceBook.of(List.of(Estimates.ec2("g5.xlarge", 1.006)));

  @Test
  void thePriceOfAnotherRegionSaysForWhichItStands() {
    assertThat(book.find("aws", "eu-west-1", "ec2", "g5.xlarge").orElseThrow().standsInFor())
        .contains("eu-west-1");
    assertThat(book.find("aws", "us-east-1", "ec2", "g5.xlarge").orElseThrow().standsInFor())
        .isEmpty();
    assertThat(book.find("aws", "eu-west-1", "ec2", "g5.2xlarge")).isEmpty();
    assertThat(book.find("elsewhere", "eu-west-1", "ec2", "g5.xlarge")).isEmpty();
  }
}
