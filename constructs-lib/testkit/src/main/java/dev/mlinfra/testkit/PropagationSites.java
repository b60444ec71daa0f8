package dev.mlinfra.testkit;

import dev.mlinfra.template.Context;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import dev.mlinfra.testkit.TaggableTypes.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The places of CloudFormation that say whether tags go on from a resource to what it starts later:
 * that, and not the resource, is on the bill.
 */
final class PropagationSites {
  /** What a value must be. */
  private interface Check {
    Verdict of(Value value, Context context);
  }

  /**
   * One kind of place.
   *
   * @param type type of the resource
   * @param path where it stands; {@code []} goes through a list. It counts when everything up to
   *     its last step is there
   * @param wanted what must stand there, in words
   * @param applies which resources of the type have the place
   */
  private record Site(
      String type, String path, String wanted, Check check, Predicate<Resource> applies) {
    Site when(Predicate<Resource> condition) {
      return new Site(type, path, wanted, check, condition);
    }
  }

  private static final String TEMPLATE = "AWS::EC2::LaunchTemplate";

  private static final List<Site> SITES =
      List.of(
          specification(TEMPLATE, "LaunchTemplateData.TagSpecifications", "instance"),
          specification(TEMPLATE, "LaunchTemplateData.TagSpecifications", "volume"),
          specification(TEMPLATE, "LaunchTemplateData.TagSpecifications", "network-interface"),
          new Site(
              "AWS::AutoScaling::AutoScalingGroup",
              "Tags",
              "the six keys with PropagateAtLaunch: true",
              PropagationSites::atLaunch,
              resource -> true),
          oneOf("AWS::Batch::JobDefinition", "PropagateTags", "true")
              .when(resource -> resource.property("EksProperties").isMissing()),
          keys("AWS::Batch::ComputeEnvironment", "ComputeResources.Tags", Shape.MAP)
              .when(PropagationSites::startsInstances),
          oneOf("AWS::ECS::Service", "PropagateTags", "SERVICE", "TASK_DEFINITION"),
          oneOf("AWS::ECS::Service", "EnableECSManagedTags", "true"),
          oneOf(
              "AWS::ECS::CapacityProvider",
              "ManagedInstancesProvider.PropagateTags",
              "CAPACITY_PROVIDER"),
          oneOf(
              "AWS::Scheduler::Schedule", "Target.EcsParameters.PropagateTags", "TASK_DEFINITION"),
          oneOf("AWS::Scheduler::Schedule", "Target.EcsParameters.EnableECSManagedTags", "true"),
          oneOf("AWS::Events::Rule", "Targets[].EcsParameters.PropagateTags", "TASK_DEFINITION"),
          oneOf("AWS::Events::Rule", "Targets[].EcsParameters.EnableECSManagedTags", "true"),
          oneOf(
              "AWS::Pipes::Pipe",
              "TargetParameters.EcsTaskParameters.PropagateTags",
              "TASK_DEFINITION"),
          oneOf(
              "AWS::Pipes::Pipe",
              "TargetParameters.EcsTaskParameters.EnableECSManagedTags",
              "true"),
          viaTemplate("AWS::EKS::Nodegroup", "LaunchTemplate"),
          oneOf("AWS::EC2::Instance", "PropagateTagsToVolumeOnCreation", "true"),
          viaTemplate("AWS::EC2::EC2Fleet", "LaunchTemplateConfigs[].LaunchTemplateSpecification"),
          viaTemplate(
              "AWS::EC2::SpotFleet",
              "SpotFleetRequestConfigData.LaunchTemplateConfigs[].LaunchTemplateSpecification"),
          specification(
              "AWS::EC2::SpotFleet",
              "SpotFleetRequestConfigData.LaunchSpecifications[].TagSpecifications",
              "instance"),
          oneOf("AWS::SageMaker::Domain", "TagPropagation", "ENABLED"),
          keys("AWS::ImageBuilder::InfrastructureConfiguration", "ResourceTags", Shape.MAP),
          keys("AWS::ECR::RepositoryCreationTemplate", "ResourceTags", Shape.LIST),
          keys("AWS::DynamoDB::GlobalTable", "Replicas[].Tags", Shape.LIST),
          oneOf("AWS::RDS::DBCluster", "CopyTagsToSnapshot", "true"),
          oneOf("AWS::RDS::DBInstance", "CopyTagsToSnapshot", "true")
              .when(resource -> resource.property("DBClusterIdentifier").isMissing()),
          oneOf("AWS::FSx::FileSystem", "LustreConfiguration.CopyTagsToBackups", "true"),
          oneOf("AWS::FSx::FileSystem", "OpenZFSConfiguration.CopyTagsToBackups", "true"),
          oneOf("AWS::FSx::FileSystem", "WindowsConfiguration.CopyTagsToBackups", "true"));

  private PropagationSites() {}

  /** Type and path of every place, for a check that they exist. */
  static List<String> places() {
    return SITES.stream().map(site -> site.type() + " " + site.path()).distinct().toList();
  }

  /** What the places of one resource say. */
  static List<TagReach.Place> of(Resource resource, Context context) {
    if (resource.type().equals("AWS::StepFunctions::StateMachine")) {
      return StateMachineTasks.of(resource, context);
    }
    List<TagReach.Place> places = new ArrayList<>();
    for (Site site : SITES) {
      if (site.type().equals(resource.type()) && site.applies().test(resource)) {
        List<String> steps = new ArrayList<>(Arrays.asList(site.path().split("\\.", -1)));
        String last = steps.remove(steps.size() - 1);
        walk(resource, context.resolve(resource.properties()), "", steps, last, site, context)
            .forEach(places::add);
      }
    }
    return places;
  }

  private static Stream<TagReach.Place> walk(
      Resource resource,
      Value value,
      String at,
      List<String> steps,
      String last,
      Site site,
      Context context) {
    if (value.isMissing()) {
      return Stream.of();
    }
    if (value instanceof Value.If branch) {
      return Stream.of(branch.then(), branch.otherwise())
          .flatMap(it -> walk(resource, it, at, steps, last, site, context))
          .distinct();
    }
    if (!(value instanceof Value.Mapping)) {
      return Stream.of(place(resource, at + last, site, Verdict.UNDECIDED));
    }
    if (steps.isEmpty()) {
      List<Verdict> verdicts =
          value.entry(last).alternatives().stream()
              .map(it -> site.check().of(it, context))
              .toList();
      return Stream.of(place(resource, at + last, site, Verdict.worst(verdicts)));
    }
    List<String> rest = steps.subList(1, steps.size());
    String step = steps.get(0);
    if (!step.endsWith("[]")) {
      return walk(resource, value.entry(step), at + step + ".", rest, last, site, context);
    }
    String list = step.substring(0, step.length() - 2);
    return value.entry(list).alternatives().stream()
        .flatMap(it -> items(resource, it, at + list, rest, last, site, context));
  }

  private static Stream<TagReach.Place> items(
      Resource resource,
      Value list,
      String at,
      List<String> steps,
      String last,
      Site site,
      Context context) {
    if (!list.isMissing() && !(list instanceof Value.Sequence)) {
      return Stream.of(place(resource, at + "[]." + last, site, Verdict.UNDECIDED));
    }
    List<TagReach.Place> places = new ArrayList<>();
    for (int i = 0; i < list.asList().size(); i++) {
      walk(resource, list.asList().get(i), at + "[" + i + "].", steps, last, site, context)
          .forEach(places::add);
    }
    return places.stream();
  }

  private static TagReach.Place place(Resource resource, String at, Site site, Verdict verdict) {
    return new TagReach.Place(resource.id(), at, verdict, "wants " + site.wanted());
  }

  private static Site oneOf(String type, String path, String... allowed) {
    List<String> texts = List.of(allowed);
    return new Site(
        type,
        path,
        String.join(" or ", texts),
        (value, context) -> {
          if (value.isMissing()) {
            return Verdict.MISSING;
          }
          return value
              .resolvedText(context)
              .text()
              .map(text -> texts.contains(text) ? Verdict.REACHED : Verdict.MISSING)
              .orElse(Verdict.UNDECIDED);
        },
        resource -> true);
  }

  private static Site keys(String type, String path, Shape shape) {
    return new Site(
        type,
        path,
        "the six keys",
        (value, context) -> TagKeys.of(value, shape, context).verdict(),
        resource -> true);
  }

  private static Site specification(String type, String path, String resourceType) {
    return new Site(
        type,
        path,
        "the six keys for " + resourceType,
        (value, context) -> specification(value, resourceType, context),
        resource -> true);
  }

  private static Verdict specification(Value list, String resourceType, Context context) {
    if (!list.isMissing() && !(list instanceof Value.Sequence)) {
      return Verdict.UNDECIDED;
    }
    List<Value> certain = new ArrayList<>();
    boolean complete = true;
    for (Value item : list.asList()) {
      if (item instanceof Value.Mapping) {
        boolean meant =
            item.entry("ResourceType")
                .resolvedText(context)
                .text()
                .equals(Optional.of(resourceType));
        if (meant) {
          certain.add(item);
        }
      } else {
        complete = false;
      }
    }
    TagKeys keys = TagKeys.of(new Value.Sequence(certain), Shape.SPECIFICATIONS, context);
    return new TagKeys(keys.known(), keys.complete() && complete).verdict();
  }

  private static Verdict atLaunch(Value tags, Context context) {
    return TagKeys.of(
            tags,
            Shape.LIST,
            context,
            tag -> tag.entry("PropagateAtLaunch").asBoolean().orElse(false))
        .verdict();
  }

  /** Nodes get their tags from a launch template, and from nowhere else. */
  private static Site viaTemplate(String type, String path) {
    return new Site(
        type,
        path,
        "a launch template of this model, whose TagSpecifications are checked",
        PropagationSites::launchTemplate,
        resource -> true);
  }

  private static Verdict launchTemplate(Value value, Context context) {
    if (value.isMissing()) {
      return Verdict.MISSING;
    }
    boolean here =
        value.references(context).stream()
            .map(context.model()::resource)
            .flatMap(Optional::stream)
            .anyMatch(resource -> resource.type().equals(TEMPLATE));
    return here ? Verdict.REACHED : Verdict.UNDECIDED;
  }

  private static boolean startsInstances(Resource environment) {
    String kind = environment.property("ComputeResources.Type").asText().orElse("EC2");
    return !kind.startsWith("FARGATE");
  }
}
