package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Gate;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.SourceKind;
import dev.mlinfra.tests.PropsTable.Property;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.lambda.Runtime;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tables in the documents are those of the code; {@code mvn test -Dtables=update} writes them.
 */
class GeneratedTablesTest {
  private static final boolean UPDATE = "update".equals(System.getProperty("tables"));
  private static final Path CONSTRUCTS = Reactor.ROOT.resolve("constructs-lib/aws");
  private static final Path SOURCES = CONSTRUCTS.resolve("src/main/java/dev/mlinfra/aws");
  private static final Pattern PROPS =
      Pattern.compile("(<!-- props: (\\w+) -->\\n)(.*?)(<!-- /props -->)", Pattern.DOTALL);
  private static final Pattern KEYS =
      Pattern.compile("(<!-- keys -->\\n)(.*?)(<!-- /keys -->)", Pattern.DOTALL);
  private static final Pattern RULES =
      Pattern.compile("(<!-- rules -->\\n)(.*?)(<!-- /rules -->)", Pattern.DOTALL);

  private static final Pattern PRICES =
      Pattern.compile("(<!-- prices -->\\n)(.*?)(<!-- /prices -->)", Pattern.DOTALL);

  private static final Pattern ACCELERATORS =
      Pattern.compile("(<!-- accelerators -->\\n)(.*?)(<!-- /accelerators -->)", Pattern.DOTALL);

  @TempDir Path folder;

  /** The interfaces of which a builder is made; what they extend has no table of its own. */
  static List<String> interfaces() throws IOException {
    return interfaces(SOURCES, "Props.java");
  }

  private static List<String> interfaces(Path sources, String ending) throws IOException {
    try (Stream<Path> files = Files.list(sources)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(file -> read(file).contains("@Value.Immutable"))
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  void theConstructsReadmeHasTheTableOfEveryInterface() throws IOException {
    compareProperties(CONSTRUCTS, SOURCES, interfaces());
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes", "runpod"})
  void theComponentsReadmesHaveTheTableOfEveryInterface(String module) throws IOException {
    Path folder = Reactor.ROOT.resolve("constructs-lib").resolve(module);
    Path sources = folder.resolve("src/main/java/dev/mlinfra").resolve(module);
    List<String> names = interfaces(sources, "Args.java");

    assertThat(names).isNotEmpty();
    for (String name : names) {
      assertThat(PropsTable.of(sources.resolve(name + ".java")).problems()).as(name).isEmpty();
    }
    compareProperties(folder, sources, names);
  }

  private static void compareProperties(Path module, Path sources, List<String> names)
      throws IOException {
    Path readme = module.resolve("README.md");

    assertThat(PROPS.matcher(read(readme)).results().map(result -> result.group(2)))
        .as("put <!-- props: NAME --> and <!-- /props --> into %s", readme)
        .containsExactlyInAnyOrderElementsOf(names);
    compare(
        readme,
        PROPS,
        result -> PropsTable.of(sources.resolve(result.group(2) + ".java")).markdown());
  }

  @Test
  void theReferenceHasEveryKeyOfAnEnvironmentFile() throws IOException {
    EnvironmentTable table =
        new EnvironmentTable(
            JsonMapper.shared()
                .readTree(Reactor.ROOT.resolve("environments/environment.schema.json")));

    assertThat(table.problems()).isEmpty();
    compare(
        Reactor.ROOT.resolve("docs/reference/environment.md"), KEYS, result -> table.markdown());
  }

  @Test
  void theReferenceHasEveryRuleOfTheGate() throws IOException {
    StringBuilder table = new StringBuilder("| rule | what must hold |\n|---|---|");
    Gate.standard()
        .check(new Model(SourceKind.ASSEMBLY, List.of(), List.of()))
        .rules()
        .forEach(rule -> table.append("\n| `%s` | %s |".formatted(rule.id(), rule.requirement())));

    compare(Reactor.ROOT.resolve("docs/reference/rules.md"), RULES, result -> table.toString());
  }

  @Test
  void theReferenceSaysWhatIsPriced() throws IOException {
    compare(
        Reactor.ROOT.resolve("docs/reference/prices.md"),
        PRICES,
        result -> new PricesTable().markdown());
  }

  @Test
  void theReferenceHasEveryAccelerator() throws IOException {
    compare(
        Reactor.ROOT.resolve("docs/reference/accelerators.md"),
        ACCELERATORS,
        result -> AcceleratorsTable.markdown());
  }

  @ParameterizedTest
  @MethodSource("interfaces")
  void commentsSayWhatTheCodeDoes(String name) throws ReflectiveOperationException {
    PropsTable table = PropsTable.of(SOURCES.resolve(name + ".java"));
    Map<String, String> said = new TreeMap<>();
    Map<String, String> done = new TreeMap<>();
    for (Property property : table.properties()) {
      String value = property.computed() ? shown(defaultOf(name, property.accessor())) : "";
      if (!value.isEmpty()) {
        done.put(property.name(), value);
        said.put(property.name(), firstWords(property.defaultText(), value));
      }
    }

    assertThat(table.problems()).isEmpty();
    assertThat(said).as("defaults in the comments of %s", name).isEqualTo(done);
  }

  @Test
  void aCommentThatLiesIsFound() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("LyingProps.java"),
            """
            interface LyingProps {
              /** Needed. Required. */
              Optional<String> getOptional();

              /** Not needed. Default: none. */
              String getRequired();

              /** Says nothing of a default. */
              String getSilent();

              /** Default: 1. */
              @Value.Default
              default int getNameless() {
                return 1;
              }

              /** Many. <ul><li>one</li></ul> Default: none. */
              List<String> getList();

              String getBare();
            }
            """);

    assertThat(PropsTable.of(file).problems())
        .containsExactly(
            "LyingProps.getOptional: the comment says Required, but the code has a default",
            "LyingProps.getRequired: the comment names a default, but the code demands a value",
            "LyingProps.getSilent: end the comment with \"Default: ….\" or \"Required.\"",
            "LyingProps.getNameless: say what it is before its default",
            "LyingProps.getList: a table cannot show <ul>: write plain sentences",
            "LyingProps.getList: a table cannot show <li>: write plain sentences",
            "LyingProps.getList: a table cannot show </li>: write plain sentences",
            "LyingProps.getList: a table cannot show </ul>: write plain sentences",
            "LyingProps.getBare: end the comment with \"Default: ….\" or \"Required.\"");
    assertThat(firstWords("15 minutes", "1 minute")).isEqualTo("15 minutes");
    assertThat(firstWords("1", "10")).isEqualTo("1");
    assertThat(firstWords("`RETAIN`, always", "retain")).isEqualTo("retain");
  }

  @Test
  void aTableTellsTypesAndInheritedProperties() throws IOException {
    Files.writeString(
        folder.resolve("BaseProps.java"),
        """
        interface BaseProps {
          /** Path of the role, such as {@code /ml/}. Default: {@code /}. */
          @Value.Default
          default String getRolePath() {
            return "/";
          }
        }
        """);
    Path file =
        Files.writeString(
            folder.resolve("OwnProps.java"),
            """
            interface OwnProps extends BaseProps {
              /** Name, of {@link Other#NAMES}. Required and fixed. */
              String getName();

              /** Key. Default: none. */
              Optional<IKey> getKey();

              /** Traces. Default: off. */
              @Value.Default
              default boolean isTracing() {
                return false;
              }

              static Builder builder() {
                return new Builder();
              }
            }
            """);

    PropsTable table = PropsTable.of(file);

    assertThat(table.problems()).isEmpty();
    assertThat(table.markdown())
        .isEqualTo(
            """
            | property | type | default | what |
            |---|---|---|---|
            | `name` | `String` | required and fixed | Name, of `Other.NAMES`. |
            | `key` | `IKey` | none | Key. |
            | `tracing` | `boolean` | off | Traces. |
            | `rolePath` | `String` | `/` | Path of the role, such as `/ml/`. |\
            """);
  }

  private static void compare(Path document, Pattern markers, Function<MatchResult, String> table)
      throws IOException {
    String text = read(document);
    Matcher matcher = markers.matcher(text);
    assertThat(matcher.find()).as("%s has the markers %s", document, markers).isTrue();
    String expected =
        matcher.replaceAll(
            result ->
                Matcher.quoteReplacement(
                    result.group(1)
                        + table.apply(result)
                        + "\n"
                        + result.group(result.groupCount())));
    if (UPDATE) {
      Files.writeString(document, expected);
    } else {
      assertThat(text)
          .as("%s; if the change is meant: mvn test -Dtables=update, then review it", document)
          .isEqualTo(expected);
    }
  }

  /** What an accessor gives when nothing is set. */
  private static Object defaultOf(String name, String accessor)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName("dev.mlinfra.aws." + name);
    Method method = type.getMethod(accessor);
    Object nothingSet =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (called.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, called, arguments);
              }
              return called.getReturnType() == List.class ? List.of() : Optional.empty();
            });
    return method.invoke(nothingSet);
  }

  /** The value as a comment says it; empty for objects that have no short text. */
  private static String shown(Object value) {
    if (value instanceof Boolean) {
      return value.equals(true) ? "on" : "off";
    }
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
    if (value instanceof Duration duration) {
      return duration.toHumanString();
    }
    if (value instanceof Size size) {
      return size.toMebibytes() + " mb";
    }
    if (value instanceof Runtime runtime) {
      return runtime.getName();
    }
    if (value instanceof Double number) {
      return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
    return value instanceof String || value instanceof Number
        ? value.toString().toLowerCase(Locale.ROOT)
        : "";
  }

  /** The beginning of a text if it is the value, or else the whole text. */
  private static String firstWords(String text, String value) {
    String plain =
        text.replace("`", "")
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^(yes|true)\\b", "on")
            .replaceFirst("^(no|false)\\b", "off");
    boolean same = plain.matches("(?s)" + Pattern.quote(value) + "([^a-z0-9].*)?");
    return same ? value : plain;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
