package dev.mlinfra.aws;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.Grant;
import dev.mlinfra.policy.Permissions;
import dev.mlinfra.testkit.CdkFlags;
import dev.mlinfra.testkit.CdkModels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** A stack under the flags of cdk.json whose template is read once, as plain JSON. */
final class TestStack {
  private final Stack stack;
  private JsonNode template;

  TestStack() {
    this(Map.of());
  }

  TestStack(Map<String, Object> context) {
    Map<String, Object> all = new LinkedHashMap<>(flags());
    all.putAll(context);
    stack =
        Stack.Builder.create(new App(AppProps.builder().context(all).build()), "Test")
            .env(Environment.builder().account("123456789012").region("us-east-1").build())
            .build();
  }

  Stack scope() {
    return stack;
  }

  /** Tags everything below as an environment does. */
  TestStack tagged(String workload) {
    AwsCostTags.of(new CostTags("ml-agent", "dev", "ml-platform", "cc-1234", workload, Map.of()))
        .applyTo(stack);
    return this;
  }

  JsonNode template() {
    if (template == null) {
      template = JsonMapper.shared().valueToTree(Template.fromStack(stack).toJSON());
    }
    return template;
  }

  /** Resources of a type, by logical id. */
  Map<String, JsonNode> resources(String type) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    template()
        .path("Resources")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().path("Type").asString().equals(type)) {
                found.put(entry.getKey(), entry.getValue());
              }
            });
    return found;
  }

  /** The one resource of a type. */
  JsonNode only(String type) {
    Map<String, JsonNode> found = resources(type);
    if (found.size() != 1) {
      throw new AssertionError("expected one " + type + ", found " + found.keySet());
    }
    return found.values().iterator().next();
  }

  /** Properties of the one resource of a type. */
  JsonNode properties(String type) {
    return only(type).path("Properties");
  }

  SortedSet<String> types() {
    SortedSet<String> types = new TreeSet<>();
    template().path("Resources").forEach(resource -> types.add(resource.path("Type").asString()));
    return types;
  }

  /** Every action of the identity policies, each with its resources, sorted. */
  SortedSet<String> grants() {
    Map<Grant, SortedSet<String>> resources = new TreeMap<>();
    for (Grant grant : Permissions.of(CdkModels.of(stack)).identity()) {
      resources
          .computeIfAbsent(
              new Grant(grant.principal(), grant.action(), "", grant.condition()),
              it -> new TreeSet<>())
          .add(grant.resource().replaceAll("\\$\\{Test:(\\w+)[^}]*}", "$1"));
    }
    SortedSet<String> grants = new TreeSet<>();
    resources.forEach((grant, on) -> grants.add(grant.action() + " on " + String.join(", ", on)));
    return grants;
  }

  List<String> warnings() {
    return stack.getNode().findAll().stream()
        .flatMap(construct -> construct.getNode().getMetadata().stream())
        .filter(entry -> entry.getType().equals("aws:cdk:warning"))
        .map(entry -> entry.getData().toString())
        .toList();
  }

  static List<String> texts(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).map(JsonNode::asString).toList()
        : List.of(node.asString());
  }

  /** A resource as a reader would write it: logical ids in place of intrinsic functions. */
  static String show(JsonNode node) {
    if (node.isArray()) {
      return String.join(
          ", ",
          StreamSupport.stream(node.spliterator(), false).map(TestStack::show).sorted().toList());
    }
    if (node.has("Fn::Join")) {
      StringBuilder joined = new StringBuilder();
      node.path("Fn::Join").path(1).forEach(part -> joined.append(show(part)));
      return joined.toString();
    }
    if (node.has("Fn::GetAtt")) {
      return node.path("Fn::GetAtt").path(0).asString();
    }
    if (node.has("Ref")) {
      return node.path("Ref").asString();
    }
    return node.asString();
  }

  /** Every allowed action of the identity policies. */
  SortedSet<String> actions() {
    SortedSet<String> actions = new TreeSet<>();
    grants().forEach(grant -> actions.add(grant.substring(0, grant.indexOf(' '))));
    return actions;
  }

  /** Statements of the one identity policy, intrinsic functions as {@link #show}. */
  JsonNode statements() {
    return shown(properties("AWS::IAM::Policy").at("/PolicyDocument/Statement"));
  }

  /** Statements that say who may take on the one role, intrinsic functions as {@link #show}. */
  JsonNode trust() {
    return shown(properties("AWS::IAM::Role").at("/AssumeRolePolicyDocument/Statement"));
  }

  /** A value with logical ids in place of intrinsic functions. */
  static JsonNode shown(JsonNode node) {
    if (node.isArray()) {
      ArrayNode array = JsonMapper.shared().createArrayNode();
      node.forEach(element -> array.add(shown(element)));
      return array;
    }
    if (node.isObject() && !node.has("Ref") && !node.has("Fn::GetAtt") && !node.has("Fn::Join")) {
      ObjectNode object = JsonMapper.shared().createObjectNode();
      node.properties().forEach(entry -> object.set(entry.getKey(), shown(entry.getValue())));
      return object;
    }
    return node.isObject() ? StringNode.valueOf(show(node)) : node;
  }

  /** A JSON text, to compare with. */
  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static Map<String, Object> flags() {
    return CdkFlags.from(Path.of(System.getProperty("mlinfra.root"), "cdk.json"));
  }
}
