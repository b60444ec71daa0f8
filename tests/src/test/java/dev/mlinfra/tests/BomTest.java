package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** The bill of materials names what is published. */
class BomTest {
  private final Element bom = Reactor.pom("bom");
  private final Element parent = Reactor.pom("");

  @Test
  void namesEveryPublishedModule() {
    List<String> published =
        Reactor.modules().stream()
            .filter(module -> module.published() && module.packaging().equals("jar"))
            .map(Reactor.Module::artifactId)
            .sorted()
            .toList();

    assertThat(managed())
        .extracting(entry -> Reactor.text(entry, "artifactId"))
        .as("bom/pom.xml; a module that stays here sets maven.deploy.skip")
        .containsExactlyElementsOf(published);
    assertThat(managed())
        .allSatisfy(
            entry -> {
              assertThat(Reactor.text(entry, "groupId")).isEqualTo("dev.mlinfra");
              assertThat(Reactor.text(entry, "version")).isEqualTo("${project.version}");
            });
  }

  @Test
  void isOfTheParentsVersion() {
    assertThat(Reactor.text(bom, "version")).isEqualTo(Reactor.text(parent, "version"));
  }

  @Test
  void usesTheParentsPlugins() {
    assertThat(plugins(bom)).isNotEmpty();
    assertThat(plugins(parent)).containsAllEntriesOf(plugins(bom));
  }

  private List<Element> managed() {
    Element dependencies =
        Reactor.children(Reactor.children(bom, "dependencyManagement").get(0), "dependencies")
            .get(0);
    return Reactor.children(dependencies, "dependency");
  }

  private static Map<String, String> plugins(Element pom) {
    Element plugins = pom;
    for (String name : List.of("build", "pluginManagement", "plugins")) {
      plugins = Reactor.children(plugins, name).get(0);
    }
    Function<Element, String> version = plugin -> Reactor.text(plugin, "version");
    return Reactor.children(plugins, "plugin").stream()
        .collect(Collectors.toMap(plugin -> Reactor.text(plugin, "artifactId"), version));
  }
}
