package dev.mlinfra.testkit;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far the six cost tags ({@link dev.mlinfra.core.CostTags#KEYS}) get: onto every resource that
 * can carry tags, and on from there to what is billed.
 *
 * <p>Which CloudFormation types can carry tags, and in which property, says the vendor. For Pulumi
 * the provider's SDK says it, so its jar must be on the class path; Kubernetes objects all take
 * labels. What cannot be decided is said, and is not taken for right.
 *
 * @param resources one place for each resource that can carry tags
 * @param sites one place for each setting that makes tags go on to what is started later
 */
public record TagReach(List<Place> resources, List<Place> sites) {

  /**
   * One place that must have the tags or carry them on.
   *
   * @param resource whose place it is
   * @param at path of the property
   * @param verdict what was found
   * @param detail what is missing or wanted
   */
  public record Place(ResourceId resource, String at, Verdict verdict, String detail) {
    @Override
    public String toString() {
      return resource
          + ": "
          + at
          + ": "
          + (verdict == Verdict.UNDECIDED ? "cannot be decided; " : "")
          + detail;
    }
  }

  public TagReach {
    resources = List.copyOf(resources);
    sites = List.copyOf(sites);
  }

  /** What a model says. */
  public static TagReach of(Model model) {
    List<Place> resources = new ArrayList<>();
    List<Place> sites = new ArrayList<>();
    boolean pulumi =
        model.kind() == SourceKind.PULUMI_PREVIEW || model.kind() == SourceKind.PULUMI_STATE;
    for (Resource resource : model.resources()) {
      if (pulumi) {
        PulumiLabels.own(resource).ifPresent(resources::add);
        PulumiLabels.ofPods(resource).ifPresent(sites::add);
      } else {
        own(resource, model).ifPresent(resources::add);
        sites.addAll(PropagationSites.of(resource, model.contextOf(resource)));
      }
    }
    return new TagReach(resources, sites);
  }

  private static Optional<Place> own(Resource resource, Model model) {
    if (!TaggableTypes.knows(resource.type())) {
      // A custom resource or a third party's type carries no tags of AWS.
      return resource.type().startsWith("AWS::") && !isOfTheTemplateOnly(resource.type())
          ? Optional.of(
              new Place(
                  resource.id(),
                  "Tags",
                  Verdict.UNDECIDED,
                  resource.type() + " is not in the vendor's schemas of this release"))
          : Optional.empty();
    }
    return TaggableTypes.tagging(resource.type())
        .map(
            tagging -> {
              Value tags = model.contextOf(resource).resolve(resource.properties());
              TagKeys keys =
                  TagKeys.of(
                      tags.entry(tagging.property()), tagging.shape(), model.contextOf(resource));
              return new Place(
                  resource.id(),
                  tagging.property(),
                  keys.verdict(),
                  "lacks " + String.join(", ", keys.missing()));
            });
  }

  /** What CloudFormation itself takes care of; nothing of it is billed. */
  private static boolean isOfTheTemplateOnly(String type) {
    return type.equals("AWS::CDK::Metadata") || type.startsWith("AWS::CloudFormation::");
  }

  /** The places where the tags do not certainly arrive. */
  public List<Place> shortcomings() {
    return Stream.concat(resources.stream(), sites.stream())
        .filter(place -> place.verdict() != Verdict.REACHED)
        .toList();
  }

  /** Both counts in one line. */
  public String counts() {
    return "%d of %d taggable resources are tagged, %d of %d places carry the tags on"
        .formatted(reached(resources), resources.size(), reached(sites), sites.size());
  }

  private static long reached(List<Place> places) {
    return places.stream().filter(place -> place.verdict() == Verdict.REACHED).count();
  }
}
