package dev.mlinfra.policy;

import dev.mlinfra.policy.internal.iam.IamAction;
import dev.mlinfra.policy.internal.iam.IamAction.AccessLevel;
import dev.mlinfra.policy.internal.iam.IamFacts;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Permissions in sentences, for a person who reviews them. A sentence ends with the actions that it
 * stands for; its verb is IAM's own access level of them (read, list, write, tag, change the
 * permissions of), or a plainer one where that would mislead.
 */
public final class PermissionWords {
  private static final String DENY = "deny ";
  private static final String ALL_BUT = "all but ";

  /** IAM files these under "write". */
  private static final Map<String, String> PLAINER =
      Map.of(
          "kms:Decrypt", "decrypt with",
          "kms:Encrypt", "encrypt with",
          "kms:GenerateDataKey", "encrypt with",
          "lambda:InvokeFunction", "call",
          "sqs:SendMessage", "send to",
          "sns:Publish", "send to",
          "iam:PassRole", "pass on",
          "sts:AssumeRole", "take on");

  private static final Map<AccessLevel, String> VERBS =
      Map.of(
          AccessLevel.LIST, "list",
          AccessLevel.READ, "read",
          AccessLevel.WRITE, "write",
          AccessLevel.TAGGING, "tag",
          AccessLevel.PERMISSIONS_MANAGEMENT, "change the permissions of");

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([^}]+?:[A-Za-z0-9]+)(?:\\.[A-Za-z0-9.]+)?}");

  private static final Pattern BELOW_A_RESOURCE =
      Pattern.compile("(" + REFERENCE.pattern() + ")/(.+)");

  private final Model model;

  private PermissionWords(Model model) {
    this.model = model;
  }

  /**
   * What is said of one identity or resource.
   *
   * @param name construct path or id
   * @param sentences without the name in front: {@code may read models/* of dev/Data/Bucket
   *     (s3:GetObject)}
   */
  public record Subject(String name, List<String> sentences) {
    public Subject {
      sentences = List.copyOf(sentences);
    }
  }

  /** What the CloudFormation templates of a model allow, sorted by name. */
  public static List<Subject> of(Model model) {
    PermissionWords words = new PermissionWords(model);
    Permissions permissions = Permissions.of(model);
    Map<String, List<String>> subjects = new TreeMap<>();
    words.add(permissions.identity(), Grant::principal, words::may, subjects);
    words.add(permissions.trust(), Grant::resource, words::trusts, subjects);
    words.add(permissions.resource(), Grant::resource, words::lets, subjects);
    return subjects.entrySet().stream()
        .map(entry -> new Subject(entry.getKey(), entry.getValue()))
        .toList();
  }

  private void add(
      List<Grant> grants,
      Function<Grant, String> subject,
      Function<List<Grant>, List<String>> sentences,
      Map<String, List<String>> subjects) {
    grants.stream()
        .collect(Collectors.groupingBy(subject, TreeMap::new, Collectors.toList()))
        .forEach(
            (name, its) ->
                subjects
                    .computeIfAbsent(label(name), key -> new ArrayList<>())
                    .addAll(sentences.apply(its)));
  }

  /** Resources with the same actions under the same condition are one sentence. */
  private List<String> may(List<Grant> grants) {
    Map<List<String>, Set<String>> resources = new LinkedHashMap<>();
    actionsBy(grants, Grant::resource)
        .forEach(
            (key, actions) ->
                resources
                    .computeIfAbsent(
                        List.of(String.join(", ", actions), key.get(1)), it -> new TreeSet<>())
                    .add(resource(key.get(0))));
    List<String> sentences = new ArrayList<>();
    resources.forEach(
        (key, its) -> {
          List<String> actions = List.of(key.get(0).split(", "));
          String all = String.join(", ", its);
          sentences.add(
              actions.equals(List.of("managed policy"))
                  ? "has the managed policy " + all
                  : verbs(actions, "may ", "may not ")
                      + " "
                      + all
                      + actions(actions)
                      + when(key.get(1)));
        });
    return sentences;
  }

  private List<String> trusts(List<Grant> grants) {
    List<String> sentences = new ArrayList<>();
    actionsBy(grants, Grant::principal)
        .forEach(
            (key, actions) ->
                sentences.add(
                    (isDenied(actions) ? "cannot be taken on by " : "can be taken on by ")
                        + label(key.get(0))
                        + actions(actions)
                        + when(key.get(1))));
    return sentences;
  }

  private List<String> lets(List<Grant> grants) {
    List<String> sentences = new ArrayList<>();
    actionsBy(grants, Grant::principal)
        .forEach(
            (key, actions) ->
                sentences.add(
                    verbs(
                            actions,
                            "lets " + label(key.get(0)) + " ",
                            "does not let " + label(key.get(0)) + " ")
                        + " it"
                        + actions(actions)
                        + when(key.get(1))));
    return sentences;
  }

  /**
   * Actions by something of a grant and its condition; what is denied, or all but something, stands
   * alone.
   */
  private static Map<List<String>, Set<String>> actionsBy(
      List<Grant> grants, Function<Grant, String> by) {
    Map<List<String>, Set<String>> actions = new LinkedHashMap<>();
    for (Grant grant : grants) {
      String kind =
          (grant.action().startsWith(DENY) ? DENY : "")
              + (grant.action().contains(ALL_BUT) ? ALL_BUT : "");
      actions
          .computeIfAbsent(
              List.of(by.apply(grant), grant.condition(), kind), key -> new TreeSet<>())
          .add(grant.action());
    }
    return actions;
  }

  private static boolean isDenied(Iterable<String> actions) {
    return actions.iterator().next().startsWith(DENY);
  }

  private static String verbs(Iterable<String> actions, String may, String mayNot) {
    Set<String> verbs = new TreeSet<>();
    for (String given : actions) {
      String action = given.startsWith(DENY) ? given.substring(DENY.length()) : given;
      if (action.startsWith(ALL_BUT)) {
        verbs.add("do everything but " + action.substring(ALL_BUT.length()) + " with");
      } else if (action.equals("*")) {
        verbs.add("do everything with");
      } else if (PLAINER.containsKey(action)) {
        verbs.add(PLAINER.get(action));
      } else {
        List<IamAction> known = IamFacts.expand(action);
        known.forEach(one -> verbs.add(VERBS.get(one.level())));
        if (known.isEmpty()) {
          verbs.add("use");
        }
      }
    }
    return (isDenied(actions) ? mayNot : may) + enumerated(new ArrayList<>(verbs));
  }

  private static String enumerated(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  private static String actions(Iterable<String> actions) {
    List<String> plain = new ArrayList<>();
    actions.forEach(it -> plain.add(it.startsWith(DENY) ? it.substring(DENY.length()) : it));
    return " (" + String.join(", ", plain) + ")";
  }

  private static String when(String condition) {
    return condition.isEmpty() ? "" : ", only when " + condition;
  }

  /** {@code models/* of dev/Data/Bucket} for <code>${dev/Data:Bucket.Arn}/models/*</code>. */
  private String resource(String resource) {
    if (resource.equals("*")) {
      return "anything";
    }
    Matcher below = BELOW_A_RESOURCE.matcher(resource);
    return below.matches() ? below.group(3) + " of " + label(below.group(1)) : label(resource);
  }

  /** A text with the construct paths of the resources that it names. */
  private String label(String text) {
    String ids =
        REFERENCE.matcher(text).replaceAll(it -> Matcher.quoteReplacement(path(it.group(1))));
    return path(ids);
  }

  private String path(String id) {
    int colon = id.lastIndexOf(':');
    return colon < 0
        ? id
        : model
            .resource(new ResourceId(id.substring(0, colon), id.substring(colon + 1)))
            .map(Resource::label)
            .map(label -> label.replaceFirst("(/Resource)+$", ""))
            .orElse(id);
  }
}
