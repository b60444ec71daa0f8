package dev.mlinfra.cost.internal.pulumi.gcp;

import dev.mlinfra.cost.internal.pulumi.Assumption;
import dev.mlinfra.cost.internal.pulumi.Cloud;
import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.template.Value;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * In how many zones the nodes of a pool run: counts of nodes are for each of them.
 *
 * @param least at least
 * @param most at most; more than {@code least} where the place is not known
 * @param why where that comes from
 */
record Zones(double least, double most, String why) {
  private static final String LIST = "nodeLocations";

  /** The zones of a cluster's own pools. */
  static Zones ofCluster(Inputs cluster) {
    Value more = cluster.at(LIST);
    if (more.isSymbolic()) {
      throw Inputs.unusable(more, LIST);
    }
    Optional<String> place = cluster.place();
    if (place.filter(Cloud::isZone).isPresent()) {
      // Of a cluster in one zone the list has those beside its own.
      long all =
          Stream.concat(place.stream(), more.asList().stream().flatMap(it -> it.asText().stream()))
              .distinct()
              .count();
      return new Zones(all, all, all == 1 ? "one zone" : "nodeLocations and its own zone");
    }
    if (!more.asList().isEmpty()) {
      return of(more);
    }
    Assumption region = Assumption.of("gke.zonesOfARegion");
    return place.isPresent()
        ? new Zones(region.value(), region.value(), region.toString())
        : new Zones(
            1, region.value(), "location not known: one zone at least, " + region + " at most");
  }

  /** The zones of a pool, which are its cluster's unless it has its own. */
  static Zones ofPool(Inputs pool) {
    Value own = pool.at(LIST);
    if (own.isSymbolic()) {
      throw Inputs.unusable(own, LIST);
    }
    if (!own.asList().isEmpty()) {
      return of(own);
    }
    return ofCluster(
        pool.linked("cluster").stream()
            .filter(it -> it.type().equals(ClusterPricer.TYPE))
            .findFirst()
            .map(pool::of)
            .orElse(pool));
  }

  private static Zones of(Value list) {
    int zones = list.asList().size();
    return new Zones(zones, zones, LIST);
  }

  @Override
  public String toString() {
    return why;
  }
}
