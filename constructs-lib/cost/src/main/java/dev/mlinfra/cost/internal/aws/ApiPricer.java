package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.cost.internal.Pricer;
import java.util.Set;

/** APIs of API Gateway, by their requests. */
final class ApiPricer implements Pricer {
  private static final String HTTP = "AWS::ApiGatewayV2::Api";

  @Override
  public Set<String> types() {
    return Set.of(
        "AWS::ApiGateway::RestApi", "AWS::Serverless::Api", HTTP, "AWS::Serverless::HttpApi");
  }

  @Override
  public void price(Bill bill) {
    String item =
        switch (bill.resource().type()) {
          case HTTP ->
              bill.property("ProtocolType").asText().filter("WEBSOCKET"::equals).isPresent()
                  ? "WebSocket messages first 1B"
                  : "HTTP API first 300M";
          case "AWS::Serverless::HttpApi" -> "HTTP API first 300M";
          default -> "REST API first 333M";
        };
    Aws.used(bill, "requests", "apigateway", item, Calls.of(bill).per(1_000_000));
  }
}
