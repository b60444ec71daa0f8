package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Property;
import dev.mlinfra.policy.internal.tags.TaggableTypes.Shape;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
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
              (value, context) -> atLaunch(value),
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
        for (Property property : Property.of(properties, site.path())) {
          places.add(place(resource, property, site, applies, inspection.context(resource)));
        }
      }
    }
    return places;
  }

  private static Place place(
      Resource resource, Property property, Site site, Verdict applies, Context context) {
    Verdict verdict = Decide.each(property.value(), value -> site.check().of(value, context));
    return new Place(
        resource.id(),
        property.at(),
        verdict == Verdict.VIOLATED && applies == Verdict.UNDECIDED ? applies : verdict,
        property.value(),
        "wants " + site.wanted());
  }

  private static Site oneOf(String type, String path, String... allowed) {
    return new Site(
        type,
        path,
        String.join(" or ", allowed),
        (value, context) -> Decide.oneOf(value, allowed),
        properties -> Verdict.COMPLIANT);
  }

  private static Site keys(String type, String path, Shape shape) {
    return new Site(
        type,
        path,
        "the six keys",
        (value, context) -> TagKeys.of(value, shape).verdict(),
        properties -> Verdict.COMPLIANT);
  }

  private static Site specification(String type, String path, String resourceType) {
    return new Site(
        type,
        path,
        "the six keys for " + resourceType,
        (value, context) -> specification(value, resourceType),
        properties -> Verdict.COMPLIANT);
  }

  private static Verdict specification(Value list, String resourceType) {
    if (!list.isMissing() && !(list instanceof Value.Sequence)) {
      return Verdict.UNDECIDED;
    }
    List<Value> certain = new ArrayList<>();
    boolean complete = true;
    for (Value item : list.asList()) {
      Verdict meant = Decide.oneOf(item.entry("ResourceType"), resourceType);
      if (meant == Verdict.COMPLIANT) {
        certain.add(item);
      }
      complete &= meant != Verdict.UNDECIDED;
    }
    TagKeys keys = TagKeys.of(new Value.Sequence(certain), Shape.SPECIFICATIONS);
    return new TagKeys(keys.known(), keys.complete() && complete).verdict();
  }

  private static Verdict atLaunch(Value tags) {
    return TagKeys.of(tags, Shape.LIST, tag -> Decide.isTrue(tag.entry("PropagateAtLaunch")))
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
