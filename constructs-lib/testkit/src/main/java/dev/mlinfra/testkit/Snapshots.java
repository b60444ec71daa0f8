package dev.mlinfra.testkit;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Files under review that say what is synthesised.
 *
 * <p>A snapshot holds what the model holds (so neither {@code Rules} nor the template's own
 * metadata), sorted, without what moves although nothing changed: hashes of assets, ids of function
 * versions, metadata and checks that the CDK adds by itself, and what a provider answers. Secrets
 * are {@code [secret]}, what a preview does not know is {@code [unknown]}.
 *
 * <p>A comparison fails when a file differs or is not there. The system property {@code
 * snapshots=update} writes the files instead: {@code mvn test -Dsnapshots=update}, then review the
 * difference.
 */
public final class Snapshots {
  private static final String HOW =
      "if that is meant: mvn test -Dsnapshots=update, then review the file's difference";
  private static final int MOST_LINES = 40;

  private final Path folder;

  private Snapshots(Path folder) {
    this.folder = folder;
  }

  /** Snapshots in a folder. */
  public static Snapshots in(Path folder) {
    return new Snapshots(folder);
  }

  /** Snapshots in {@code src/test/resources/snapshots} of the module whose tests run. */
  public static Snapshots ofThisModule() {
    return in(Path.of("src", "test", "resources", "snapshots"));
  }

  /** The text of one stack of a model. */
  public static String text(Model model, Stack stack) {
    return SnapshotText.of(stack, model.isPulumi());
  }

  /**
   * Compares every stack with its own file, such as {@code dev/Data.json} for {@code dev/Data}. A
   * file in the first folder of a stack's name that belongs to no stack is an error.
   *
   * @throws AssertionError naming every stack that differs
   */
  public void match(Model model) {
    List<String> differences = new ArrayList<>();
    Set<Path> files = new TreeSet<>();
    Set<Path> folders = new TreeSet<>();
    for (Stack stack : model.stacks()) {
      String name = stack.id() + ".json";
      Path file = folder.resolve(name).normalize();
      files.add(file);
      if (stack.id().contains("/")) {
        folders.add(folder.resolve(stack.id().substring(0, stack.id().indexOf('/'))).normalize());
      }
      differences.addAll(difference(name, text(model, stack)));
    }
    folders.forEach(it -> differences.addAll(leftovers(it, files)));
    throwIfAny(differences);
  }

  /**
   * Compares a text with a file.
   *
   * @param name name of the file below the folder
   * @throws AssertionError with the lines that differ
   */
  public void matches(String name, String text) {
    throwIfAny(difference(name, text));
  }

  private static boolean isUpdate() {
    return "update".equals(System.getProperty("snapshots"));
  }

  private static void throwIfAny(List<String> differences) {
    if (!differences.isEmpty()) {
      throw new AssertionError(String.join("\n", differences) + "\n" + HOW);
    }
  }

  private List<String> difference(String name, String text) {
    Path file = folder.resolve(name);
    try {
      if (isUpdate()) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
        return List.of();
      }
      if (!Files.exists(file)) {
        return List.of(name + " is not there yet (" + file + ")");
      }
      String reviewed = Files.readString(file).replace("\r\n", "\n");
      return reviewed.equals(text)
          ? List.of()
          : List.of(name + " is not as reviewed:\n" + lines(reviewed, text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> leftovers(Path folder, Set<Path> files) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(it -> it.toString().endsWith(".json")).sorted().toList()) {
        if (!files.contains(path.normalize())) {
          if (isUpdate()) {
            Files.delete(path);
          } else {
            found.add(path + " belongs to no stack any more");
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** The lines from the first to the last that differ. */
  private static String lines(String reviewed, String text) {
    List<String> old = reviewed.lines().toList();
    List<String> now = text.lines().toList();
    int start = 0;
    while (start < Math.min(old.size(), now.size()) && old.get(start).equals(now.get(start))) {
      start++;
    }
    int end = 0;
    while (end < Math.min(old.size(), now.size()) - start
        && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
      end++;
    }
    List<String> shown = new ArrayList<>(List.of("  from line " + (start + 1)));
    old.subList(start, old.size() - end).forEach(line -> shown.add("  - " + line));
    now.subList(start, now.size() - end).forEach(line -> shown.add("  + " + line));
    int more = shown.size() - MOST_LINES;
    return String.join("\n", more > 0 ? shown.subList(0, MOST_LINES) : shown)
        + (more > 0 ? "\n  … and " + more + " more lines" : "");
  }
}
