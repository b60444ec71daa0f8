package dev.mlinfra.template;

import dev.mlinfra.core.Position;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.template.internal.AssemblyReader;
import dev.mlinfra.template.internal.FileReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads what was synthesised. */
public final class Models {
  private Models() {}

  /**
   * Reads a file or folder, whichever of these it is:
   *
   * <ul>
   *   <li>a CloudFormation template in JSON or YAML;
   *   <li>a CDK cloud assembly: the folder {@code cdk.out}, or a stage's folder in it;
   *   <li>what {@code pulumi preview --json} or {@code pulumi stack export} wrote.
   * </ul>
   *
   * @throws ValidationException when it is none of them, or cannot be read; names file and place
   */
  public static Model read(Path path) {
    if (!Files.isDirectory(path)) {
      return FileReader.read(path);
    }
    if (!AssemblyReader.accepts(path)) {
      throw new ValidationException(
          path.toString(),
          List.of(
              Problem.in(
                  new Position(path.toString(), 1, 1),
                  "",
                  "a folder without manifest.json",
                  "the folder that cdk synth writes, cdk.out",
                  "synthesise first, or name a template file")));
    }
    return AssemblyReader.read(path);
  }

  /**
   * Reads what is deployed before the change that a Pulumi preview tells of; {@link #read} gives
   * what will be after it.
   *
   * @return empty when the path is no preview
   * @throws ValidationException when it cannot be read
   */
  public static Optional<Model> readDeployed(Path path) {
    return FileReader.readDeployed(path);
  }

  /**
   * Reads the text of a template or of a Pulumi graph.
   *
   * @param name how messages name it; a template's stack has this id, without the ending
   * @param text JSON or YAML
   * @throws ValidationException when it cannot be read
   */
  public static Model parse(String name, String text) {
    return FileReader.parse(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
