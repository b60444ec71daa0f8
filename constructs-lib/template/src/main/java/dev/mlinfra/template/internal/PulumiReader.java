package dev.mlinfra.template.internal;

import dev.mlinfra.core.Position;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.template.Gap;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import dev.mlinfra.template.internal.Node.ListNode;
import dev.mlinfra.template.internal.Node.MapNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a Pulumi graph: a preview's steps, or an exported deployment. */
final class PulumiReader {
  private static final String STACK_TYPE = "pulumi:pulumi:Stack";

  /** Helm makes its objects; a {@code Chart}, in contrast, has them as children. */
  private static final String HELM_RELEASE = "kubernetes:helm.sh/v3:Release";

  /** What stands in a state beside the resource's own name, type and properties. */
  private static final Set<String> READ_ELSEWHERE = Set.of("urn", "type", "inputs");

  /** What a step says of the change; a review reads it. */
  private static final List<String> OF_THE_STEP =
      List.of("op", "diffReasons", "replaceReasons", "detailedDiff");

  private final String file;
  private final Map<String, Node> states = new LinkedHashMap<>();
  private final Map<String, Node> steps = new LinkedHashMap<>();
  private final List<Gap> gaps = new ArrayList<>();

  private PulumiReader(String file) {
    this.file = file;
  }

  static boolean acceptsPreview(Node node) {
    return node.get("steps").filter(ListNode.class::isInstance).isPresent();
  }

  static boolean acceptsState(Node node) {
    return deployment(node).isPresent();
  }

  /** An export holds a deployment, a state file of the file backend a checkpoint. */
  private static Optional<Node> deployment(Node node) {
    return node.get("deployment")
        .or(() -> node.get("checkpoint").flatMap(checkpoint -> checkpoint.get("latest")))
        .filter(MapNode.class::isInstance);
  }

  static Model readPreview(String file, Node preview) {
    PulumiReader reader = new PulumiReader(file);
    for (Node step : preview.get("steps").map(Node::list).orElse(List.of())) {
      reader.step(step);
    }
    reader.previewGaps(preview);
    return reader.model(SourceKind.PULUMI_PREVIEW);
  }

  /** What the old states of a preview's steps say. */
  static Model readDeployed(String file, Node preview) {
    PulumiReader reader = new PulumiReader(file);
    for (Node step : preview.get("steps").map(Node::list).orElse(List.of())) {
      step.get("oldState")
          .filter(MapNode.class::isInstance)
          .ifPresent(state -> reader.states.putIfAbsent(reader.urn(state), state));
    }
    return reader.model(SourceKind.PULUMI_STATE);
  }

  static Model readState(String file, Node state) {
    PulumiReader reader = new PulumiReader(file);
    Node deployment = deployment(state).orElseThrow();
    for (Node resource : deployment.get("resources").map(Node::list).orElse(List.of())) {
      // What waits for its deletion stands there under the name of its replacement.
      if (!isTrue(resource, "delete")) {
        reader.states.put(reader.urn(resource), resource);
      }
    }
    List<Node> pending = deployment.get("pending_operations").map(Node::list).orElse(List.of());
    if (!pending.isEmpty()) {
      reader.gaps.add(
          new Gap(file, pending.size() + " operations were interrupted: run pulumi refresh"));
    }
    return reader.model(SourceKind.PULUMI_STATE);
  }

  private static boolean isTrue(Node node, String key) {
    return node.get(key)
        .filter(it -> it instanceof Node.ScalarNode scalar && scalar.text().equals("true"))
        .isPresent();
  }

  private void step(Node step) {
    String op = step.text("op").orElse("");
    // A preview says what will be: what it deletes will not.
    if (op.startsWith("delete")
        || op.startsWith("discard")
        || op.equals("remove-pending-replace")) {
      return;
    }
    Optional<Node> state =
        step.get("newState")
            .filter(MapNode.class::isInstance)
            .or(() -> step.get("oldState").filter(MapNode.class::isInstance));
    if (state.isEmpty()) {
      throw wrong(step, "steps", "a step without newState and oldState");
    }
    String urn = urn(state.get());
    states.putIfAbsent(urn, state.get());
    boolean replaces = op.contains("replace");
    if (replaces || !steps.containsKey(urn)) {
      steps.put(urn, step);
    }
  }

  private void previewGaps(Node preview) {
    long same =
        steps.values().stream().filter(step -> step.text("op").orElse("").equals("same")).count();
    Optional<Value> counted =
        preview.get("changeSummary").flatMap(summary -> summary.get("same")).map(CfnValues::of);
    counted
        .flatMap(Value::asNumber)
        .filter(number -> number.precision() < 10 && number.longValue() > same)
        .ifPresent(
            number ->
                gaps.add(
                    new Gap(
                        file,
                        (number.longValue() - same)
                            + " unchanged resources are not in the preview: add --show-sames")));
    boolean failed =
        preview.get("diagnostics").map(Node::list).orElse(List.of()).stream()
            .anyMatch(diagnostic -> diagnostic.text("severity").orElse("").equals("error"));
    if (failed) {
      gaps.add(new Gap(file, "the preview ended with errors, so the graph is not whole"));
    }
  }

  private String urn(Node state) {
    String urn = state.text("urn").orElseThrow(() -> wrong(state, "urn", "is missing"));
    if (urn.split("::", -1).length < 4) {
      throw wrong(state, "urn", "is no URN");
    }
    return urn;
  }

  private ValidationException wrong(Node node, String path, String given) {
    return Unreadable.at(
        file, node, path, given, "what pulumi preview --json or pulumi stack export writes", "");
  }

  /** {@code project/stack} of {@code urn:pulumi:stack::project::type::name}. */
  private static String stackOf(String urn) {
    String[] parts = urn.split("::", -1);
    return parts[1] + "/" + parts[0].substring(parts[0].lastIndexOf(':') + 1);
  }

  private Model model(SourceKind kind) {
    Map<String, List<String>> urns =
        states.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    PulumiReader::stackOf, LinkedHashMap::new, Collectors.toList()));
    List<Stack> stacks = new ArrayList<>();
    urns.forEach((id, members) -> stacks.add(stack(id, members)));
    return new Model(kind, stacks, gaps);
  }

  private Stack stack(String id, List<String> urns) {
    Map<String, Resource> resources = new LinkedHashMap<>();
    Map<String, Output> outputs = new LinkedHashMap<>();
    for (String urn : urns) {
      Resource resource = resource(id, urn);
      resources.put(urn, resource);
      if (resource.type().equals(HELM_RELEASE)) {
        gaps.add(
            new Gap(
                resource.label(),
                "the objects of a Helm release are not in the graph: use a Chart to check them"));
      }
      if (resource.type().equals(STACK_TYPE)) {
        resource
            .attribute("outputs")
            .asMap()
            .forEach(
                (name, value) -> outputs.put(name, new Output(id, name, value, Optional.empty())));
      }
    }
    return new Stack(
        id,
        Optional.of(id.substring(id.indexOf('/') + 1)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        file,
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        resources,
        outputs);
  }

  private Resource resource(String stack, String urn) {
    Node state = states.get(urn);
    PulumiValues values = new PulumiValues(stack);
    Set<String> secrets = new HashSet<>();
    for (Node name : state.get("additionalSecretOutputs").map(Node::list).orElse(List.of())) {
      name.asText().ifPresent(secrets::add);
    }
    Map<String, Value> attributes = new LinkedHashMap<>();
    state
        .map()
        .forEach(
            (key, node) -> {
              if (key.equals("outputs")) {
                attributes.put(key, new Value.Mapping(values.entries(node.map(), secrets)));
              } else if (!READ_ELSEWHERE.contains(key)) {
                attributes.put(key, values.of(node));
              }
            });
    Optional<Node> step = Optional.ofNullable(steps.get(urn));
    for (String key : OF_THE_STEP) {
      step.flatMap(it -> it.get(key)).ifPresent(node -> attributes.put(key, values.of(node)));
    }
    return new Resource(
        new ResourceId(stack, urn),
        state.text("type").orElseThrow(() -> wrong(state, "type", "is missing")),
        new Value.Mapping(
            values.entries(state.get("inputs").map(Node::map).orElse(Map.of()), secrets)),
        attributes,
        Optional.of(constructPath(urn)),
        List.of(),
        Optional.of(new Position(file, state.line(), state.column())));
  }

  /** The names of the resource and its parents, without the stack's own. */
  private String constructPath(String urn) {
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Optional<String> next = Optional.of(urn);
    while (next.isPresent() && seen.add(next.get())) {
      Node state = states.get(next.get());
      boolean top = state == null || state.text("type").orElse("").equals(STACK_TYPE);
      if (top && !names.isEmpty()) {
        break;
      }
      names.add(0, next.get().split("::", 4)[3]);
      next =
          state == null ? Optional.empty() : state.text("parent").filter(it -> it.contains("::"));
      next = next.filter(states::containsKey);
    }
    return String.join("/", names);
  }
}
