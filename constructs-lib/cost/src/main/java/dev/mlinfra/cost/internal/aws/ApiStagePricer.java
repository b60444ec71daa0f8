package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** Stages of API Gateway: they cost what their cache costs. */
final class ApiStagePricer implements Pricer {
  @Override
  public Set<String> types() {
    return Set.of("AWS::ApiGateway::Stage");
  }

  @Override
  public void price(Bill bill) {
    if (bill.property("CacheClusterEnabled").asBoolean().orElse(false)) {
      String size = bill.property("CacheClusterSize").asText().orElse("0.5");
      Aws.always(bill, "cache", "apigateway", "cache " + size + " GB", 730, "730 h");
    } else {
      bill.free("a stage without a cache costs nothing; requests are billed at the API");
    }
  }
}
