package dev.mlinfra.policy.internal.money;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A notebook that nobody uses is stopped; only a script in it can do that. */
final class IdleNotebook implements Rule {
  private static final String PATH = "LifecycleConfigName";

  /** What a script that stops the notebook has in it. */
  private static final List<String> STOPS =
      List.of("autostop", "auto-stop", "stop-notebook-instance", "stop_notebook_instance");

  @Override
  public String id() {
    return "mlinfra::money.idle-notebook";
  }

  @Override
  public String requirement() {
    return "A notebook instance has a lifecycle configuration that stops it when it is idle.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Resource notebook : inspection.resources("AWS::SageMaker::NotebookInstance")) {
      Value naming = inspection.property(notebook, PATH);
      Verdict verdict = Decide.each(naming, it -> stops(it, inspection));
      outcomes.say(
          verdict,
          notebook,
          PATH,
          naming,
          verdict == Verdict.VIOLATED
              ? "runs until somebody stops it"
              : "whether the lifecycle configuration stops it cannot be seen",
          "give it a lifecycle configuration whose OnStart script stops it when idle");
    }
  }

  private static Verdict stops(Value naming, Inspection inspection) {
    if (Decide.present(naming) == Verdict.VIOLATED) {
      return Verdict.VIOLATED;
    }
    Optional<Resource> configuration =
        inspection
            .named(naming)
            .or(
                () ->
                    inspection.resources("AWS::SageMaker::NotebookInstanceLifecycleConfig").stream()
                        .filter(it -> isNamed(it, naming, inspection))
                        .findFirst());
    boolean stops =
        configuration
            .map(it -> inspection.properties(it).toJson().toLowerCase(Locale.ROOT))
            .filter(script -> STOPS.stream().anyMatch(script::contains))
            .isPresent();
    return stops ? Verdict.COMPLIANT : Verdict.UNDECIDED;
  }

  private static boolean isNamed(Resource configuration, Value naming, Inspection inspection) {
    return Stream.of("NotebookInstanceLifecycleConfigName", "Name")
        .map(name -> inspection.property(configuration, name))
        .flatMap(name -> name.asText().stream())
        .anyMatch(name -> naming.asText().equals(Optional.of(name)));
  }
}
