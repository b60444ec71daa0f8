package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.GitHubDeployRoleProps;
import dev.mlinfra.aws.GitHubDiffRoleProps;
import dev.mlinfra.aws.GitHubRoleProps;
import dev.mlinfra.aws.GitHubSubject;
import dev.mlinfra.aws.IGitHubOidcProvider;
import dev.mlinfra.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awscdk.Token;

/** What the properties of roles for GitHub, and what they are made of, must satisfy. */
public final class GitHubRules {
  private static final String NAMES = "[A-Za-z0-9_-]+/[A-Za-z0-9._-]+";
  private static final String NAMES_AND_IDS = "[A-Za-z0-9_-]+@[0-9]+/[A-Za-z0-9._-]+@[0-9]+";
  private static final String ONE_REPOSITORY = "(" + NAMES + "|" + NAMES_AND_IDS + ")";
  private static final Pattern REPOSITORY = Pattern.compile(ONE_REPOSITORY);
  private static final Pattern NAMES_REPOSITORY =
      Pattern.compile(
          "repo:"
              + ONE_REPOSITORY
              + ":.+"
              + "|(.+:)?(repository:"
              + ONE_REPOSITORY
              + "|repository_id:[0-9]+)(:.+)?");
  private static final Pattern ONLY_REPOSITORY =
      Pattern.compile("(repository:" + ONE_REPOSITORY + "|repository_id:[0-9]+)");
  private static final Pattern QUALIFIER = Pattern.compile("[A-Za-z0-9_-]{1,10}");
  private static final Pattern STACK_PREFIX = Pattern.compile("[A-Za-z][A-Za-z0-9-]*-");
  private static final Pattern PROVIDER =
      Pattern.compile(
          "arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/"
              + Pattern.quote(IGitHubOidcProvider.ISSUER));

  private GitHubRules() {}

  /** Every problem of a role for deployments. */
  public static List<Problem> deploy(GitHubDeployRoleProps props) {
    List<Problem> problems = new ArrayList<>();
    trust(props, problems);
    noPullRequest(props, problems);
    IamNames.check(
        "qualifier", props.getQualifier(), QUALIFIER, "1 to 10 letters, digits, _ and -", problems);
    props.getAccount().ifPresent(account -> IamNames.account(account, problems));
    IamNames.regions(props.getRegions(), problems);
    return problems;
  }

  /** Every problem of a role for comparisons. */
  public static List<Problem> diff(GitHubDiffRoleProps props) {
    List<Problem> problems = new ArrayList<>();
    trust(props, problems);
    if (props.getStackPrefixes().isEmpty()) {
      problems.add(
          Problem.of("stackPrefixes", "none", "at least one, such as ml-agent-", "add one"));
    }
    for (String prefix : props.getStackPrefixes()) {
      if (!STACK_PREFIX.matcher(prefix).matches()) {
        problems.add(
            Problem.of(
                "stackPrefixes",
                "given '" + prefix + "'",
                "letters, digits and hyphens, first a letter, last a hyphen",
                "write it as ml-agent-"));
      }
    }
    IamNames.regions(props.getRegions(), problems);
    return problems;
  }

  /** Problems of an ARN of GitHub's identity provider. */
  public static List<Problem> providerArn(String arn) {
    if (Token.isUnresolved(arn) || PROVIDER.matcher(arn).matches()) {
      return List.of();
    }
    return List.of(
        Problem.of(
            "arn",
            "given '" + arn + "'",
            "arn:aws:iam::123456789012:oidc-provider/" + IGitHubOidcProvider.ISSUER,
            "take it from: aws iam list-open-id-connect-providers"));
  }

  /** Problems of a repository. */
  public static List<Problem> repository(String repository) {
    if (REPOSITORY.matcher(repository).matches()) {
      return List.of();
    }
    return List.of(
        Problem.of(
            "repository",
            "given '" + repository + "'",
            "owner/name, or owner@123456/name@456789 with the ids of both",
            "name one repository; wildcards would let others in"));
  }

  /** Problems of a repository and a name in it. */
  public static List<Problem> parts(String repository, String property, String name) {
    List<Problem> problems = new ArrayList<>(repository(repository));
    if (name.isBlank() || hasWildcard(name)) {
      problems.add(
          Problem.of(
              property,
              "given '" + name + "'",
              "the name of one " + property,
              "add a subject for each " + property + "; wildcards are not taken"));
    }
    return problems;
  }

  /** Problems of a whole subject. */
  public static List<Problem> subject(String text) {
    if (hasWildcard(text)
        || List.of(text.split(":", -1)).contains("")
        || !NAMES_REPOSITORY.matcher(text).matches()
        || ONLY_REPOSITORY.matcher(text).matches()) {
      return List.of(
          Problem.of(
              "subject",
              "given '" + text + "'",
              "one repository and something narrower, without * ? ${ or empty parts,"
                  + " such as repo:owner/name:environment:prod",
              "add a subject for each environment or branch"));
    }
    return List.of();
  }

  /** Names, paths and subjects of any role for GitHub. */
  static void trust(GitHubRoleProps props, List<Problem> problems) {
    props.getRoleName().ifPresent(name -> IamNames.roleName(name, problems));
    IamNames.path("rolePath", props.getRolePath(), problems);
    if (props.getSubjects().isEmpty()) {
      problems.add(
          Problem.of(
              "subjects",
              "none",
              "at least one, such as GitHubSubject.environment(\"owner/name\", \"prod\")",
              "add one"));
    }
  }

  /** For roles that change something. */
  static void noPullRequest(GitHubRoleProps props, List<Problem> problems) {
    for (GitHubSubject subject : props.getSubjects()) {
      if (subject.isPullRequest()) {
        problems.add(
            Problem.of(
                "subjects",
                "given '" + subject + "'",
                "subjects of an environment, a branch or a tag",
                "a pull request runs what nobody has reviewed: give it a GitHubDiffRole"));
      }
    }
  }

  /** A dollar and brace would be a variable of IAM. */
  private static boolean hasWildcard(String text) {
    return text.contains("*") || text.contains("?") || text.contains("${");
  }
}
