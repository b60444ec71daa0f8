package dev.mlinfra.policy.internal.iam;

import dev.mlinfra.policy.internal.iam.IamAction.AccessLevel;
import dev.mlinfra.policy.internal.iam.IamAction.Known;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What IAM knows: every action of every service, from two sources that were read independently. The
 * tables come with this module; {@code src/facts/iam} writes them. A service is read when it is
 * first asked for.
 */
public final class IamFacts {
  /**
   * One table: every row starts with the service, and rows are sorted by it, so that a service is
   * found by halving. No field has a comma or quotes; the tool that writes them sees to it.
   */
  private static final class Table {
    private final String text;
    private final int first;

    Table(String name) {
      text = text(name);
      first = text.indexOf('\n', text.indexOf("\nservice,") + 1) + 1;
    }

    String head() {
      return text.substring(0, first);
    }

    Set<String> services() {
      Set<String> services = new LinkedHashSet<>();
      for (int row = first; row < text.length(); row = startOf(service(row), true)) {
        services.add(service(row));
      }
      return services;
    }

    List<String[]> rows(String service) {
      List<String[]> rows = new ArrayList<>();
      int end = startOf(service, true);
      int row = startOf(service, false);
      while (row < end) {
        int next = text.indexOf('\n', row) + 1;
        rows.add(text.substring(row, next - 1).split(",", -1));
        row = next;
      }
      return rows;
    }

    /** Where the rows of a service start, or those of what comes after it. */
    private int startOf(String service, boolean after) {
      int low = first;
      int high = text.length();
      while (low < high) {
        int row = text.lastIndexOf('\n', (low + high) / 2 - 1) + 1;
        int order = service(row).compareTo(service);
        if (order < 0 || (after && order == 0)) {
          low = text.indexOf('\n', row) + 1;
        } else {
          high = row;
        }
      }
      return low;
    }

    private String service(int row) {
      return text.substring(row, text.indexOf(',', row));
    }
  }

  private static final class Tables {
    private static final Table ACTIONS = new Table("iam-actions.csv");
    private static final Table RESOURCE_TYPES = new Table("iam-resource-types.csv");
    private static final Map<String, Map<String, IamAction>> BY_SERVICE = new ConcurrentHashMap<>();
    private static final Map<String, Map<String, List<ArnPattern>>> FORMS =
        new ConcurrentHashMap<>();
  }

  private static final class Everything {
    private static final List<IamAction> ACTIONS =
        services().stream().flatMap(it -> actions(it).stream()).toList();
  }

  private static final Pattern DATE = Pattern.compile("\\((\\d{4}-\\d{2}-\\d{2}),");

  private IamFacts() {}

  /** The day of the newer source; what came after it is not known. */
  public static LocalDate date() {
    Matcher date = DATE.matcher(Tables.ACTIONS.head());
    if (!date.find()) {
      throw new IllegalStateException("no date in " + Tables.ACTIONS.head());
    }
    return LocalDate.parse(date.group(1));
  }

  /** Every service by its prefix, sorted. */
  public static Set<String> services() {
    return Collections.unmodifiableSet(Tables.ACTIONS.services());
  }

  /** An action by its full name such as {@code s3:GetObject}; case does not matter, as in IAM. */
  public static Optional<IamAction> action(String id) {
    int colon = id.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.ofNullable(
            byName(lower(id.substring(0, colon))).get(lower(id.substring(colon + 1))));
  }

  /** The actions of a service, sorted by name; empty when there is no such service. */
  public static Collection<IamAction> actions(String service) {
    return List.copyOf(byName(lower(service)).values());
  }

  /**
   * The actions that a pattern such as {@code s3:Get*} names; {@code *} stands for any characters,
   * {@code ?} for one, and case does not matter. A service has no wildcard, but {@code *} alone
   * names every action of every service.
   */
  public static List<IamAction> expand(String pattern) {
    if (pattern.equals("*")) {
      return Everything.ACTIONS;
    }
    int colon = pattern.indexOf(':');
    if (colon < 0) {
      return List.of();
    }
    if (!isPattern(pattern)) {
      return action(pattern).stream().toList();
    }
    String wanted = lower(pattern.substring(colon + 1));
    return byName(lower(pattern.substring(0, colon))).entrySet().stream()
        .filter(entry -> Wildcards.matches(wanted, entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Whether a text has a wildcard. */
  static boolean isPattern(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /**
   * The ARNs that a type of a service has.
   *
   * @return such as <code>arn:${Partition}:s3:::${BucketName}</code>, one or more; empty when the
   *     table has no such type
   */
  static List<ArnPattern> forms(String service, String type) {
    return Tables.FORMS
        .computeIfAbsent(
            service,
            key -> {
              Map<String, List<ArnPattern>> forms = new LinkedHashMap<>();
              for (String[] row : Tables.RESOURCE_TYPES.rows(key)) {
                forms
                    .computeIfAbsent(row[1], name -> new ArrayList<>())
                    .add(ArnPattern.ofForm(row[2]));
              }
              return forms;
            })
        .getOrDefault(type, List.of());
  }

  /** The types of a service that have an ARN such as a given one, sorted. */
  static Set<String> typesOf(String service, ArnPattern arn) {
    return Tables.RESOURCE_TYPES.rows(service).stream()
        .map(row -> row[1])
        .filter(type -> forms(service, type).stream().anyMatch(arn::meets))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, IamAction> byName(String service) {
    Map<String, IamAction> known = Tables.BY_SERVICE.get(service);
    if (known == null) {
      known = read(service);
      if (!known.isEmpty()) {
        Tables.BY_SERVICE.put(service, known);
      }
    }
    return known;
  }

  private static Map<String, IamAction> read(String service) {
    Map<String, IamAction> actions = new TreeMap<>();
    for (String[] row : Tables.ACTIONS.rows(service)) {
      IamAction action = action(service, row);
      actions.put(lower(action.name()), action);
    }
    return actions;
  }

  private static IamAction action(String service, String[] row) {
    Known known =
        switch (row[3]) {
          case "both" -> Known.BOTH;
          case "differ" -> Known.DIFFER;
          default -> Known.ONE;
        };
    Set<String> required = set(row[4]);
    return new IamAction(
        service,
        row[1],
        AccessLevel.valueOf(row[2].toUpperCase(Locale.ROOT).replace(' ', '_')),
        known,
        required,
        known == Known.DIFFER ? set(row[5]) : required,
        set(row[6]),
        set(row[7]).stream()
            .map(key -> key.startsWith(":") ? service + key : key)
            .collect(Collectors.toSet()));
  }

  private static Set<String> set(String field) {
    return field.isEmpty() ? Set.of() : Set.of(field.split(";", -1));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String text(String name) {
    try (InputStream in = Objects.requireNonNull(IamFacts.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
