package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.reliability.BatchJobs.Platform;
import dev.mlinfra.policy.internal.reliability.BatchJobs.SpotJob;
import dev.mlinfra.template.ResolvedText;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a job on spot capacity has done is lost with its host unless it is written elsewhere: to S3,
 * where it may write and is told to, or to a file system that it mounts. A job that is stopped
 * after a quarter of an hour loses too little to need it, and what a job on EKS may do is not in
 * the template.
 */
final class SpotCheckpoint implements Rule {
  private static final List<String> SHARED =
      List.of("EfsVolumeConfiguration", "S3FilesVolumeConfiguration");
  private static final BigDecimal SHORT_SECONDS = BigDecimal.valueOf(900);

  @Override
  public String id() {
    return "mlinfra::reliability.spot-checkpoint";
  }

  @Override
  public String requirement() {
    return "A Batch job on spot has a place for checkpoints: a prefix of S3 that it may write to"
        + " and"
        + " is told, or a file system.";
  }

  /** What runs in a job: a container, with what its task has for all containers. */
  private record Container(Value properties, Value volumes, Value role) {}

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (SpotJob job : BatchJobs.onSpot(inspection)) {
      Value timeout = inspection.property(job.definition(), "Timeout.AttemptDurationSeconds");
      boolean quick =
          Can.beNumber(timeout, it -> it.compareTo(SHORT_SECONDS) <= 0) == Verdict.COMPLIANT;
      if (job.platform() != Platform.EKS && !quick) {
        check(job, inspection, outcomes);
      }
    }
  }

  private static void check(SpotJob job, Inspection inspection, Outcomes.Of outcomes) {
    Verdict best = Verdict.VIOLATED;
    for (Container container : containers(job.definition(), inspection)) {
      Verdict written = S3Writers.of(inspection).mayWrite(container.role());
      Verdict told = told(job, container, inspection);
      Verdict bucket = Verdict.worst(List.of(written, told));
      Verdict mounted = mounted(container);
      best = Decide.best(List.of(best, bucket, mounted));
    }
    Can.say(
        outcomes,
        Can.judge(job.certain(), best),
        job.definition(),
        at(job.definition(), inspection),
        new Value.Missing(),
        "an interruption on spot starts the job anew: it has no place for checkpoints",
        "name an s3:// prefix in an environment variable and let the job role put objects there,"
            + " or mount a file system of EFS or FSx");
  }

  private static String at(Resource definition, Inspection inspection) {
    return inspection.property(definition, "EcsProperties").isMissing()
        ? "ContainerProperties"
        : "EcsProperties";
  }

  private static List<Container> containers(Resource definition, Inspection inspection) {
    Value alone = inspection.property(definition, "ContainerProperties");
    if (!alone.isMissing()) {
      return List.of(new Container(alone, alone.entry("Volumes"), alone.entry("JobRoleArn")));
    }
    List<Container> containers = new ArrayList<>();
    for (Value task : inspection.property(definition, "EcsProperties.TaskProperties").oneOrMany()) {
      for (Value container : task.entry("Containers").oneOrMany()) {
        containers.add(new Container(container, task.entry("Volumes"), task.entry("TaskRoleArn")));
      }
    }
    return containers;
  }

  // ---- file systems

  private static Verdict mounted(Container container) {
    Verdict best = Verdict.VIOLATED;
    for (Value volume : Decide.items(container.volumes())) {
      boolean used =
          Decide.items(container.properties().entry("MountPoints")).stream()
              .anyMatch(
                  mount ->
                      mount.entry("SourceVolume").equals(volume.entry("Name"))
                          && Can.be(mount.entry("ReadOnly"), "true") != Verdict.COMPLIANT);
      if (!used) {
        continue;
      }
      if (SHARED.stream().anyMatch(name -> !volume.entry(name).isMissing())) {
        return Verdict.COMPLIANT;
      }
      // The host can have mounted a file system of FSx there.
      if (!volume.entry("Host").entry("SourcePath").isMissing()) {
        best = Verdict.UNDECIDED;
      }
    }
    return best;
  }

  // ---- objects

  private static Verdict told(SpotJob job, Container container, Inspection inspection) {
    List<Value> values = new ArrayList<>(inputs(container.properties()));
    values.addAll(inspection.property(job.definition(), "Parameters").asMap().values());
    for (Value given : job.given()) {
      values.addAll(given.entry("Parameters").asMap().values());
      values.addAll(inputs(given.entry("ContainerOverrides")));
    }
    Set<String> buckets = S3Writers.of(inspection).buckets(container.role());
    Verdict best = Verdict.VIOLATED;
    for (Value value : values) {
      Verdict one = namesObjects(value, job, buckets, inspection);
      best = Decide.best(List.of(best, one));
    }
    return best;
  }

  private static List<Value> inputs(Value container) {
    List<Value> inputs = new ArrayList<>(Decide.items(container.entry("Command")));
    for (Value variable : Decide.items(container.entry("Environment"))) {
      inputs.add(variable.entry("Value"));
    }
    return inputs;
  }

  private static Verdict namesObjects(
      Value value, SpotJob job, Set<String> buckets, Inspection inspection) {
    return Decide.each(
        value,
        it -> {
          ResolvedText text = it.resolvedText(inspection.context(job.definition()));
          boolean bucket =
              text.references().stream()
                  .flatMap(id -> inspection.resource(id).stream())
                  .anyMatch(resource -> resource.type().equals("AWS::S3::Bucket"));
          String known = text.toString();
          if (bucket || known.contains("s3://") || buckets.stream().anyMatch(known::contains)) {
            return Verdict.COMPLIANT;
          }
          return text.text().isPresent() || !text.references().isEmpty()
              ? Verdict.VIOLATED
              : Verdict.UNDECIDED;
        });
  }
}
