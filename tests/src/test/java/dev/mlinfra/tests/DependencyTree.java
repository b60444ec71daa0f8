package dev.mlinfra.tests;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Maven's verbose dependency tree as a graph: there a node's children stand at one place only. */
final class DependencyTree {
  private final Map<String, Set<String>> children = new TreeMap<>();

  /** Reads what {@code dependency:tree} writes as JSON. */
  DependencyTree(JsonNode tree) {
    add(tree);
  }

  /** The groups of everything below an artifact, sorted. */
  List<String> groupsOf(String artifact) {
    if (!children.containsKey(artifact)) {
      throw new IllegalArgumentException(
          artifact + " is not in the tree: make it a dependency in tests/pom.xml");
    }
    Set<String> seen = new HashSet<>();
    follow(artifact, seen);
    seen.remove(artifact);
    Set<String> groups = new TreeSet<>();
    seen.forEach(name -> groups.add(name.substring(0, name.indexOf(':'))));
    return List.copyOf(groups);
  }

  private void add(JsonNode node) {
    Set<String> names = children.computeIfAbsent(name(node), name -> new TreeSet<>());
    for (JsonNode child : node.path("children")) {
      names.add(name(child));
      add(child);
    }
  }

  private void follow(String name, Set<String> seen) {
    if (seen.add(name)) {
      children.get(name).forEach(child -> follow(child, seen));
    }
  }

  private static String name(JsonNode node) {
    return node.path("groupId").stringValue() + ":" + node.path("artifactId").stringValue();
  }
}
