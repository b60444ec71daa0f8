package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.lines;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import java.util.List;
import org.junit.jupiter.api.Test;

class VolumePricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("ebs", "gp2 storage", 0.1),
          price("ebs", "gp3 storage", 0.08),
          price("ebs", "gp3 IOPS above 3000", 0.005),
          price("ebs", "gp3 throughput above 125 MB/s", 0.04));

  @Test
  void aVolumeWithoutATypeIsGp2() {
    Estimate estimate = Bills.of(PRICES, "V: {Type: AWS::EC2::Volume, Properties: {Size: 50}}");

    LineItem volume = line(estimate, "V", "gp2 volume");
    assertThat(volume.expected().usd().high()).isCloseTo(5.0, within(1e-9));
    assertThat(volume.worst()).contains(volume.expected());
    assertThat(volume.expected().why()).isEqualTo("50 GB (Size)");
  }

  @Test
  void gp3CostsMoreOnlyAboveWhatComesAlong() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "V: {Type: AWS::EC2::Volume, Properties: {Size: 100, VolumeType: gp3, Iops: 4000,"
                + " Throughput: 125}}");

    assertThat(lines(estimate, "V"))
        .extracting(it -> it.what() + " " + it.expected().quantity())
        .containsExactly("gp3 volume 100.0", "gp3 IOPS above 3000 1000.0");
  }

  @Test
  void whatHasNoPriceOrNoSizeIsSaid() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "A: {Type: AWS::EC2::Volume, Properties: {Size: 100, VolumeType: st1}}",
            "B: {Type: AWS::EC2::Volume, Properties: {SnapshotId: snap-1}}");

    assertThat(said(estimate, "A"))
        .containsExactly("NOT_PRICED no source for ebs, st1 storage in us-east-1");
    assertThat(said(estimate, "B"))
        .containsExactly("NOT_PRICED the size of a volume is not in the template");
  }
}
