package dev.mlinfra.tests;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Finds what a user can name or override and that has no comment. */
final class UndocumentedApi extends TreePathScanner<Void, Void> {
  private final List<String> places = new ArrayList<>();
  private final DocTrees comments;
  private final CompilationUnitTree unit;

  private UndocumentedApi(DocTrees comments, CompilationUnitTree unit) {
    this.comments = comments;
    this.unit = unit;
  }

  /** Places such as {@code Problem.of}, of one or more source files. */
  static List<String> in(List<Path> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      DocTrees comments = DocTrees.instance(task);
      List<String> places = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        UndocumentedApi found = new UndocumentedApi(comments, unit);
        found.scan(unit, null);
        places.addAll(found.places);
      }
      return places;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Void visitClass(ClassTree type, Void nothing) {
    if (isVisible(type.getModifiers())) {
      demand(type.getSimpleName().toString());
      super.visitClass(type, null);
    }
    return null;
  }

  @Override
  public Void visitMethod(MethodTree method, Void nothing) {
    boolean overrides =
        method.getModifiers().getAnnotations().stream()
            .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
    // A record's parts are in the comment of the record.
    boolean compact = owner().getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
    if (isVisible(method.getModifiers()) && !overrides && !compact) {
      demand(owner().getSimpleName() + "." + method.getName());
    }
    return null;
  }

  @Override
  public Void visitVariable(VariableTree field, Void nothing) {
    if (!(getCurrentPath().getParentPath().getLeaf() instanceof ClassTree)) {
      // A variable of an initializer or of a lambda.
      return null;
    }
    boolean recordPart =
        owner().getKind() == Tree.Kind.RECORD
            && !field.getModifiers().getFlags().contains(Modifier.STATIC);
    if (isVisible(field.getModifiers()) && !recordPart) {
      demand(owner().getSimpleName() + "." + field.getName());
    }
    return null;
  }

  /** Members of interfaces are public without saying so. */
  private boolean isVisible(ModifiersTree modifiers) {
    Set<Modifier> flags = modifiers.getFlags();
    Tree parent = getCurrentPath().getParentPath().getLeaf();
    boolean implicit = parent.getKind() == Tree.Kind.INTERFACE && !flags.contains(Modifier.PRIVATE);
    return implicit || flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
  }

  private ClassTree owner() {
    return (ClassTree) getCurrentPath().getParentPath().getLeaf();
  }

  private void demand(String place) {
    if (comments.getDocCommentTree(getCurrentPath()) == null) {
      places.add(place + " (line " + line() + ")");
    }
  }

  private long line() {
    return unit.getLineMap()
        .getLineNumber(
            comments.getSourcePositions().getStartPosition(unit, getCurrentPath().getLeaf()));
  }
}
