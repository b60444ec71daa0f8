package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.States;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which jobs of AWS Batch can run on spot capacity.
 *
 * <p>A job definition names no queue; what submits it does: a state machine, a rule of EventBridge
 * or a pipe. Where nothing is seen to submit it, it counts as run by the compute environments of
 * its stack.
 */
final class BatchJobs {
  static final String DEFINITION = "AWS::Batch::JobDefinition";

  /** What a job runs on. */
  enum Platform {
    EC2,
    FARGATE,
    EKS
  }

  /**
   * A job that can run on spot capacity.
   *
   * @param definition its definition
   * @param platform what it runs on
   * @param certain whether it certainly does; else it depends on who submits it, or the deployment
   * @param given what those who submit it give it besides
   */
  record SpotJob(Resource definition, Platform platform, boolean certain, List<Value> given) {
    SpotJob {
      given = List.copyOf(given);
    }
  }

  private record Submission(ResourceId definition, Value queue, Value given) {}

  private static final String ENVIRONMENT = "AWS::Batch::ComputeEnvironment";
  private static final String QUEUE = "AWS::Batch::JobQueue";
  private static final Value NOTHING = new Value.Missing();

  private final Inspection inspection;
  private final Map<ResourceId, List<Submission>> submissions = new HashMap<>();
  private final Map<String, List<Resource>> environmentsByStack = new HashMap<>();
  private final List<SpotJob> onSpot = new ArrayList<>();

  private BatchJobs(Inspection inspection) {
    this.inspection = inspection;
    for (Resource environment : inspection.resources(ENVIRONMENT)) {
      environmentsByStack
          .computeIfAbsent(environment.id().stack(), stack -> new ArrayList<>())
          .add(environment);
    }
    readStates();
    readRules();
    readPipes();
    inspection.resources(DEFINITION).forEach(this::add);
  }

  /** The jobs that can run on spot capacity. */
  static List<SpotJob> onSpot(Inspection inspection) {
    return List.copyOf(inspection.prepared(BatchJobs.class, BatchJobs::new).onSpot);
  }

  private void readStates() {
    for (States.State state : States.of(inspection, "batch:submitJob")) {
      Value arguments = state.arguments();
      submitted(arguments.entry("JobDefinition"), arguments.entry("JobQueue"), arguments);
    }
  }

  private void readRules() {
    for (Resource rule : inspection.resources("AWS::Events::Rule")) {
      for (Value target : inspection.property(rule, "Targets").asList()) {
        Value batch = target.entry("BatchParameters");
        submitted(batch.entry("JobDefinition"), target.entry("Arn"), NOTHING);
      }
    }
  }

  private void readPipes() {
    for (Resource pipe : inspection.resources("AWS::Pipes::Pipe")) {
      Value batch = inspection.property(pipe, "TargetParameters.BatchJobParameters");
      submitted(batch.entry("JobDefinition"), inspection.property(pipe, "Target"), batch);
    }
  }

  private void submitted(Value definition, Value queue, Value given) {
    inspection
        .named(definition)
        .ifPresent(
            it ->
                submissions
                    .computeIfAbsent(it.id(), id -> new ArrayList<>())
                    .add(new Submission(it.id(), queue, given)));
  }

  private void add(Resource definition) {
    Optional<Platform> platform = platform(definition);
    if (platform.isEmpty()) {
      return;
    }
    List<Submission> known = submissions.getOrDefault(definition.id(), List.of());
    Verdict spot = Verdict.VIOLATED;
    boolean elsewhere = false;
    for (Submission submission : known) {
      Optional<Resource> queue =
          inspection.named(submission.queue()).filter(it -> it.type().equals(QUEUE));
      elsewhere |= queue.isEmpty();
      if (queue.isPresent()) {
        spot = Decide.best(List.of(spot, ofQueue(queue.get(), platform.get())));
      }
    }
    if (known.isEmpty() || (elsewhere && spot == Verdict.VIOLATED)) {
      spot = ofStack(definition.id().stack(), platform.get());
    }
    if (spot != Verdict.VIOLATED) {
      onSpot.add(
          new SpotJob(
              definition,
              platform.get(),
              spot == Verdict.COMPLIANT,
              known.stream().map(Submission::given).toList()));
    }
  }

  /** Jobs over several nodes do not run on spot capacity. */
  private Optional<Platform> platform(Resource definition) {
    if (!inspection.property(definition, "NodeProperties").isMissing()) {
      return Optional.empty();
    }
    if (!inspection.property(definition, "EksProperties").isMissing()) {
      return Optional.of(Platform.EKS);
    }
    Value capability = inspection.property(definition, "PlatformCapabilities").item(0);
    return Optional.of(
        capability.asText().filter("FARGATE"::equalsIgnoreCase).isPresent()
            ? Platform.FARGATE
            : Platform.EC2);
  }

  /** A queue goes on to the next environment when one has no room, so one on spot is enough. */
  private Verdict ofQueue(Resource queue, Platform platform) {
    Verdict spot = Verdict.VIOLATED;
    for (Value order : inspection.property(queue, "ComputeEnvironmentOrder").asList()) {
      Optional<Resource> environment = inspection.named(order.entry("ComputeEnvironment"));
      if (environment.isPresent()) {
        spot = Decide.best(List.of(spot, ofEnvironment(environment.get(), platform)));
      }
    }
    return spot;
  }

  /** Certain only when nothing in the stack could run the job on demand. */
  private Verdict ofStack(String stack, Platform platform) {
    List<Verdict> each =
        environmentsByStack.getOrDefault(stack, List.of()).stream()
            .filter(it -> isOf(it, platform))
            .map(it -> ofEnvironment(it, platform))
            .distinct()
            .toList();
    if (each.isEmpty()) {
      return Verdict.VIOLATED;
    }
    return each.size() == 1 ? each.get(0) : Verdict.UNDECIDED;
  }

  private Verdict ofEnvironment(Resource environment, Platform platform) {
    if (!isOf(environment, platform)) {
      return Verdict.VIOLATED;
    }
    Value type = inspection.property(environment, "ComputeResources.Type");
    return Can.be(type, platform == Platform.FARGATE ? "FARGATE_SPOT" : "SPOT");
  }

  private boolean isOf(Resource environment, Platform platform) {
    boolean eks = !inspection.property(environment, "EksConfiguration").isMissing();
    Value type = inspection.property(environment, "ComputeResources.Type");
    boolean fargate =
        type.asText().filter(it -> it.toUpperCase(Locale.ROOT).startsWith("FARGATE")).isPresent();
    return switch (platform) {
      case EKS -> eks;
      case FARGATE -> fargate || type.isSymbolic();
      case EC2 -> !eks && !fargate;
    };
  }
}
