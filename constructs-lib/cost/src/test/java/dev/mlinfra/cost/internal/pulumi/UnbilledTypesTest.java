package dev.mlinfra.cost.internal.pulumi;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.cost.internal.DataFile;
import dev.mlinfra.cost.internal.pulumi.aws.AwsPricers;
import dev.mlinfra.cost.internal.pulumi.azure.AzurePricers;
import dev.mlinfra.cost.internal.pulumi.gcp.GcpPricers;
import dev.mlinfra.cost.internal.pulumi.kubernetes.KubernetesPricers;
import dev.mlinfra.cost.internal.pulumi.runpod.RunPodPricers;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnbilledTypesTest {
  private static final List<NamedCsvRecord> ROWS =
      DataFile.read(UnbilledTypes.class, "free-pulumi.csv");

  @Test
  void whatIsFreeOrBilledElsewhereNamesItsSource() {
    for (NamedCsvRecord row : ROWS) {
      String type = row.getField("type");
      assertThat(row.getField("because")).as(type).isNotBlank();
      boolean known =
          Explained.Reason.valueOf(row.getField("reason")) != Explained.Reason.NOT_PRICED;
      assertThat(row.getField("source").isBlank()).as(type).isEqualTo(!known);
    }
  }

  @Test
  void noRowIsHiddenByOneAboveIt() {
    for (int i = 0; i < ROWS.size(); i++) {
      String type = ROWS.get(i).getField("type").replace("*", "");
      String because = ROWS.get(i).getField("because");
      assertThat(UnbilledTypes.of(type).orElseThrow().because()).as(type).isEqualTo(because);
    }
  }

  @Test
  void noRowIsForATypeWithAPrice() {
    Set<String> priced =
        Stream.of(
                GcpPricers.ALL,
                AzurePricers.ALL,
                KubernetesPricers.ALL,
                RunPodPricers.ALL,
                AwsPricers.ALL)
            .flatMap(List::stream)
            .flatMap(pricer -> pricer.types().stream())
            .collect(Collectors.toSet());
    assertThat(ROWS).extracting(row -> row.getField("type")).doesNotContainAnyElementsOf(priced);
  }
}
