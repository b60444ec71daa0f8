package dev.mlinfra.template.internal;

import dev.mlinfra.template.Gap;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses the reader for a file by what stands in it. */
public final class FileReader {
  private FileReader() {}

  /** Reads a file. */
  public static Model read(Path file) {
    Node node = SourceFile.read(file);
    if (AssemblyReader.isManifest(node)) {
      return AssemblyReader.read(Optional.ofNullable(file.getParent()).orElse(Path.of("")));
    }
    return read(file.toString(), node);
  }

  /** Reads what is deployed before the change that a preview tells of, if it is a preview. */
  public static Optional<Model> readDeployed(Path file) {
    if (Files.isDirectory(file)) {
      return Optional.empty();
    }
    Node node = SourceFile.read(file);
    return PulumiReader.acceptsPreview(node)
        ? Optional.of(PulumiReader.readDeployed(file.toString(), node))
        : Optional.empty();
  }

  /** Reads what a file would hold. */
  public static Model parse(String name, byte[] content) {
    return read(name, SourceFile.parse(name, content));
  }

  private static Model read(String name, Node node) {
    if (PulumiReader.acceptsPreview(node)) {
      return PulumiReader.readPreview(name, node);
    }
    if (PulumiReader.acceptsState(node)) {
      return PulumiReader.readState(name, node);
    }
    if (TemplateReader.accepts(node)) {
      List<Gap> gaps = new ArrayList<>();
      Stack stack = TemplateReader.read(node, Names.alone(stem(name), name), Origins.NONE, gaps);
      return new Model(SourceKind.TEMPLATE, List.of(stack), gaps);
    }
    throw Unreadable.at(
        name,
        node,
        "",
        "is nothing that mlinfra reads",
        "a CloudFormation template (with Resources), a cdk.out folder, the output of"
            + " pulumi preview --json or of pulumi stack export",
        "");
  }

  /** {@code network} of {@code templates/network.template.yaml}. */
  private static String stem(String name) {
    String file = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String stem = file.replaceFirst("(\\.template)?\\.(json|ya?ml|template)$", "");
    return stem.isEmpty() ? file : stem;
  }
}
