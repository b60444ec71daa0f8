package dev.mlinfra.cost.internal.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Explained.Reason;
import dev.mlinfra.cost.internal.DataFile;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreeTypesTest {
  private static final List<NamedCsvRecord> ROWS = DataFile.read(FreeTypes.class, "free-aws.csv");

  private static final String[] REASONS =
      Stream.of(Reason.values()).map(Reason::name).toArray(String[]::new);

  @Test
  void eachReasonIsSaidAsItStandsInTheTable() {
    Estimate estimate =
        Bills.atBundledPrices(
            "R: {Type: AWS::IAM::Role}",
            "T: {Type: AWS::EC2::LaunchTemplate}",
            "D: {Type: AWS::RDS::DBInstance}");

    assertThat(Bills.said(estimate, "R"))
        .containsExactly("FREE identities and permissions cost nothing");
    assertThat(Bills.said(estimate, "T"))
        .containsExactly("ELSEWHERE describes machines, which are billed where they are started");
    assertThat(Bills.said(estimate, "D"))
        .containsExactly("NOT_PRICED no source for the prices of databases and caches");
  }

  @Test
  void everyRowHasAReasonInWordsAndASource() {
    assertThat(ROWS).hasSizeGreaterThan(300);
    assertThat(ROWS)
        .allSatisfy(
            row -> {
              assertThat(row.getField("type")).matches("AWS::[A-Za-z0-9]+::[A-Za-z0-9]+");
              assertThat(row.getField("reason")).isIn((Object[]) REASONS);
              assertThat(row.getField("because")).matches("\\S+( \\S+){3,}");
              assertThat(row.getField("source")).isNotBlank();
            });
  }

  @Test
  void noTypeStandsTwiceOrHasAPricerToo() {
    Set<String> priced =
        AwsPricers.ALL.stream()
            .filter(pricer -> !(pricer instanceof FreeTypes))
            .flatMap(pricer -> pricer.types().stream())
            .collect(Collectors.toSet());

    assertThat(ROWS).extracting(row -> row.getField("type")).doesNotHaveDuplicates();
    assertThat(ROWS)
        .extracting(row -> row.getField("type"))
        .isSorted()
        .doesNotContainAnyElementsOf(priced);
  }
}
