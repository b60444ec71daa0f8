package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.TagReach;
import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.tags.TaggableTypes.Tagging;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the places that must have the cost tags, or carry them on. */
public final class TagPlaces {
  private TagPlaces() {}

  /** All places of a model. */
  public static TagReach of(Inspection inspection) {
    return inspection.prepared(TagReach.class, TagPlaces::find);
  }

  private static TagReach find(Inspection inspection) {
    List<Place> resources = new ArrayList<>();
    List<Place> sites = new ArrayList<>();
    for (Resource resource : inspection.resources()) {
      if (inspection.isPulumi()) {
        PulumiLabels.own(resource).ifPresent(resources::add);
        PulumiLabels.handedOn(resource).ifPresent(sites::add);
      } else {
        own(resource, inspection).ifPresent(resources::add);
        sites.addAll(PropagationSites.of(resource, inspection));
      }
    }
    sites.addAll(StateMachineTasks.tasks(inspection));
    sites.addAll(StateMachineTasks.jobs(inspection));
    return new TagReach(resources, sites);
  }

  private static Optional<Place> own(Resource resource, Inspection inspection) {
    if (TaggableTypes.knows(resource.type())) {
      return TaggableTypes.tagging(resource.type()).map(it -> own(resource, it, inspection));
    }
    // A custom resource or a third party's type carries no tags of AWS.
    return resource.type().startsWith("AWS::") && !isOfTheTemplateOnly(resource.type())
        ? Optional.of(
            new Place(
                resource.id(),
                "Tags",
                Verdict.UNDECIDED,
                inspection.property(resource, "Tags"),
                resource.type() + " is not in the vendor's schemas of this release"))
        : Optional.empty();
  }

  private static Place own(Resource resource, Tagging tagging, Inspection inspection) {
    Value tags = inspection.properties(resource).entry(tagging.property());
    TagKeys keys = TagKeys.of(tags, tagging.shape());
    return new Place(
        resource.id(),
        tagging.property(),
        keys.verdict(),
        tags,
        "lacks " + String.join(", ", keys.missing()));
  }

  /** What CloudFormation itself takes care of; nothing of it is billed. */
  private static boolean isOfTheTemplateOnly(String type) {
    return type.equals("AWS::CDK::Metadata") || type.startsWith("AWS::CloudFormation::");
  }
}
