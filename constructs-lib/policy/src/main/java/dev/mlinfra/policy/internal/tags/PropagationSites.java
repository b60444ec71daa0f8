package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.tags.TaggableTypes.Shape;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
   * @param applies which resources of the type have the place, by their properties: {@link
   *     Verdict#VIOLATED} says that it is of no account
   */
  private record Site(
      String type, String path, String wanted, Check check, Function<Value, Verdict> applies) {
    Site when(Function<Value, Verdict> condition) {
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
              properties -> Verdict.COMPLIANT),
          oneOf("AWS::Batch::JobDefinition", "PropagateTags", "true")
              .when(properties -> Decide.not(Decide.present(properties.entry("EksProperties")))),
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
              .when(
                  properties ->
                      Decide.not(Decide.present(properties.entry("DBClusterIdentifier")))),
          oneOf("AWS::FSx::FileSystem", "LustreConfiguration.CopyTagsToBackups", "true"),
          oneOf("AWS::FSx::FileSystem", "OpenZFSConfiguration.CopyTagsToBackups", "true"),
          oneOf("AWS::FSx::FileSystem", "WindowsConfiguration.CopyTagsToBackups", "true"));

  private static final Map<String, List<Site>> BY_TYPE =
      SITES.stream().collect(Collectors.groupingBy(Site::type));

  private PropagationSites() {}

  /** Type and path of every place, for a check that they exist. */
  static List<String> places() {
    return SITES.stream().map(site -> site.type() + " " + site.path()).distinct().toList();
  }

  /** What the places of one resource say. */
  static List<Place> of(Resource resource, Inspection inspection) {
    List<Place> places = new ArrayList<>();
    for (Site site : BY_TYPE.getOrDefault(resource.type(), List.of())) {
      Value properties = inspection.properties(resource);
      Verdict applies = site.applies().apply(properties);
      if (applies != Verdict.VIOLATED) {
        List<String> steps = new ArrayList<>(Arrays.asList(site.path().split("\\.", -1)));
        String last = steps.remove(steps.size() - 1);
        new Walk(resource, inspection.context(resource), site, applies, last, places)
            .walk(properties, "", steps);
      }
    }
    return places.stream().distinct().toList();
  }

  /** The way through the properties of one resource to the places of one kind. */
  private record Walk(
      Resource resource,
      Context context,
      Site site,
      Verdict best,
      String last,
      List<Place> places) {

    void walk(Value value, String at, List<String> steps) {
      for (Value branch : value.alternatives()) {
        if (branch instanceof Value.Mapping) {
          go(branch, at, steps);
        } else if (!branch.isMissing()) {
          say(at + last, branch, Verdict.UNDECIDED);
        }
      }
    }

    private void go(Value map, String at, List<String> steps) {
      if (steps.isEmpty()) {
        say(at + last, map.entry(last), Decide.each(map.entry(last), this::verdict));
        return;
      }
      List<String> rest = steps.subList(1, steps.size());
      String step = steps.get(0);
      if (step.endsWith("[]")) {
        String list = step.substring(0, step.length() - 2);
        items(map.entry(list), at + list, rest);
      } else {
        walk(map.entry(step), at + step + ".", rest);
      }
    }

    private void items(Value list, String at, List<String> steps) {
      for (Value branch : list.alternatives()) {
        if (!branch.isMissing() && !(branch instanceof Value.Sequence)) {
          say(at + "[]." + last, branch, Verdict.UNDECIDED);
        }
        for (int i = 0; i < branch.asList().size(); i++) {
          walk(branch.asList().get(i), at + "[" + i + "].", steps);
        }
      }
    }

    private Verdict verdict(Value value) {
      return site.check().of(value, context);
    }

    private void say(String at, Value given, Verdict verdict) {
      Verdict said = verdict == Verdict.VIOLATED && best == Verdict.UNDECIDED ? best : verdict;
      places.add(new Place(resource.id(), at, said, given, "wants " + site.wanted()));
    }
  }

  private static Site oneOf(String type, String path, String... allowed) {
    List<String> texts = List.of(allowed);
    return new Site(
        type,
        path,
        String.join(" or ", texts),
        (value, context) -> {
          if (value.isMissing()) {
            return Verdict.VIOLATED;
          }
          return value
              .resolvedText(context)
              .text()
              .map(text -> texts.contains(text) ? Verdict.COMPLIANT : Verdict.VIOLATED)
              .orElse(Verdict.UNDECIDED);
        },
        properties -> Verdict.COMPLIANT);
  }

  private static Site keys(String type, String path, Shape shape) {
    return new Site(
        type,
        path,
        "the six keys",
        (value, context) -> TagKeys.of(value, shape, context).verdict(),
        properties -> Verdict.COMPLIANT);
  }

  private static Site specification(String type, String path, String resourceType) {
    return new Site(
        type,
        path,
        "the six keys for " + resourceType,
        (value, context) -> specification(value, resourceType, context),
        properties -> Verdict.COMPLIANT);
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
        properties -> Verdict.COMPLIANT);
  }

  private static Verdict launchTemplate(Value value, Context context) {
    if (value.isMissing()) {
      return Verdict.VIOLATED;
    }
    boolean here =
        value.references(context).stream()
            .map(context.model()::resource)
            .flatMap(Optional::stream)
            .anyMatch(resource -> resource.type().equals(TEMPLATE));
    return here ? Verdict.COMPLIANT : Verdict.UNDECIDED;
  }

  private static Verdict startsInstances(Value environment) {
    Value kind = environment.at("ComputeResources.Type");
    return kind.isMissing()
        ? Verdict.COMPLIANT
        : Decide.text(kind, text -> !text.startsWith("FARGATE"));
  }
}
