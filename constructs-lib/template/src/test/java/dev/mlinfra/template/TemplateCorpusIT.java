package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.ValidationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Reads every template that the npm and PyPI packages in use carry: those that are installed, and
 * the test data of cfn-lint's source distribution, which {@code corpus/fetch} unpacks.
 */
class TemplateCorpusIT {
  private static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));
  private static final Pattern NAME = Pattern.compile(".*\\.(json|ya?ml|template)");

  /** A line that only a template has; CDK assemblies and schemas have other ones. */
  private static final Pattern TEMPLATE =
      Pattern.compile(
          "(?m)^(\\{?\\s*\"AWSTemplateFormatVersion\"|AWSTemplateFormatVersion\\s*:|\\s{0,4}\"Resources\"\\s*:\\s*\\{|Resources:)");

  /** Wrong on purpose: no template at all, or one that would take all memory. */
  private static final Pattern WRONG_ON_PURPOSE =
      Pattern.compile(".*/bad/.*|.*/yaml-alias-amplification\\.yaml");

  /** Schemas and policies that cfn-lint keeps; they have a Resources of their own. */
  private static final Pattern NO_TEMPLATES = Pattern.compile(".*/cfnlint/data/.*");

  @Test
  void everyTemplateIsReadOrRefusedWithAReason() throws IOException {
    Instant start = Instant.now();
    int read = 0;
    int resources = 0;
    Map<String, Integer> byPackage = new TreeMap<>();
    Map<Path, String> refused = new TreeMap<>();
    Duration longest = Duration.ZERO;
    String slowest = "";
    for (Path file : files()) {
      Instant begin = Instant.now();
      try {
        resources += ModelUse.everything(Models.read(file));
        read++;
        byPackage.merge(packageOf(file), 1, Integer::sum);
      } catch (ValidationException e) {
        refused.put(file, e.problems().get(0).toString());
      }
      Duration taken = Duration.between(begin, Instant.now());
      if (taken.compareTo(longest) > 0) {
        longest = taken;
        slowest = ROOT.relativize(file).toString();
      }
    }

    System.out.printf(
        "templates read: %d, with %d resources, in %d ms; refused with a reason: %d%n",
        read, resources, Duration.between(start, Instant.now()).toMillis(), refused.size());
    System.out.printf("  slowest: %d ms, %s%n", longest.toMillis(), slowest);
    byPackage.forEach((name, count) -> System.out.printf("  %s: %d%n", name, count));
    refused.forEach((file, why) -> System.out.printf("  refused: %s%n", why));
    assertThat(read)
        .as("templates under %s/.mlinfra/tools and node_modules; run tools/install first", ROOT)
        .isPositive();
    assertThat(refused.keySet().stream().map(Path::toString))
        .as("only templates that are wrong on purpose are refused")
        .allMatch(file -> WRONG_ON_PURPOSE.matcher(file).matches());
  }

  private static List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : List.of(".mlinfra/tools", "node_modules")) {
      Path start = ROOT.resolve(folder);
      if (Files.isDirectory(start)) {
        try (Stream<Path> files = Files.walk(start)) {
          files.filter(TemplateCorpusIT::isTemplate).forEach(found::add);
        }
      }
    }
    return found;
  }

  private static boolean isTemplate(Path file) {
    try {
      return NAME.matcher(file.getFileName().toString()).matches()
          && !NO_TEMPLATES.matcher(file.toString()).matches()
          && Files.isRegularFile(file)
          && Files.size(file) < 5_000_000
          && TEMPLATE
              .matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .find();
    } catch (IOException e) {
      return false;
    }
  }

  private static String packageOf(Path file) {
    Path inside = ROOT.relativize(file);
    return inside.startsWith("node_modules")
        ? inside.subpath(0, 2).toString()
        : inside.subpath(0, Math.min(4, inside.getNameCount() - 1)).toString();
  }
}
