package dev.mlinfra.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The permissions that templates give. */
final class Statements {
  private Statements() {}

  /**
   * One allowed action of one role.
   *
   * @param role such as {@code dev/Prediction FunctionRole8EE059BE}
   * @param action such as {@code s3:GetObject}
   * @param resource one resource, logical ids in place of intrinsic functions
   */
  record Grant(String role, String action, String resource) implements Comparable<Grant> {
    @Override
    public int compareTo(Grant other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return role + " | " + action + " | " + resource;
    }
  }

  /** Every grant of the identity policies, sorted. */
  static List<Grant> grants(Map<String, JsonNode> templates) {
    List<Grant> grants = new ArrayList<>();
    templates.forEach(
        (stack, template) ->
            template
                .path("Resources")
                .forEach(
                    resource -> {
                      JsonNode properties = resource.path("Properties");
                      switch (resource.path("Type").asString()) {
                        case "AWS::IAM::Policy" ->
                            properties
                                .path("Roles")
                                .forEach(
                                    role ->
                                        add(
                                            stack + " " + show(role),
                                            properties.path("PolicyDocument"),
                                            grants));
                        case "AWS::IAM::Role" ->
                            properties
                                .path("Policies")
                                .forEach(
                                    policy ->
                                        add(
                                            stack + " (inline)",
                                            policy.path("PolicyDocument"),
                                            grants));
                        default -> {
                          // No identity policy.
                        }
                      }
                    }));
    return grants.stream().sorted().toList();
  }

  private static void add(String role, JsonNode document, List<Grant> grants) {
    for (JsonNode statement : document.path("Statement")) {
      if (statement.path("Effect").asString().equals("Allow")) {
        for (JsonNode action : list(statement.path("Action"))) {
          for (JsonNode resource : list(statement.path("Resource"))) {
            grants.add(new Grant(role, action.asString(), show(resource)));
          }
        }
      }
    }
  }

  static List<JsonNode> list(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).toList()
        : List.of(node);
  }

  /** A value as a reader would write it. */
  static String show(JsonNode node) {
    if (node.has("Fn::Join")) {
      StringBuilder joined = new StringBuilder();
      node.path("Fn::Join").path(1).forEach(part -> joined.append(show(part)));
      return joined.toString();
    }
    if (node.has("Fn::GetAtt")) {
      return "${"
          + node.at("/Fn::GetAtt/0").asString()
          + "."
          + node.at("/Fn::GetAtt/1").asString()
          + "}";
    }
    if (node.has("Ref")) {
      return "${" + node.path("Ref").asString() + "}";
    }
    if (node.has("Fn::ImportValue")) {
      return "${" + node.path("Fn::ImportValue").asString() + "}";
    }
    return node.asString();
  }
}
