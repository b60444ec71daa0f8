package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.ImagePipelineRoleProps;
import dev.mlinfra.aws.ImageRepositoryProps;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awscdk.RemovalPolicy;

/** What the properties of image repositories and their pipelines must satisfy. */
public final class ImageRules {
  private static final int MOST_IMAGES = 1000;
  private static final Pattern REPOSITORY =
      Pattern.compile("(?=.{2,256}$)[a-z][a-z0-9]*([._/-][a-z0-9]+)*");
  private static final Pattern FAMILY = Pattern.compile("[A-Za-z0-9_-]{1,255}");
  private static final Pattern PARAMETER = Pattern.compile("/mlinfra(/[A-Za-z0-9_.-]+)+");
  private static final Pattern LOG_GROUP = Pattern.compile("[A-Za-z0-9_/.#-]{1,512}");
  // Neither a wildcard nor a variable of policies.
  private static final Pattern OBJECT =
      Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^*?$]{1,1024}");

  private ImageRules() {}

  /** Every problem of a repository. */
  public static List<Problem> repository(ImageRepositoryProps props) {
    List<Problem> problems = new ArrayList<>();
    IamNames.check(
        "repositoryName",
        props.getRepositoryName(),
        REPOSITORY,
        "2 to 256 lower-case letters and digits, parted by single . _ - or /, first a letter",
        problems);
    if (props.getKeptImages() < 1 || props.getKeptImages() > MOST_IMAGES) {
      problems.add(
          Problem.of("keptImages", "given " + props.getKeptImages(), "1 to " + MOST_IMAGES, ""));
    }
    if (props.getRemovalPolicy() != RemovalPolicy.RETAIN
        && props.getRemovalPolicy() != RemovalPolicy.DESTROY) {
      problems.add(
          Problem.of(
              "removalPolicy", "given " + props.getRemovalPolicy(), "RETAIN or DESTROY", ""));
    }
    return problems;
  }

  /** Every problem of a pipeline's role. */
  public static List<Problem> pipeline(ImagePipelineRoleProps props) {
    List<Problem> problems = new ArrayList<>();
    GitHubRules.trust(props, problems);
    GitHubRules.noPullRequest(props, problems);
    IamNames.check(
        "taskFamily", props.getTaskFamily(), FAMILY, "1 to 255 letters, digits, _ and -", problems);
    props
        .getImageParameter()
        .ifPresent(
            name ->
                IamNames.check(
                    "imageParameter", name, PARAMETER, "a name below /mlinfra/", problems));
    props
        .getLogGroup()
        .ifPresent(
            name ->
                IamNames.check(
                    "logGroup",
                    name,
                    LOG_GROUP,
                    "1 to 512 letters, digits and _ / . # -",
                    problems));
    props
        .getDataObject()
        .ifPresent(
            object ->
                IamNames.check(
                    "dataObject", object, OBJECT, "bucket/key, without * ? $", problems));
    return problems;
  }
}
