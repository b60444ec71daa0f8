package dev.mlinfra.cost.internal.refresh;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.InstanceType;
import dev.mlinfra.cost.InstanceTypes;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.PriceBook;
import dev.mlinfra.cost.Usd;
import dev.mlinfra.cost.internal.DataFile;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * AWS's price list, a CSV file for each service and region: five lines about the file, then a
 * header, then a line for each product and term. That of EC2 has hundreds of megabytes, so it is
 * read line by line. Spot prices are not in it.
 */
public final class AwsPriceList implements PriceSource {
  /** Where AWS publishes it. */
  public static final URI URL = URI.create("https://pricing.us-east-1.amazonaws.com");

  private static final String EC2 = "AmazonEC2";
  private static final long MAX_BYTES = 2L << 30;
  private static final int LINES_BEFORE_HEADER = 5;

  /** A region's code before a usage type, as {@code EUC1-} or {@code eu-central-1-}. */
  private static final String PREFIX = "(?:(?:[A-Z]{2,4}\\d?|[a-z]{2}(?:-[a-z]+)+-\\d)-)?";

  /** What a line of a machine on demand says, as gpuhunt filters them too. */
  private static final Map<String, Set<String>> MACHINE =
      Map.of(
          "Tenancy", Set.of("Shared"),
          "Operating System", Set.of("Linux"),
          "CapacityStatus", Set.of("Used"),
          "Pre Installed S/W", Set.of("", "NA"),
          "MarketOption", Set.of("", "OnDemand"));

  private final URI url;
  private final Set<String> regions;

  /**
   * @param url in place of {@link #URL}
   * @param regions whose prices to read
   */
  public AwsPriceList(URI url, Set<String> regions) {
    this.url = url;
    this.regions = new TreeSet<>(regions);
  }

  @Override
  public String provider() {
    return "aws";
  }

  @Override
  public Fetched fetch(Http http, PriceBook old, LocalDate today) throws IOException {
    List<Offer> offers =
        DataFile.read(AwsPriceList.class, "aws-offers.csv").stream().map(Offer::of).toList();
    Set<String> files = new TreeSet<>(Set.of(EC2));
    offers.forEach(offer -> files.add(offer.code()));
    Map<String, String> units =
        old.prices().stream()
            .filter(price -> price.provider().equals("aws"))
            .collect(
                Collectors.toMap(
                    price -> price.service() + " " + price.item(), Price::unit, (a, b) -> a));
    List<Price> prices = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String region : regions) {
      for (String file : files) {
        URI page = url.resolve("/offers/v1.0/aws/%s/current/%s/index.csv".formatted(file, region));
        List<Offer> wanted = offers.stream().filter(each -> each.code().equals(file)).toList();
        try {
          http.get(
                  page,
                  Map.of(),
                  MAX_BYTES,
                  in -> new Reading(file, region, wanted, units, old, today).read(in))
              .addTo(prices, notes);
        } catch (FileNotFoundException e) {
          if (file.equals(EC2)) {
            throw e;
          }
          notes.add("aws %s: no price list of %s".formatted(region, file));
        }
      }
    }
    return new Fetched(prices, notes);
  }

  /** Which line is one of our prices. */
  private record Offer(
      String service,
      String item,
      String code,
      Pattern usageType,
      String start,
      BigDecimal factor) {

    static Offer of(NamedCsvRecord row) {
      return new Offer(
          row.getField("service"),
          row.getField("item"),
          row.getField("offer"),
          Pattern.compile(PREFIX + Pattern.quote(row.getField("usage_type"))),
          row.getField("start"),
          new BigDecimal(row.getField("factor")));
    }

    String key() {
      return service + " " + item;
    }
  }

  /** One file, while it is read. */
  private static final class Reading {
    private final String file;
    private final String region;
    private final List<Offer> offers;
    private final Map<String, String> units;
    private final Set<String> machines;
    private final Map<String, Set<Double>> found = new TreeMap<>();
    private final LocalDate today;
    private String version = "";
    private LocalDate published;

    Reading(
        String file,
        String region,
        List<Offer> offers,
        Map<String, String> units,
        PriceBook old,
        LocalDate today) {
      this.file = file;
      this.region = region;
      this.offers = offers;
      this.units = units;
      this.today = today;
      this.published = today;
      this.machines =
          file.equals(EC2)
              ? InstanceTypes.bundled().all().stream()
                  .filter(type -> type.provider().equals("aws"))
                  .map(InstanceType::type)
                  .collect(Collectors.toCollection(TreeSet::new))
              : Set.of();
      if (file.equals(EC2)) {
        old.prices().stream()
            .filter(price -> price.service().equals("ec2"))
            .forEach(price -> machines.add(price.item()));
      }
    }

    Reading read(InputStream in) throws IOException {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
      for (int i = 0; i < LINES_BEFORE_HEADER; i++) {
        about(Optional.ofNullable(lines.readLine()).orElse(""));
      }
      try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(lines)) {
        for (NamedCsvRecord row : rows) {
          if (is(row, "TermType", Set.of("OnDemand")) && is(row, "Currency", Set.of("USD"))) {
            machine(row);
            offers(row);
          }
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (CsvParseException e) {
        throw new IOException(file + " is no table: " + e.getMessage(), e);
      }
      return this;
    }

    /** A line before the header, such as {@code "Publication Date","2026-11-20T00:00:00Z"}. */
    private void about(String line) {
      String[] parts = line.replace("\"", "").split(",", 2);
      if (parts.length == 2 && parts[0].equals("Version")) {
        version = parts[1];
      }
      if (parts.length == 2 && parts[0].equals("Publication Date")) {
        try {
          LocalDate date = LocalDate.parse(parts[1].substring(0, 10));
          published = date.isAfter(today) ? today : date;
        } catch (DateTimeParseException | StringIndexOutOfBoundsException e) {
          // Then the day of the download stands.
        }
      }
    }

    private void machine(NamedCsvRecord row) {
      Optional<String> type = row.findField("Instance Type");
      if (type.filter(machines::contains).isPresent()
          && is(row, "Unit", Set.of("Hrs"))
          && MACHINE.entrySet().stream()
              .allMatch(want -> is(row, want.getKey(), want.getValue()))) {
        amount(row)
            .filter(usd -> usd.signum() > 0)
            .ifPresent(usd -> add("ec2 " + type.orElseThrow(), usd));
      }
    }

    private void offers(NamedCsvRecord row) {
      String usageType = row.findField("usageType").orElse("");
      for (Offer offer : offers) {
        if (offer.usageType().matcher(usageType).matches()
            && is(row, "StartingRange", Set.of(offer.start()))) {
          amount(row).ifPresent(usd -> add(offer.key(), usd.multiply(offer.factor())));
        }
      }
    }

    private void add(String key, BigDecimal usd) {
      found.computeIfAbsent(key, any -> new TreeSet<>()).add(usd.doubleValue());
    }

    private static Optional<BigDecimal> amount(NamedCsvRecord row) {
      try {
        return row.findField("PricePerUnit").map(BigDecimal::new);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    /** A column that a file does not have says nothing. */
    private static boolean is(NamedCsvRecord row, String column, Set<String> values) {
      return row.findField(column).map(values::contains).orElse(true);
    }

    void addTo(List<Price> prices, List<String> notes) {
      Map<String, Price> read = new LinkedHashMap<>();
      found.forEach(
          (key, amounts) -> {
            String service = key.substring(0, key.indexOf(' '));
            String item = key.substring(key.indexOf(' ') + 1);
            if (amounts.size() > 1) {
              notes.add(
                  "aws %s %s: %s has %s prices for it, so none was taken"
                      .formatted(region, key, file, amounts.size()));
              return;
            }
            read.put(
                key,
                new Price(
                    "aws",
                    region,
                    service,
                    item,
                    units.getOrDefault(key, "hour"),
                    Usd.of(amounts.iterator().next()),
                    "AWS price list %s %s, version %s".formatted(file, region, version),
                    Optional.of(published),
                    ""));
          });
      for (Offer offer : offers) {
        if (!found.containsKey(offer.key())) {
          notes.add("aws %s %s: not in %s".formatted(region, offer.key(), file));
        }
      }
      prices.addAll(read.values());
    }
  }
}
