package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * What comes along with each published artifact, out of the tree that Maven resolved. The tree is
 * that of the module tests, which uses every artifact as a consumer does.
 */
class DependenciesTest {
  private static final Path TREE = Reactor.ROOT.resolve("tests/target/dependencies.json");
  private static final Path REVIEWED =
      Reactor.ROOT.resolve("tests/src/test/resources/dependencies.txt");

  @Test
  void everyArtifactBringsTheReviewedGroupsAlone() throws IOException {
    DependencyTree tree = new DependencyTree(JsonMapper.shared().readTree(TREE));
    Map<String, List<String>> groups = new TreeMap<>();
    for (Reactor.Module module : Reactor.modules()) {
      if (module.published() && module.packaging().equals("jar")) {
        groups.put(module.artifactId(), tree.groupsOf("dev.mlinfra:" + module.artifactId()));
      }
    }

    assertThat(lines(groups))
        .as("%s; a new group is a decision: who takes the artifact takes it too", REVIEWED)
        .isEqualTo(reviewed());
  }

  @Test
  void followsADependencyThatMavenShowsElsewhere() {
    DependencyTree tree =
        new DependencyTree(
            JsonMapper.shared()
                .readTree(
                    """
                    {"groupId": "a", "artifactId": "root", "children": [
                      {"groupId": "b", "artifactId": "first", "children": [
                        {"groupId": "c", "artifactId": "shared", "children": [
                          {"groupId": "d", "artifactId": "deep"}]}]},
                      {"groupId": "b", "artifactId": "second", "children": [
                        {"groupId": "c", "artifactId": "shared"}]}]}
                    """));

    assertThat(tree.groupsOf("b:second")).containsExactly("c", "d");
  }

  @Test
  void anArtifactOutsideTheTreeIsNoEmptyList() {
    DependencyTree tree =
        new DependencyTree(
            JsonMapper.shared().readTree("{\"groupId\": \"a\", \"artifactId\": \"root\"}"));

    assertThatThrownBy(() -> tree.groupsOf("b:other"))
        .hasMessage("b:other is not in the tree: make it a dependency in tests/pom.xml");
  }

  private static String lines(Map<String, List<String>> groups) {
    List<String> lines = new ArrayList<>();
    groups.forEach(
        (artifact, names) -> {
          lines.add(artifact);
          names.forEach(name -> lines.add("  " + name));
        });
    return String.join("\n", lines) + "\n";
  }

  private static String reviewed() throws IOException {
    try (Stream<String> lines = Files.lines(REVIEWED)) {
      return String.join("\n", lines.filter(line -> !line.startsWith("#")).toList()) + "\n";
    }
  }
}
