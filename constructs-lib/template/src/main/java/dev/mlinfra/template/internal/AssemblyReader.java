package dev.mlinfra.template.internal;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.template.Gap;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a CDK cloud assembly: its stages, stacks and nested stacks, with who made what. */
public final class AssemblyReader {
  private static final String MANIFEST = "manifest.json";
  private static final int DEEPEST_STAGES = 10;
  private static final int DEEPEST_NESTED_STACKS = 10;

  private final Path root;
  private final List<Stack> stacks = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private int files;

  private AssemblyReader(Path root) {
    this.root = root;
  }

  /** Whether a folder is an assembly. */
  public static boolean accepts(Path folder) {
    return Files.isRegularFile(folder.resolve(MANIFEST));
  }

  /** Whether a file's content is an assembly's manifest. */
  static boolean isManifest(Node node) {
    return node.get("artifacts").isPresent() && node.get("version").isPresent();
  }

  /** Reads the assembly in a folder. */
  public static Model read(Path folder) {
    AssemblyReader reader = new AssemblyReader(folder);
    reader.stage(folder, 0);
    return new Model(SourceKind.ASSEMBLY, reader.stacks, reader.gaps);
  }

  private Node file(Path path) {
    files++;
    if (files > Limits.MOST_FILES) {
      throw Unreadable.at(
          root.toString(), 1, 1, "", "more files than that", "at most " + Limits.MOST_FILES, "");
    }
    return SourceFile.read(path);
  }

  /** A file that a manifest names; what lies outside the assembly is not read. */
  private Path inside(Path folder, String name, Path manifest) {
    try {
      Path path = folder.resolve(name).normalize();
      boolean exists = Files.exists(path);
      if (!path.startsWith(root.normalize())
          || (exists && !path.toRealPath().startsWith(root.toRealPath()))) {
        throw Unreadable.at(
            manifest.toString(), 1, 1, "", "names a file outside the assembly", "its files", "");
      }
      return path;
    } catch (InvalidPathException | IOException e) {
      throw Unreadable.at(
          manifest.toString(), 1, 1, "", "names a file that cannot be read", "its files", "");
    }
  }

  private void stage(Path folder, int depth) {
    Path manifestFile = folder.resolve(MANIFEST);
    if (depth > DEEPEST_STAGES) {
      throw Unreadable.at(
          manifestFile.toString(), 1, 1, "", "is a stage too deep", DEEPEST_STAGES + " stages", "");
    }
    Node manifest = file(manifestFile);
    if (!isManifest(manifest)) {
      throw Unreadable.at(
          manifestFile.toString(),
          manifest,
          "",
          "is not the manifest of a cloud assembly",
          "version and artifacts",
          "synthesise again: npx cdk synth");
    }
    for (Node missing : manifest.get("missing").map(Node::list).orElse(List.of())) {
      String key = missing.text("key").orElse("a value");
      gaps.add(
          new Gap(
              folder.toString(),
              "synthesis looked up '" + key + "' and got a placeholder instead of the value"));
    }
    Map<String, Path> assets = assets(manifest, folder, manifestFile);
    manifest
        .get("artifacts")
        .map(Node::map)
        .orElse(Map.of())
        .forEach((id, artifact) -> artifact(id, artifact, folder, assets, depth));
  }

  private void artifact(
      String id, Node artifact, Path folder, Map<String, Path> assets, int depth) {
    String type = artifact.text("type").orElse("");
    Node properties = artifact.get("properties").orElse(artifact);
    Path manifest = folder.resolve(MANIFEST);
    if (type.equals("cdk:cloud-assembly")) {
      String directory =
          properties
              .text("directoryName")
              .orElseThrow(() -> incomplete(manifest, artifact, id, "directoryName"));
      stage(inside(folder, directory, manifest), depth + 1);
    } else if (type.equals("aws:cloudformation:stack")) {
      String template =
          properties
              .text("templateFile")
              .orElseThrow(() -> incomplete(manifest, artifact, id, "templateFile"));
      stack(id, artifact, properties, inside(folder, template, manifest), folder, assets);
    }
  }

  private static ValidationException incomplete(
      Path manifest, Node artifact, String id, String property) {
    return Unreadable.at(
        manifest.toString(), artifact, "artifacts." + id, "has no " + property, "a text", "");
  }

  private void stack(
      String id,
      Node artifact,
      Node properties,
      Path template,
      Path folder,
      Map<String, Path> assets) {
    String[] environment =
        artifact.text("environment").orElse("").replaceFirst("^aws://", "").split("/", -1);
    Names names =
        new Names(
            unique(artifact.text("displayName").filter(name -> !name.isBlank()).orElse(id)),
            template.toString(),
            Optional.of(properties.text("stackName").orElse(id)),
            Optional.of(environment[0]).filter(it -> it.matches("\\d{12}")),
            Optional.of(environment)
                .filter(parts -> parts.length == 2)
                .map(parts -> parts[1])
                .filter(it -> !it.isEmpty() && !it.equals("unknown-region")),
            Optional.empty());
    Origins origins = new Origins();
    artifact.get("metadata").ifPresent(origins::add);
    Path manifest = folder.resolve(MANIFEST);
    artifact
        .text("additionalMetadataFile")
        .map(name -> inside(folder, name, manifest))
        .filter(Files::isRegularFile)
        .map(this::file)
        .ifPresent(origins::add);
    add(names, template, origins, folder, assets, List.of(template));
  }

  private void add(
      Names names,
      Path template,
      Origins origins,
      Path folder,
      Map<String, Path> assets,
      List<Path> ancestors) {
    Stack stack = TemplateReader.read(file(template), names, origins, gaps);
    stacks.add(stack);
    for (Resource resource : stack.resources().values()) {
      if (resource.type().equals("AWS::CloudFormation::Stack")) {
        nested(names, resource, origins, folder, assets, ancestors);
      }
    }
  }

  private void nested(
      Names parent,
      Resource resource,
      Origins origins,
      Path folder,
      Map<String, Path> assets,
      List<Path> ancestors) {
    Optional<Path> template = templateOf(resource, folder, assets).filter(Files::isRegularFile);
    String id = parent.id() + "/" + resource.id().name();
    if (template.isEmpty()) {
      gaps.add(new Gap(id, "the nested stack's template is not in the assembly"));
    } else if (ancestors.contains(template.get()) || ancestors.size() > DEEPEST_NESTED_STACKS) {
      gaps.add(new Gap(id, "the nested stack's template holds itself, or is nested too deeply"));
    } else {
      Names names =
          new Names(
              unique(id),
              template.get().toString(),
              Optional.empty(),
              parent.account(),
              parent.region(),
              Optional.of(new ResourceId(parent.id(), resource.id().name())));
      List<Path> line = new ArrayList<>(ancestors);
      line.add(template.get());
      add(names, template.get(), origins, folder, assets, line);
    }
  }

  private Optional<Path> templateOf(Resource resource, Path folder, Map<String, Path> assets) {
    Value metadata = resource.attribute("Metadata");
    Optional<String> named = metadata.entry("aws:asset:path").asText();
    if (named.isPresent()) {
      return Optional.of(inside(folder, named.get(), folder.resolve(MANIFEST)));
    }
    // Without asset metadata the address still holds the asset's hash.
    String address = resource.property("TemplateURL").toJson();
    return assets.entrySet().stream()
        .filter(asset -> address.contains(asset.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The files of a stage's asset manifests, by hash. */
  private Map<String, Path> assets(Node manifest, Path folder, Path manifestFile) {
    Map<String, Path> assets = new LinkedHashMap<>();
    for (Node artifact : manifest.get("artifacts").map(Node::map).orElse(Map.of()).values()) {
      if (artifact.text("type").orElse("").equals("cdk:asset-manifest")) {
        artifact
            .get("properties")
            .flatMap(properties -> properties.text("file"))
            .map(name -> inside(folder, name, manifestFile))
            .filter(Files::isRegularFile)
            .map(this::file)
            .ifPresent(list -> addAssets(list, folder, manifestFile, assets));
      }
    }
    return assets;
  }

  private void addAssets(Node list, Path folder, Path manifestFile, Map<String, Path> assets) {
    list.get("files")
        .map(Node::map)
        .orElse(Map.of())
        .forEach(
            (hash, asset) ->
                asset
                    .get("source")
                    .flatMap(source -> source.text("path"))
                    .filter(name -> name.endsWith(".json") && hash.length() >= 32)
                    .ifPresent(name -> assets.put(hash, inside(folder, name, manifestFile))));
  }

  private String unique(String wanted) {
    String id = wanted;
    for (int next = 2; !ids.add(id); next++) {
      id = wanted + "#" + next;
    }
    return id;
  }
}
