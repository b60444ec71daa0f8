package dev.mlinfra.testkit;

import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.Permissions;
import dev.mlinfra.policy.Report;
import dev.mlinfra.policy.ReportText;
import dev.mlinfra.policy.StatefulResources;
import dev.mlinfra.policy.TagReach;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what was synthesised; made by {@link TemplateAssertions}, {@link CdkAssertions}
 * or {@link PulumiGraph}.
 */
public final class TemplateAssert extends AbstractAssert<TemplateAssert, Model> {
  private Snapshots snapshots = Snapshots.ofThisModule();

  TemplateAssert(Model model) {
    super(model, TemplateAssert.class);
  }

  /** Where the reviewed files are. Default: {@code src/test/resources/snapshots}. */
  public TemplateAssert withSnapshots(Snapshots where) {
    this.snapshots = where;
    return this;
  }

  /** There is at least one resource of a type. */
  public TemplateAssert hasResource(String type) {
    if (actual.resources(type).isEmpty()) {
      throw failure("no %s; there are %s", type, types());
    }
    return this;
  }

  /** There is no resource of a type. */
  public TemplateAssert hasNoResource(String type) {
    return hasResources(type, 0);
  }

  /** There are so many resources of a type. */
  public TemplateAssert hasResources(String type, int count) {
    List<Resource> found = actual.resources(type);
    if (found.size() != count) {
      throw failure("%d of %s instead of %d: %s", found.size(), type, count, labels(found));
    }
    return this;
  }

  /** The resources are of these types and no other. */
  public TemplateAssert hasOnlyTypes(String... types) {
    Set<String> wanted = new TreeSet<>(List.of(types));
    if (!types().equals(wanted)) {
      throw failure("types %s instead of %s", types(), wanted);
    }
    return this;
  }

  /**
   * The one resource of a type has a property with this value.
   *
   * @param type type of the resource
   * @param path such as {@code VersioningConfiguration.Status}; see {@link Value#at}
   * @param expected a text, number or boolean; a symbolic value is compared as {@link
   *     dev.mlinfra.template.ResolvedText} writes it
   */
  public TemplateAssert hasProperty(String type, String path, Object expected) {
    hasResources(type, 1);
    Resource resource = actual.resources(type).get(0);
    Value value = resource.property(path);
    String text =
        value.isMissing() ? "nothing" : value.resolvedText(actual.contextOf(resource)).toString();
    if (!text.equals(String.valueOf(expected))) {
      throw failure("%s: %s is %s instead of %s", resource.label(), path, text, expected);
    }
    return this;
  }

  /**
   * The six cost tags are on every resource that can carry tags, and go on to what it starts; see
   * {@link TagReach}. What cannot be decided fails too, and so does a model in which nothing can
   * carry tags.
   */
  public TemplateAssert hasCostTags() {
    TagReach reach = TagReach.of(actual);
    if (reach.resources().isEmpty()) {
      throw failure("no resource that can carry tags; there are %s", types());
    }
    if (!reach.shortcomings().isEmpty()) {
      throw failure(
          "%s; not:%n%s",
          reach.counts(),
          reach.shortcomings().stream().map(it -> "  " + it).collect(Collectors.joining("\n")));
    }
    return this;
  }

  /**
   * The gate finds nothing that is not acknowledged; what cannot be decided fails too. See {@link
   * Gate#standard()}.
   */
  public TemplateAssert passesGate() {
    return passesGate(Gate.standard());
  }

  /** The same, with a gate that knows patterns or acknowledgements. */
  public TemplateAssert passesGate(Gate gate) {
    Report report = gate.check(actual);
    if (!report.findings().isEmpty()) {
      throw failure("the gate finds:%n%n%s", ReportText.of(report));
    }
    return this;
  }

  /**
   * The gate finds breaches of exactly these rules, wherever and as often as they are: what a test
   * of a bad template says. What is acknowledged does not count, what cannot be decided does.
   *
   * @param rules ids such as {@code mlinfra::iam.action-star}
   */
  public TemplateAssert hasFindings(String... rules) {
    Report report = Gate.standard().check(actual);
    Set<String> wanted = new TreeSet<>(List.of(rules));
    Set<String> found =
        report.findings().stream()
            .map(Finding::rule)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!found.equals(wanted)) {
      throw failure("the gate finds %s instead of %s:%n%n%s", found, wanted, ReportText.of(report));
    }
    return this;
  }

  /** Every stack is as its reviewed file says; see {@link Snapshots#match}. */
  public TemplateAssert matchesSnapshots() {
    snapshots.match(actual);
    return this;
  }

  /**
   * The one stack is as the reviewed file {@code name.json} says.
   *
   * @param name name of the file without its ending; may have folders
   */
  public TemplateAssert matchesSnapshot(String name) {
    if (actual.stacks().size() != 1) {
      throw failure("%d stacks; matchesSnapshots() takes several", actual.stacks().size());
    }
    snapshots.matches(name + ".json", Snapshots.text(actual, actual.stacks().get(0)));
    return this;
  }

  /**
   * Identities may do, and roles are taken on by, what the reviewed file {@code name.txt} lists;
   * see {@link Permissions}.
   */
  public TemplateAssert hasPermissions(String name) {
    snapshots.matches(name + ".txt", Permissions.of(actual).text());
    return this;
  }

  /**
   * What holds data has the logical ids that the reviewed file {@code name.txt} lists: with another
   * id a resource is made anew, and its data is lost or left behind. See {@link StatefulResources}.
   */
  public TemplateAssert keepsLogicalIds(String name) {
    snapshots.matches(name + ".txt", StatefulResources.text(actual));
    return this;
  }

  /** Nothing that will be deployed is unknown to the model. */
  public TemplateAssert hasNoGaps() {
    if (!actual.gaps().isEmpty()) {
      throw failure("not known: %s", actual.gaps());
    }
    return this;
  }

  /** None of these texts stands anywhere in clear: in resources, outputs, parameters, mappings. */
  public TemplateAssert hides(String... secrets) {
    List<String> found =
        parts().entrySet().stream()
            .filter(part -> holds(part.getValue(), secrets))
            .map(Map.Entry::getKey)
            .toList();
    if (!found.isEmpty()) {
      throw failure("a secret stands in clear in %s", found);
    }
    return this;
  }

  /** Everything that has a value, by how to name it. */
  private Map<String, Value> parts() {
    Map<String, Value> parts = new LinkedHashMap<>();
    for (Stack stack : actual.stacks()) {
      String in = stack.id() + ": ";
      stack.mappings().forEach((name, value) -> parts.put(in + "mapping " + name, value));
      stack.conditions().forEach((name, value) -> parts.put(in + "condition " + name, value));
      stack
          .parameters()
          .forEach((name, it) -> parts.put(in + "parameter " + name, it.declaration()));
      stack.outputs().forEach((name, it) -> parts.put(in + "output " + name, it.value()));
      for (Resource resource : stack.resources().values()) {
        parts.put(resource.id() + ": properties", resource.properties());
        resource
            .attributes()
            .forEach((name, value) -> parts.put(resource.id() + ": " + name, value));
      }
    }
    return parts;
  }

  /** Whether a text stands in a value, wherever: in a key, in an argument of a function. */
  private static boolean holds(Value value, String... texts) {
    String json = value.toJson();
    return Stream.of(texts)
        .map(text -> new Value.Text(text).toJson())
        .anyMatch(quoted -> json.contains(quoted.substring(1, quoted.length() - 1)));
  }

  private Set<String> types() {
    return actual.resources().stream()
        .map(Resource::type)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> labels(List<Resource> resources) {
    return resources.stream().map(Resource::label).toList();
  }
}
