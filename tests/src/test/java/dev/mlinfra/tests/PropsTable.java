package dev.mlinfra.tests;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The properties of a construct, out of the Javadoc of its interface: what a property is, then as
 * the last sentence {@code Default: ….} or {@code Required.}
 */
final class PropsTable {
  private static final Pattern DEFAULT =
      Pattern.compile("^(?:(.*)\\s)?(Default: |Required)(.*?)\\.?$");
  private static final Pattern OPTIONAL = Pattern.compile("Optional(?:<(.*)>|(Int|Long|Double))");
  private static final Pattern MANY = Pattern.compile("(List|Set|Map)<.*");

  private final Path folder;
  private final List<Property> properties = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * One accessor.
   *
   * @param accessor name of the method
   * @param type without the Optional around it
   * @param what the sentences before the default
   * @param defaultText text of the column; begins with "required" when there is no default
   * @param computed whether the method has a body that gives the default
   */
  record Property(String accessor, String type, String what, String defaultText, boolean computed) {
    /** The name of the builder's method. */
    String name() {
      String name = accessor.replaceFirst("^(get|is)", "");
      return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
  }

  private PropsTable(Path folder) {
    this.folder = folder;
  }

  /** Reads an interface and those that it extends. */
  static PropsTable of(Path file) {
    PropsTable table = new PropsTable(file.getParent());
    table.read(file);
    return table;
  }

  /** The properties in the order of the source, inherited ones last. */
  List<Property> properties() {
    return properties;
  }

  /** Comments that do not follow the convention or contradict the code. */
  List<String> problems() {
    return problems;
  }

  /** The table in Markdown. */
  String markdown() {
    StringBuilder text =
        new StringBuilder("| property | type | default | what |\n|---|---|---|---|");
    for (Property property : properties) {
      text.append(
          "\n| `%s` | `%s` | %s | %s |"
              .formatted(
                  property.name(),
                  property.type(),
                  property.defaultText().replace("|", "\\|"),
                  property.what().replace("|", "\\|")));
    }
    return text.toString();
  }

  private void read(Path file) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(file));
      CompilationUnitTree unit = task.parse().iterator().next();
      ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
      DocTrees comments = DocTrees.instance(task);
      for (Tree member : type.getMembers()) {
        if (member instanceof MethodTree method && isAccessor(method)) {
          read(
              type.getSimpleName() + "." + method.getName(),
              method,
              comments.getDocCommentTree(TreePath.getPath(unit, method)) == null
                  ? List.of()
                  : comments.getDocCommentTree(TreePath.getPath(unit, method)).getFullBody());
        }
      }
      for (Tree parent : type.getImplementsClause()) {
        read(folder.resolve(parent + ".java"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without a body it must be given; with one, the annotation makes the body the default. */
  private static boolean isAccessor(MethodTree method) {
    return method.getModifiers().getFlags().stream()
            .noneMatch(flag -> flag == Modifier.STATIC || flag == Modifier.PRIVATE)
        && (method.getBody() == null || isComputed(method));
  }

  private static boolean isComputed(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Value.Default"));
  }

  private void read(String place, MethodTree method, List<? extends DocTree> comment) {
    String text = text(place, comment);
    Matcher split = DEFAULT.matcher(text);
    if (!split.matches()) {
      problems.add(place + ": end the comment with \"Default: ….\" or \"Required.\"");
      return;
    }
    String type = method.getReturnType().toString();
    boolean required = split.group(2).equals("Required");
    boolean computed = isComputed(method);
    Matcher optional = OPTIONAL.matcher(type);
    boolean isOptional = optional.matches();
    if (required && (computed || isOptional)) {
      problems.add(place + ": the comment says Required, but the code has a default");
    }
    if (!required && !computed && !isOptional && !MANY.matcher(type).matches()) {
      problems.add(place + ": the comment names a default, but the code demands a value");
    }
    if (split.group(1) == null) {
      problems.add(place + ": say what it is before its default");
    }
    properties.add(
        new Property(
            method.getName().toString(),
            isOptional ? String.valueOf(optional.group(optional.group(1) == null ? 2 : 1)) : type,
            String.valueOf(split.group(1)),
            required ? "required" + split.group(3) : split.group(3),
            computed));
  }

  private String text(String place, List<? extends DocTree> comment) {
    StringBuilder text = new StringBuilder();
    for (DocTree part : comment) {
      if (part instanceof TextTree words) {
        text.append(words.getBody());
      } else if (part instanceof LiteralTree code) {
        text.append('`').append(code.getBody().getBody().strip()).append('`');
      } else if (part instanceof LinkTree link) {
        text.append('`')
            .append(link.getReference().getSignature().replaceFirst("^#", "").replace('#', '.'))
            .append('`');
      } else if (part instanceof StartElementTree element && element.getName().contentEquals("p")) {
        text.append(' ');
      } else {
        problems.add(place + ": a table cannot show " + part + ": write plain sentences");
      }
    }
    return text.toString().strip().replaceAll("\\s+", " ");
  }
}
