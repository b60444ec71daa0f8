package dev.mlinfra.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs over many objects, as an environment file asks for them. */
class DistributedTest {
  private static final String TYPE = "AWS::StepFunctions::StateMachine";
  private static final String BOUNDED =
      EnvironmentFolder.aws(EnvironmentFolder.ACCOUNT, "us-east-1")
          + "  prediction:\n    timeout: PT1M\n    reservedConcurrency: 4\n    distributed: ";

  @TempDir Path folder;

  @Test
  void areLeftOutByDefault() {
    Model model =
        new EnvironmentFolder(folder)
            .with("dev", EnvironmentFolder.aws(EnvironmentFolder.ACCOUNT, "us-east-1"))
            .synthesise();
    assertThat(model.resources()).extracting(Resource::type).doesNotContain(TYPE);
  }

  @Test
  void passTheGateAlsoWithAKeyAndTraces() {
    Model model =
        new EnvironmentFolder(folder)
            .with("dev", BOUNDED + "{}\n")
            .with(
                "prod",
                BOUNDED + "{ maxItems: 20 }\n    tracing: true\n  data: { encryption: kms }\n")
            .synthesise();
    assertThat(model.resources()).extracting(Resource::type).contains(TYPE);
    assertThat(Gate.standard().check(model).findings()).extracting(Finding::toString).isEmpty();
  }

  @Test
  void runAsManyAtOneTimeAsTheFunctionReserves() {
    Model model = new EnvironmentFolder(folder).with("dev", BOUNDED + "{}\n").synthesise();
    assertThat(property(model, "Definition.States.Predict.MaxConcurrency")).contains(4.0);
    // 1 USD, less 0.06 for planning, by 2 x 60 s x 2.9375 GB x 0.0000166667 USD and transitions.
    assertThat(property(model, "Definition.States.Predict.ItemReader.ReaderConfig.MaxItems"))
        .contains(152.0);
  }

  @Test
  void followTheFile() {
    Model model =
        new EnvironmentFolder(folder)
            .with(
                "dev",
                BOUNDED
                    + "{ maxItems: 9, maxConcurrency: 2, toleratedFailurePercentage: 1.5,"
                    + " toleratedFailureCount: 3, retryAttempts: 0 }\n")
            .synthesise();
    String map = "Definition.States.Predict.";
    assertThat(property(model, map + "ItemReader.ReaderConfig.MaxItems")).contains(9.0);
    assertThat(property(model, map + "MaxConcurrency")).contains(2.0);
    assertThat(property(model, map + "ToleratedFailurePercentage")).contains(1.5);
    assertThat(property(model, map + "ToleratedFailureCount")).contains(3.0);
  }

  @Test
  void areRefusedAboveTheBudgetOfAPredictionJob() {
    EnvironmentFolder environments =
        new EnvironmentFolder(folder)
            .with("dev", BOUNDED + "{ maxItems: 200 }\nbudget: { predictionJobUsd: 0.5 }\n");
    assertThatThrownBy(environments::synthesise)
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("maxItems: 200 x (2 attempts x 60 s x 2.938 GB")
        .hasMessageContaining("allowed: 0.50 USD, maxRunUsd");
  }

  private static Optional<Double> property(Model model, String path) {
    Resource machine =
        model.resources().stream()
            .filter(resource -> resource.type().equals(TYPE))
            .findFirst()
            .orElseThrow();
    return ResolvedModel.of(model).property(machine, path).asNumber().map(Number::doubleValue);
  }
}
