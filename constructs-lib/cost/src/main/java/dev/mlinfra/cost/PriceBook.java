package dev.mlinfra.cost;

import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.internal.PriceFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Dated prices. Immutable. */
public final class PriceBook {
  private static final List<String> FILES =
      List.of("aws", "aws-ec2", "gcp", "gcp-compute", "azure", "azure-vm", "runpod");

  private static final Map<String, String> REFERENCE_REGIONS =
      Map.of("aws", "us-east-1", "gcp", "us-central1", "azure", "eastus", "runpod", "all");

  private record Key(String provider, String region, String service, String item) {
    static Key of(Price price) {
      return new Key(price.provider(), price.region(), price.service(), price.item());
    }
  }

  /** What has a price, wherever. */
  private record Thing(String provider, String service, String item) {
    static Thing of(Price price) {
      return new Thing(price.provider(), price.service(), price.item());
    }
  }

  private final Map<Key, Price> prices;
  private final Map<Thing, List<Price>> anywhere;

  private PriceBook(Collection<Price> prices) {
    this.prices = new LinkedHashMap<>();
    for (Price price : prices) {
      if (this.prices.put(Key.of(price), price) != null) {
        throw new IllegalArgumentException("two prices of " + price.name());
      }
    }
    this.anywhere = prices.stream().collect(Collectors.groupingBy(Thing::of));
  }

  /** The prices that come with this version. */
  public static PriceBook bundled() {
    return Bundled.BOOK;
  }

  /**
   * A book of these prices.
   *
   * @throws IllegalArgumentException if two are of the same thing
   */
  public static PriceBook of(Collection<Price> prices) {
    return new PriceBook(prices);
  }

  /**
   * The prices of a folder, such as {@code mlinfra catalog refresh} writes: every file in it that
   * ends with {@code .csv}. They take the place of the bundled ones.
   *
   * @throws ValidationException if a row cannot be read, names no source, or prices what another
   *     row does; each with its file and line
   */
  public static PriceBook read(Path folder) {
    PriceFile read = new PriceFile();
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
      if (files.isEmpty()) {
        throw new ValidationException(
            folder.toString(),
            List.of(
                Problem.of("", "no *.csv in it", "tables of prices", "mlinfra catalog refresh")));
      }
      for (Path file : files) {
        try (Reader in = Files.newBufferedReader(file)) {
          read.read(file.toString(), in);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ValidationException.throwIfAny(folder.toString(), read.problems());
    return new PriceBook(read.prices());
  }

  /**
   * The prices of a folder where it is there, else the bundled ones.
   *
   * @throws ValidationException as {@link #read}
   */
  public static PriceBook readOrBundled(Path folder) {
    return Files.isDirectory(folder) ? read(folder) : bundled();
  }

  /**
   * Writes a file for each provider into a folder, which {@link #read} reads; files of others in it
   * stay. Each takes its place at once, so that nobody reads half of one.
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, List<Price>> byProvider =
        prices.values().stream().collect(Collectors.groupingBy(Price::provider));
    for (Map.Entry<String, List<Price>> each : byProvider.entrySet()) {
      Path file = folder.resolve(each.getKey() + ".csv");
      Path whole = folder.resolve(each.getKey() + ".csv.tmp");
      try {
        try (Writer out = Files.newBufferedWriter(whole)) {
          PriceFile.write(
              out, "Prices in USD, written by mlinfra catalog refresh.", each.getValue());
        }
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(whole);
      }
    }
  }

  /** All prices, in the order of their files. */
  public List<Price> prices() {
    return List.copyOf(prices.values());
  }

  /**
   * The price in a region; where no source has one, the price that is the same everywhere; else
   * that of the provider's reference region (us-east-1, us-central1, eastus), else the first of any
   * region. A price of another region tells so by {@link Price#standsInFor}.
   */
  public Optional<Price> find(String provider, String region, String service, String item) {
    return Stream.of(region, "all", "global")
        .map(where -> prices.get(new Key(provider, where, service, item)))
        .filter(Objects::nonNull)
        .findFirst()
        .or(() -> elsewhere(provider, service, item).map(price -> price.standingInFor(region)));
  }

  private Optional<Price> elsewhere(String provider, String service, String item) {
    List<Price> found = anywhere.getOrDefault(new Thing(provider, service, item), List.of());
    return found.stream()
        .filter(price -> price.region().equals(referenceRegion(provider)))
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  /** The region whose prices stand in for those of regions that have none. */
  public static String referenceRegion(String provider) {
    return REFERENCE_REGIONS.getOrDefault(provider, "all");
  }

  private static final class Bundled {
    static final PriceBook BOOK = read();

    private static PriceBook read() {
      PriceFile read = new PriceFile();
      for (String file : FILES) {
        String name = "prices/" + file + ".csv";
        try (Reader in =
            new InputStreamReader(
                Objects.requireNonNull(PriceBook.class.getResourceAsStream(name), name),
                StandardCharsets.UTF_8)) {
          read.read(name, in);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      ValidationException.throwIfAny("the bundled prices", read.problems());
      return new PriceBook(read.prices());
    }
  }
}
