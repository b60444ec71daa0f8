package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.reliability.Functions.Called;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nobody waits for the answer of an asynchronous call, so what fails three times is dropped without
 * a word. A function counts as called so when the model has what calls it, or settings for it.
 */
final class AsyncDestination implements Rule {
  private static final String DESTINATION = "DestinationConfig.OnFailure.Destination";
  private static final String DEAD_LETTERS = "DeadLetterConfig.TargetArn";
  private static final String FIX =
      "set " + DESTINATION + " in an AWS::Lambda::EventInvokeConfig of what is called";

  /** What calls functions without waiting, by the property that names them. */
  private static final Map<String, List<String>> CALLERS =
      Map.of(
          "AWS::Events::Rule", List.of("Targets[].Arn"),
          "AWS::Logs::SubscriptionFilter", List.of("DestinationArn"),
          "AWS::S3::Bucket", List.of("NotificationConfiguration.LambdaConfigurations[].Function"),
          "AWS::SNS::Subscription", List.of("Endpoint"),
          "AWS::SNS::Topic", List.of("Subscription[].Endpoint"),
          "AWS::Scheduler::Schedule", List.of("Target.Arn"),
          "Custom::S3BucketNotifications",
              List.of(
                  "NotificationConfiguration.LambdaFunctionConfigurations[].LambdaFunctionArn"));

  private record Settings(Resource resource, String qualifier) {}

  @Override
  public String id() {
    return "mlinfra::reliability.async-destination";
  }

  @Override
  public String requirement() {
    return "What an asynchronous call of a function fails to do is kept: it has a destination or a"
        + " dead-letter queue.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Functions functions = Functions.of(inspection);
    Map<ResourceId, List<Settings>> settings = new HashMap<>();
    for (Resource config : inspection.resources("AWS::Lambda::EventInvokeConfig")) {
      Optional<Resource> function = functions.function(inspection.property(config, "FunctionName"));
      String qualifier = functions.qualifier(inspection.property(config, "Qualifier"));
      function.ifPresent(
          it ->
              settings
                  .computeIfAbsent(it.id(), id -> new ArrayList<>())
                  .add(new Settings(config, qualifier)));
      settings(config, function, inspection, outcomes);
    }
    callers(inspection, functions)
        .forEach(
            (called, caller) -> {
              List<Settings> known = settings.getOrDefault(called.function().id(), List.of());
              if (known.stream().noneMatch(it -> isOf(it, called))) {
                function(called, caller, inspection, outcomes);
              }
            });
  }

  /** Settings that may be meant are looked at as they are. */
  private static boolean isOf(Settings settings, Called called) {
    return settings.qualifier().equals(called.qualifier())
        || settings.qualifier().equals(Functions.UNKNOWN)
        || called.qualifier().equals(Functions.UNKNOWN);
  }

  private static void settings(
      Resource config, Optional<Resource> function, Inspection inspection, Outcomes.Of outcomes) {
    Value destination = inspection.property(config, DESTINATION);
    Verdict own = Decide.present(destination);
    Verdict letters =
        function
            .map(it -> Decide.present(inspection.property(it, DEAD_LETTERS)))
            .orElse(Verdict.UNDECIDED);
    Can.say(
        outcomes,
        Decide.best(List.of(own, letters)),
        config,
        DESTINATION,
        destination,
        "what fails is dropped without a word",
        "set " + DESTINATION + " to a queue or a topic");
  }

  private static void function(
      Called called, Resource caller, Inspection inspection, Outcomes.Of outcomes) {
    Value letters = inspection.property(called.function(), DEAD_LETTERS);
    Can.say(
        outcomes,
        Decide.present(letters),
        called.function(),
        DEAD_LETTERS,
        letters,
        "what fails is dropped without a word when " + caller.id().name() + " calls it",
        FIX + ", or DeadLetterConfig");
  }

  /** What is called, with the first that calls it. */
  private static Map<Called, Resource> callers(Inspection inspection, Functions functions) {
    Map<Called, Resource> callers = new LinkedHashMap<>();
    CALLERS.forEach(
        (type, paths) -> {
          for (Resource caller : inspection.resources(type)) {
            for (String path : paths) {
              for (Value name : at(inspection.properties(caller), path)) {
                functions.called(name).ifPresent(it -> callers.putIfAbsent(it, caller));
              }
            }
          }
        });
    return callers;
  }

  private static List<Value> at(Value value, String path) {
    List<Value> found = List.of(value);
    for (String step : Arrays.asList(path.split("\\.", -1))) {
      String name = step.replace("[]", "");
      found = found.stream().flatMap(it -> Decide.items(it.entry(name)).stream()).toList();
    }
    return found;
  }
}
