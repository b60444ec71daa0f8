package dev.mlinfra.cost;

import dev.mlinfra.core.Problem;
import dev.mlinfra.cost.internal.refresh.AwsPriceList;
import dev.mlinfra.cost.internal.refresh.AzureRetailPrices;
import dev.mlinfra.cost.internal.refresh.GcpPriceList;
import dev.mlinfra.cost.internal.refresh.Http;
import dev.mlinfra.cost.internal.refresh.PriceSource;
import dev.mlinfra.cost.internal.refresh.RunPodCatalog;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Takes today's prices from where providers publish them.
 *
 * <p>A price that breaks a {@linkplain PriceRules rule}, or that is more than {@value
 * PriceRules#JUMP} times another than before, is not taken, and the old one stays. What a provider
 * does not answer stays as it was, too.
 */
public final class PriceRefresh {
  private final Map<String, URI> urls = new TreeMap<>();
  private final Map<String, Set<String>> regions = new TreeMap<>();
  private final Set<String> accepted = new HashSet<>();
  private Set<String> providers = new TreeSet<>(InstanceType.providers());
  private Optional<String> runPodKey = Optional.empty();
  private Http http = new Http(3, Duration.ofSeconds(2), Duration.ofMinutes(30));

  private PriceRefresh() {}

  /**
   * A refresh of all providers, from their own addresses: us-east-1 of AWS, the regions that are
   * priced already of the others.
   */
  public static PriceRefresh standard() {
    return new PriceRefresh();
  }

  /** The same, of these providers only. */
  public PriceRefresh only(Collection<String> providers) {
    this.providers = new TreeSet<>(providers);
    return this;
  }

  /** The same, with another region of a provider too. */
  public PriceRefresh withRegion(String provider, String region) {
    regions.computeIfAbsent(provider, key -> new TreeSet<>()).add(region);
    return this;
  }

  /** The same, with a provider's prices from another address, such as a mirror's. */
  public PriceRefresh withUrl(String provider, URI url) {
    urls.put(provider, url);
    return this;
  }

  /** The same, with a key of RunPod that may read. */
  public PriceRefresh withRunPodKey(Optional<String> key) {
    runPodKey = key;
    return this;
  }

  /** The same, taking a jump of a price, named as {@link Price#name} does. */
  public PriceRefresh accepting(Collection<String> names) {
    accepted.addAll(names);
    return this;
  }

  /** The same, waiting otherwise: how often to ask, for how long at first, and for one answer. */
  PriceRefresh withPatience(int attempts, Duration pause, Duration timeout) {
    http = new Http(attempts, pause, timeout);
    return this;
  }

  /** Asks every provider, one after the other. */
  public RefreshedPrices refresh(PriceBook old, LocalDate today) {
    Map<String, Price> fetched = new LinkedHashMap<>();
    SortedMap<String, String> failed = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    for (PriceSource source : sources(old)) {
      try {
        PriceSource.Fetched answer = source.fetch(http, old, today);
        if (answer.prices().isEmpty()) {
          throw new IOException("answered, but with no price of what is priced here");
        }
        answer.prices().forEach(price -> fetched.put(price.name(), price));
        notes.addAll(answer.notes());
      } catch (IOException e) {
        failed.put(source.provider(), e.getMessage());
      }
    }
    return merge(old, fetched, failed, notes, today);
  }

  private List<PriceSource> sources(PriceBook old) {
    List<PriceSource> all =
        List.of(
            new AwsPriceList(
                url("aws", AwsPriceList.URL),
                regions("aws", Set.of(PriceBook.referenceRegion("aws")))),
            new AzureRetailPrices(
                url("azure", AzureRetailPrices.URL), regions("azure", priced(old, "azure", "vm"))),
            new GcpPriceList(
                url("gcp", GcpPriceList.URL), regions("gcp", priced(old, "gcp", "compute"))),
            new RunPodCatalog(url("runpod", RunPodCatalog.URL), runPodKey));
    return all.stream().filter(source -> providers.contains(source.provider())).toList();
  }

  private URI url(String provider, URI standard) {
    return urls.getOrDefault(provider, standard);
  }

  private Set<String> regions(String provider, Set<String> standard) {
    Set<String> all = new TreeSet<>(standard);
    all.addAll(regions.getOrDefault(provider, Set.of()));
    return all;
  }

  private static Set<String> priced(PriceBook old, String provider, String service) {
    return old.prices().stream()
        .filter(price -> price.provider().equals(provider) && price.service().equals(service))
        .map(Price::region)
        .collect(Collectors.toSet());
  }

  private RefreshedPrices merge(
      PriceBook old,
      Map<String, Price> fetched,
      SortedMap<String, String> failed,
      List<String> notes,
      LocalDate today) {
    PriceRules rules = PriceRules.of(InstanceTypes.bundled(), today);
    List<Problem> rejected = new ArrayList<>();
    for (Problem problem : rules.checkChanges(old, fetched.values())) {
      if (!accepted.contains(problem.path())) {
        fetched.remove(problem.path());
        rejected.add(problem);
      }
    }
    Map<String, Price> before = new LinkedHashMap<>();
    old.prices().forEach(price -> before.put(price.name(), price));
    Map<String, Price> after = new LinkedHashMap<>(before);
    after.putAll(fetched);
    for (Problem problem : rules.check(after.values())) {
      rejected.add(problem);
      takeBack(problem.path(), fetched, before, after);
    }
    List<RefreshedPrices.Change> changes = new ArrayList<>();
    List<Price> added = new ArrayList<>();
    int confirmed = 0;
    for (Price price : fetched.values()) {
      Price was = before.get(price.name());
      if (was == null) {
        added.add(price);
      } else if (was.usd().equals(price.usd())) {
        confirmed++;
      } else {
        changes.add(new RefreshedPrices.Change(was, price));
      }
    }
    return new RefreshedPrices(
        PriceBook.of(after.values()), changes, added, confirmed, rejected, failed, notes);
  }

  /**
   * Takes back what a rule refuses: a price that was fetched, or all of a service in a region. An
   * old price that a newer one contradicts is left out.
   */
  private static void takeBack(
      String path,
      Map<String, Price> fetched,
      Map<String, Price> before,
      Map<String, Price> after) {
    List<String> refused =
        after.containsKey(path)
            ? List.of(path)
            : after.keySet().stream().filter(name -> name.startsWith(path + " ")).toList();
    for (String name : refused) {
      Price was = before.get(name);
      if (fetched.remove(name) != null && was != null) {
        after.put(name, was);
      } else {
        after.remove(name);
      }
    }
  }
}
