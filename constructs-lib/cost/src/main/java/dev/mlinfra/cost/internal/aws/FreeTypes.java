package dev.mlinfra.cost.internal.aws;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.Explained.Reason;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.DataFile;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Types of which {@code free-aws.csv} says why they have no price: they cost nothing, or are billed
 * elsewhere, or cost what no source of ours knows.
 */
final class FreeTypes implements Pricer {
  private record Said(Reason reason, String because) {}

  private final Map<String, Said> said =
      DataFile.read(FreeTypes.class, "free-aws.csv").stream()
          .collect(Collectors.toUnmodifiableMap(row -> row.getField("type"), FreeTypes::said));

  private static Said said(NamedCsvRecord row) {
    return new Said(Reason.valueOf(row.getField("reason")), row.getField("because"));
  }

  @Override
  public Set<String> types() {
    return said.keySet();
  }

  @Override
  public void price(Bill bill) {
    Said why = said.get(bill.resource().type());
    switch (why.reason()) {
      case FREE -> bill.free(why.because());
      case ELSEWHERE -> bill.elsewhere(why.because());
      case NOT_PRICED -> bill.notPriced(why.because());
    }
  }
}
