package dev.mlinfra.cost.internal.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Estimator;
import dev.mlinfra.cost.Explained;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A template with a resource of each kind that has a price: its bill is whole. */
class EverythingTest {
  static final Model MODEL = read();

  /** What only the price lists lack; a price that appears in them leaves this list. */
  private static final Set<String> WITHOUT_A_SOURCE =
      Set.of(
          "no source for dynamodb, standard table storage in us-east-1",
          "no source for sagemaker, notebook storage in us-east-1");

  @Test
  void everyItemThatAPricerAsksForStandsInThePriceBook() {
    Estimate estimate = Estimator.standard().estimate(MODEL).get(0);

    assertThat(estimate.notPriced()).extracting(Explained::because).isSubsetOf(WITHOUT_A_SOURCE);
  }

  @Test
  void everyTypeWithAPricerIsInIt() {
    Set<String> types = MODEL.resources().stream().map(Resource::type).collect(Collectors.toSet());
    Set<String> priced =
        AwsPricers.ALL.stream()
            .filter(pricer -> !(pricer instanceof FreeTypes))
            .flatMap(pricer -> pricer.types().stream())
            .collect(Collectors.toSet());

    priced.removeAll(types);
    // Twins of types in it, and what has nothing to look at.
    assertThat(priced)
        .containsExactlyInAnyOrder(
            "AWS::CloudFormation::CustomResource",
            "AWS::CloudFormation::Stack",
            "AWS::DynamoDB::GlobalTable",
            "AWS::KMS::ReplicaKey",
            "AWS::Lambda::Version",
            "AWS::Serverless::Api",
            "AWS::Serverless::HttpApi",
            "AWS::Serverless::SimpleTable",
            "AWS::Serverless::StateMachine");
  }

  private static Model read() {
    try (InputStream in = EverythingTest.class.getResourceAsStream("everything.yaml")) {
      return Models.parse("t", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
