package dev.mlinfra.policy.internal.network;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.ResolvedText;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the containers of a task or job make it reach. */
final class Containers {
  private static final String REGISTRY = ".dkr.ecr.";

  private final Inspection inspection;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> otherImages = new LinkedHashSet<>();
  private final Set<ResourceId> roles = new LinkedHashSet<>();
  private boolean unknownImage;

  private Containers(Inspection inspection) {
    this.inspection = inspection;
  }

  /** The containers of a task definition, which a value names. */
  static Containers ofTask(Inspection inspection, Value taskDefinition) {
    Containers containers = new Containers(inspection);
    Optional<Resource> task =
        inspection.named(taskDefinition).filter(it -> it.type().equals("AWS::ECS::TaskDefinition"));
    containers.unknownImage = task.isEmpty();
    task.ifPresent(
        it -> {
          for (Value each : Decide.items(inspection.property(it, "ContainerDefinitions"))) {
            containers.add(it, each, false);
          }
          containers.role(inspection.property(it, "TaskRoleArn"));
        });
    return containers;
  }

  /** The containers of all job definitions of a model for a platform. */
  static Containers ofJobs(Inspection inspection, boolean fargate) {
    Containers containers = new Containers(inspection);
    List<Resource> jobs = jobs(inspection, fargate);
    containers.unknownImage = jobs.isEmpty();
    for (Resource job : jobs) {
      Value properties = inspection.properties(job);
      Value single = properties.at("ContainerProperties");
      if (!single.isMissing()) {
        containers.add(job, single, true);
        containers.role(single.entry("JobRoleArn"));
      }
      for (Value task : Decide.items(properties.at("EcsProperties.TaskProperties"))) {
        Decide.items(task.entry("Containers")).forEach(it -> containers.add(job, it, true));
        containers.role(task.entry("TaskRoleArn"));
      }
      for (Value node : Decide.items(properties.at("NodeProperties.NodeRangeProperties"))) {
        if (!node.entry("Container").isMissing()) {
          containers.add(job, node.entry("Container"), true);
          containers.role(node.at("Container.JobRoleArn"));
        }
      }
    }
    return containers;
  }

  /** The job definitions of a model for a platform. */
  static List<Resource> jobs(Inspection inspection, boolean fargate) {
    return inspection.resources("AWS::Batch::JobDefinition").stream()
        .filter(
            it -> {
              List<Value> platforms = Decide.items(inspection.property(it, "PlatformCapabilities"));
              return fargate == platforms.contains(new Value.Text("FARGATE"));
            })
        .filter(it -> inspection.property(it, "EksProperties").isMissing())
        .toList();
  }

  private void role(Value role) {
    inspection.named(role).ifPresent(it -> roles.add(it.id()));
  }

  private void add(Resource holder, Value container, boolean logsByDefault) {
    image(container.entry("Image").resolvedText(inspection.context(holder)));
    Value driver = container.at("LogConfiguration.LogDriver");
    if (driver.asText().filter("awslogs"::equals).isPresent()
        || (logsByDefault && driver.isMissing())) {
      known.add("awslogs");
    }
    for (Value secret : Decide.items(container.entry("Secrets"))) {
      ResolvedText from = secret.entry("ValueFrom").resolvedText(inspection.context(holder));
      for (ResourceId named : from.references()) {
        inspection.resource(named).ifPresent(it -> secretOf(it.type()));
      }
      secretOf(from.toString());
    }
  }

  private void secretOf(String text) {
    if (text.startsWith("AWS::SecretsManager::") || text.contains(":secretsmanager:")) {
      known.add("secretsmanager");
    } else if (text.startsWith("AWS::SSM::") || text.contains(":ssm:")) {
      known.add("ssm");
    }
  }

  private void image(ResolvedText image) {
    boolean ofModel =
        image.references().stream()
            .flatMap(it -> inspection.resource(it).stream())
            .anyMatch(it -> it.type().equals("AWS::ECR::Repository"));
    boolean written =
        image.parts().stream()
            .anyMatch(it -> it instanceof Value.Text text && text.text().contains(REGISTRY));
    if (ofModel || written) {
      known.add("ecr-image");
    } else if (image.text().filter(it -> !it.isEmpty()).isPresent()) {
      otherImages.add(image.text().get());
    } else {
      unknownImage = true;
    }
  }

  /** What is known of them: {@code ecr-image}, {@code awslogs}, {@code secretsmanager} … */
  Set<String> known() {
    return known;
  }

  /** The images that come from a registry which no endpoint leads to. */
  Set<String> otherImages() {
    return otherImages;
  }

  /** Whether it is not known where an image comes from. */
  boolean hasUnknownImage() {
    return unknownImage;
  }

  /** The roles of the model that they act with. */
  Set<ResourceId> roles() {
    return roles;
  }
}
