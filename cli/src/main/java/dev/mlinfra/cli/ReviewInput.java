package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.review.Review;
import dev.mlinfra.review.Reviewer;
import dev.mlinfra.template.Gap;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.SourceKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the two sides of a change and reviews it as the project's environments say. */
final class ReviewInput {
  private ReviewInput() {}

  /**
   * Reviews a change.
   *
   * @param base what is; empty when everything is new, or when a preview of Pulumi says it itself
   * @param head what is to be
   * @param err is told of environment files that cannot be read
   */
  static Review review(Optional<Path> base, Path head, PrintWriter err) {
    Model after = Models.read(head);
    Optional<Model> before = base.isPresent() ? base.map(Models::read) : Models.readDeployed(head);
    before.ifPresent(model -> refuseWhatIsNotWhole(model, after, head));
    Map<String, Environment> environments = Environments.readable(Environments.folder(), err);
    Reviewer reviewer =
        Reviewer.standard()
            .withPatterns(Environments.values(environments, Environment::pattern))
            .withUsages(Environments.values(environments, Environment::usage))
            .withBudgets(Environments.values(environments, Environment::budget));
    return before
        .map(model -> reviewer.compare(model, after))
        .orElseGet(() -> reviewer.first(after));
  }

  /** Against a state, what a preview leaves out because nothing changes would look removed. */
  private static void refuseWhatIsNotWhole(Model base, Model head, Path path) {
    boolean partial =
        head.kind() == SourceKind.PULUMI_PREVIEW
            && head.gaps().stream().map(Gap::what).anyMatch(what -> what.contains("--show-sames"));
    boolean hasMore =
        base.resources().stream().anyMatch(resource -> head.resource(resource.id()).isEmpty());
    if (partial && hasMore && base.kind() == SourceKind.PULUMI_STATE && !isOfPreview(base, path)) {
      throw new ValidationException(
          path.toString(),
          List.of(
              Problem.of(
                  "",
                  "a preview without the resources that stay as they are",
                  "a preview of all resources",
                  "add --show-sames, or give the preview alone: it knows what is deployed")));
    }
  }

  /** What a preview itself says is deployed has no more than its steps. */
  private static boolean isOfPreview(Model base, Path path) {
    return base.stacks().stream().allMatch(stack -> stack.file().equals(path.toString()));
  }
}
