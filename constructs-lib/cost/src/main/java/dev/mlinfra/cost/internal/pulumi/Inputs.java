package dev.mlinfra.cost.internal.pulumi;

import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The inputs of one resource and what they come from. What is needed and cannot be read throws
 * {@link NotPriced} with the reason.
 *
 * @param bill the bill that is made; not always that of the resource itself
 * @param resource the resource
 */
public record Inputs(Bill bill, Resource resource) {
  /** More of anything than an account gets; a bigger number is a mistake. */
  private static final double MOST = 1e9;

  /** Where a resource says in which place it is. */
  private static final List<String> PLACES =
      List.of("zone", "location", "region", "availabilityZone");

  /** The inputs that name what a resource is a part of, and so where it is. */
  private static final List<String> WHOLES =
      List.of(
          "cluster",
          "clusterName",
          "kubernetesClusterId",
          "resourceName",
          "workspaceName",
          "resourceGroupName");

  /** The inputs of the resource that the bill is for. */
  public static Inputs of(Bill bill) {
    return new Inputs(bill, bill.resource());
  }

  /** An input by path. */
  public Value at(String path) {
    return bill.model().property(resource, path);
  }

  /** The first of some inputs that is there: packages name the same thing differently. */
  public Value first(String... paths) {
    return Stream.of(paths)
        .map(this::at)
        .filter(value -> !isAbsent(value))
        .findFirst()
        .orElseGet(Value.Missing::new);
  }

  public static boolean isAbsent(Value value) {
    return value.isMissing() || value instanceof Value.Null;
  }

  /** The text of an input; empty when it is absent. */
  public static Optional<String> text(Value value, String name) {
    if (isAbsent(value)) {
      return Optional.empty();
    }
    return Optional.of(value.asText().orElseThrow(() -> unusable(value, name)));
  }

  /** The number of an input, from 0 up, or what holds when it is absent. */
  public static double number(Value value, double otherwise, String name) {
    if (isAbsent(value)) {
      return otherwise;
    }
    return value
        .asNumber()
        .map(Number::doubleValue)
        .filter(number -> number >= 0 && number <= MOST)
        .orElseThrow(() -> unusable(value, name));
  }

  /** The number of an input of this resource; see {@link #number(Value, double, String)}. */
  public double number(String path, double otherwise) {
    return number(at(path), otherwise, path);
  }

  /** The reason why an input says nothing. */
  public static NotPriced unusable(Value value, String name) {
    return new NotPriced(
        value.isSymbolic()
            ? name + " is known only when deployed"
            : "%s is %s, which says nothing here".formatted(name, shown(value)));
  }

  private static String shown(Value value) {
    String json = value.toJson();
    return json.length() <= 60 ? json : json.substring(0, 60) + "…";
  }

  /** The resources that an input comes from: known even where its value is not. */
  public List<Resource> linked(String input) {
    return resource.attribute("propertyDependencies").entry(input).asList().stream()
        .flatMap(urn -> urn.asText().stream())
        .flatMap(urn -> named(urn).stream())
        .toList();
  }

  private Optional<Resource> named(String urn) {
    return bill.model().resource(new ResourceId(resource.id().stack(), urn));
  }

  /** Another resource on the same bill. */
  public Inputs of(Resource other) {
    return new Inputs(bill, other);
  }

  /** Where it says that it is, or else what it is a part of, or else its provider. */
  public Optional<String> place() {
    return own()
        .or(
            () ->
                WHOLES.stream()
                    .flatMap(input -> linked(input).stream())
                    .flatMap(whole -> of(whole).own().stream())
                    .findFirst())
        .or(() -> provider().flatMap(provider -> of(provider).own()));
  }

  private Optional<String> own() {
    return PLACES.stream().flatMap(path -> at(path).asText().stream()).findFirst();
  }

  /** {@code urn::id}, as every resource names the provider that makes it. */
  private Optional<Resource> provider() {
    return resource
        .attribute("provider")
        .asText()
        .filter(it -> it.contains("::"))
        .flatMap(it -> named(it.substring(0, it.lastIndexOf("::"))));
  }

  /** The region that it is in; the reference region where nothing tells. */
  public String region(Cloud cloud) {
    return place().map(cloud::region).orElse(cloud.reference());
  }

  /** A price where the resource is. */
  public Price price(Cloud cloud, String service, String item) {
    return find(cloud, service, item).orElseThrow(() -> noSource(cloud, item));
  }

  public Optional<Price> find(Cloud cloud, String service, String item) {
    return bill.price(cloud.provider(), region(cloud), service, item);
  }

  public NotPriced noSource(Cloud cloud, String item) {
    return new NotPriced("no source for %s in %s".formatted(item, region(cloud)));
  }

  /** Prices a part; when that cannot be done the bill has the reason, and the rest goes on. */
  public void part(Runnable pricing) {
    try {
      pricing.run();
    } catch (NotPriced reason) {
      bill.notPriced(reason.getMessage());
    }
  }

  /** What something costs; when that is not known the bill has the reason. */
  public <T> Optional<T> known(Supplier<T> pricing) {
    try {
      return Optional.of(pricing.get());
    } catch (NotPriced reason) {
      bill.notPriced(reason.getMessage());
      return Optional.empty();
    }
  }
}
