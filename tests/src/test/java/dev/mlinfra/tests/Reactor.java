package dev.mlinfra.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** The modules of this repository, as their pom.xml say. */
final class Reactor {
  static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));

  /**
   * One module.
   *
   * @param folder relative to the root
   * @param published whether it is deployed to a repository
   */
  record Module(String folder, String artifactId, String packaging, boolean published) {
    boolean hasMainClasses() {
      return Files.isDirectory(ROOT.resolve(folder).resolve("src/main/java"));
    }
  }

  private Reactor() {}

  /** Every module, in the order of the root's pom.xml. */
  static List<Module> modules() {
    Element modules = child(pom(""), "modules");
    return children(modules, "module").stream()
        .map(Element::getTextContent)
        .map(Reactor::module)
        .toList();
  }

  private static Module module(String folder) {
    Element pom = pom(folder);
    return new Module(
        folder,
        text(pom, "artifactId"),
        text(pom, "packaging").isEmpty() ? "jar" : text(pom, "packaging"),
        !text(pom, "properties", "maven.deploy.skip").equals("true"));
  }

  /** The root element of a module's pom.xml. */
  static Element pom(String folder) {
    Path file = ROOT.resolve(folder).resolve("pom.xml");
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(file.toFile())
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException(file.toString(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text at a path of elements; empty without one. */
  static String text(Element start, String... path) {
    Element element = start;
    for (String name : path) {
      element = child(element, name);
      if (element == null) {
        return "";
      }
    }
    return element.getTextContent().strip();
  }

  private static Element child(Element parent, String name) {
    return children(parent, name).stream().findFirst().orElse(null);
  }

  /** The direct children of a name. */
  static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }
}
