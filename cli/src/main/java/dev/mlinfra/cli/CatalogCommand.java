package dev.mlinfra.cli;

import dev.mlinfra.cost.CatalogJson;
import dev.mlinfra.cost.CatalogReport;
import dev.mlinfra.cost.CatalogText;
import dev.mlinfra.cost.InstanceTypes;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.PriceRefresh;
import dev.mlinfra.cost.RefreshedPrices;
import dev.mlinfra.policy.AcceleratedFamilies;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mlinfra catalog}: the prices that costs are worked out with. */
@Command(
    name = "catalog",
    description = "The prices that costs are worked out with.",
    subcommands = {CatalogCommand.Check.class, CatalogCommand.Refresh.class})
final class CatalogCommand {
  private CatalogCommand() {}

  /** {@code mlinfra catalog check}. */
  @Command(
      name = "check",
      description = {
        "Tell which prices are older than 120 days or have no date, which",
        "machines have no price, and which prices cannot be right.",
        "Exit code 1 for the last, with --strict for all."
      })
  static final class Check implements Callable<Integer> {
    @Option(
        names = {"-o", "--output"},
        defaultValue = "text",
        paramLabel = "FORMAT",
        description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private TextOrJson output;

    @Option(
        names = "--as-of",
        paramLabel = "DATE",
        description = "The day to judge the dates on, such as 2026-11-23. Default: today.")
    private LocalDate asOf;

    @Option(names = "--strict", description = "Fail for whatever is told.")
    private boolean strict;

    @Option(
        names = "--prices",
        paramLabel = "FOLDER",
        description = {
          "Prices to look at.",
          "Default: environments/prices where it is there,",
          "else those of this version."
        })
    private Path folder;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      CatalogReport report =
          CatalogReport.of(
              prices(),
              InstanceTypes.bundled(),
              AcceleratedFamilies.all(),
              asOf == null ? today() : asOf);
      spec.commandLine()
          .getOut()
          .print(output == TextOrJson.JSON ? CatalogJson.of(report) : CatalogText.of(report));
      spec.commandLine().getOut().flush();
      boolean failed = strict ? !report.isClean() : !report.problems().isEmpty();
      return failed ? ExitCode.FINDINGS : ExitCode.FINE;
    }

    private PriceBook prices() {
      if (folder == null) {
        return Prices.current();
      }
      if (!Files.isDirectory(folder)) {
        throw new ParameterException(spec.commandLine(), "--prices: no folder " + folder);
      }
      return PriceBook.read(folder);
    }
  }

  /** {@code mlinfra catalog refresh}. */
  @Command(
      name = "refresh",
      description = {
        "Take today's prices from where the providers publish them; needs the",
        "network. Writes tables that take the place of this version's prices, and",
        "tells what is different. What a provider does not answer stays as it was",
        "(exit code 3), and so does a price that cannot be right (exit code 1).",
        "RunPod wants a key that may read, in RUNPOD_API_KEY."
      })
  static final class Refresh implements Callable<Integer> {
    private static final Set<String> PROVIDERS =
        new TreeSet<>(Set.of("aws", "azure", "gcp", "runpod"));

    @Option(
        names = "--to",
        paramLabel = "FOLDER",
        description = "Where the tables are, or will be. Default: environments/prices.")
    private Path folder;

    @Option(
        names = "--provider",
        split = ",",
        paramLabel = "PROVIDER",
        description = "aws, azure, gcp or runpod. Default: all of them.")
    private List<String> providers = new ArrayList<>();

    @Option(
        names = "--region",
        paramLabel = "PROVIDER=REGION",
        description = {
          "A region that is read too.",
          "Default: us-east-1 of AWS, whose table has some",
          "hundred megabytes a region; of the others the",
          "regions that are priced already."
        })
    private List<String> regions = new ArrayList<>();

    @Option(
        names = "--accept",
        paramLabel = "PRICE",
        description = "A price to take although it jumped, as it was named.")
    private List<String> accepted = new ArrayList<>();

    @Option(
        names = "--url",
        paramLabel = "PROVIDER=URL",
        description = "A mirror in place of a provider's address.")
    private List<String> urls = new ArrayList<>();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
      Path to = folder == null ? Prices.folder() : folder;
      PriceBook old = PriceBook.readOrBundled(to);
      RefreshedPrices refreshed = refresh().refresh(old, today());
      Set<String> asked = asked();
      spec.commandLine().getOut().print(refreshed.text());
      spec.commandLine().getOut().flush();
      if (refreshed.failed().keySet().containsAll(asked)) {
        throw new CommandFailure(
            ExitCode.NOT_USABLE, "no provider could be asked; nothing was written");
      }
      refreshed.book().write(to);
      spec.commandLine().getOut().println("written to " + Workspace.shown(to.toAbsolutePath()));
      spec.commandLine().getOut().flush();
      if (!refreshed.failed().isEmpty()) {
        return ExitCode.NOT_USABLE;
      }
      return refreshed.rejected().isEmpty() ? ExitCode.FINE : ExitCode.FINDINGS;
    }

    private PriceRefresh refresh() {
      PriceRefresh refresh =
          PriceRefresh.standard()
              .only(asked())
              .accepting(accepted)
              .withRunPodKey(Optional.ofNullable(System.getenv("RUNPOD_API_KEY")));
      pairs("--region", regions)
          .forEach((provider, all) -> all.forEach(region -> refresh.withRegion(provider, region)));
      pairs("--url", urls)
          .forEach((provider, all) -> all.forEach(url -> refresh.withUrl(provider, url(url))));
      return refresh;
    }

    private Set<String> asked() {
      providers.forEach(provider -> known("--provider", provider, provider));
      return providers.isEmpty() ? PROVIDERS : new TreeSet<>(providers);
    }

    private Map<String, List<String>> pairs(String option, List<String> given) {
      Map<String, List<String>> pairs = new LinkedHashMap<>();
      for (String pair : given) {
        String[] parts = pair.split("=", 2);
        known(option, parts[0], pair);
        if (parts.length < 2 || parts[1].isBlank()) {
          throw wrong(option, pair, "PROVIDER=VALUE");
        }
        pairs.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(parts[1]);
      }
      return pairs;
    }

    private URI url(String text) {
      try {
        URI url = URI.create(text);
        if (Set.of("http", "https").contains(String.valueOf(url.getScheme()))) {
          return url;
        }
      } catch (IllegalArgumentException notAUrl) {
        // told below
      }
      throw wrong("--url", text, "an address that starts with http:// or https://");
    }

    private void known(String option, String provider, String given) {
      if (!PROVIDERS.contains(provider)) {
        throw wrong(option, given, String.join(", ", PROVIDERS));
      }
    }

    private ParameterException wrong(String option, String given, String allowed) {
      return new ParameterException(
          spec.commandLine(), option + ": given '" + given + "'; allowed: " + allowed);
    }
  }

  private static LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
  }
}
