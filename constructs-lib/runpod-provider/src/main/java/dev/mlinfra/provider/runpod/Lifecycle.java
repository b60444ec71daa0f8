package dev.mlinfra.provider.runpod;

import com.google.gson.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes, reads, changes and deletes resources, so that none is forgotten and none is made twice.
 */
class Lifecycle {
  private static final Duration FIRST_LOOK = Duration.ofMillis(200);
  private static final Duration LAST_LOOK = Duration.ofSeconds(5);

  private final RunPodClient client;
  private final Settings settings;
  private final Cancellation cancellation;
  private final EngineLog log;
  private final KnownIds known;
  private final Clock clock;

  Lifecycle(
      RunPodClient client,
      Settings settings,
      Cancellation cancellation,
      EngineLog log,
      KnownIds known) {
    this.client = client;
    this.settings = settings;
    this.cancellation = cancellation;
    this.log = log;
    this.known = known;
    clock = Clock.systemUTC();
  }

  /** A resource as it is, with the outputs of the schema. */
  record Made(String id, Map<String, Object> outputs) {}

  /** What is to be deleted is what was just taken over. */
  static final class NotReplacedException extends ProviderException {
    private static final long serialVersionUID = 1L;

    NotReplacedException(String message) {
      super(message);
    }
  }

  /** It cannot be deleted while something uses it. */
  static final class InUseException extends ProviderException {
    private static final long serialVersionUID = 1L;

    InUseException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** It exists, but not all that belongs to making or changing it was done. */
  static final class PartialException extends ProviderException {
    private static final long serialVersionUID = 1L;
    private final transient Made made;

    PartialException(Made made, String message) {
      super(message);
      this.made = made;
    }

    Made made() {
      return made;
    }
  }

  /**
   * Makes a resource, or takes over the one that an earlier attempt made.
   *
   * @param inputs with marks of secrets
   * @param ready how long it may take to run; empty for the configured time
   */
  Made create(Kind kind, String urn, Map<String, Object> inputs, Optional<Duration> ready) {
    Owner owner = Owner.of(settings.owner(), urn);
    Map<String, Object> plain = Values.plain(inputs);
    Optional<JsonObject> earlier = earlier(kind, urn, owner, plain);
    JsonObject live = earlier.isPresent() ? earlier.get() : make(kind, urn, owner, plain);
    String id = Kind.text(live, "id");
    known.add(urn, id);
    if (earlier.isPresent()) {
      known.addTakenOver(id);
    }
    try {
      JsonObject rest =
          earlier.isPresent() ? difference(kind, live, plain, owner) : kind.afterCreate(plain);
      if (!rest.isEmpty()) {
        live = client.patch(kind.path(id), rest);
      }
    } catch (ProviderException failed) {
      throw new PartialException(
          made(kind, live, inputs),
          kind.what() + " " + id + " was made, but not completed: " + failed.getMessage());
    }
    return awaitReady(kind, live, inputs, ready);
  }

  /** Reads a resource; empty when it is gone. */
  Optional<JsonObject> read(Kind kind, String id) {
    try {
      return Optional.of(client.get(kind.path(id))).filter(live -> !kind.isGone(live));
    } catch (ApiException refused) {
      if (refused.status() == 404) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /**
   * Changes a resource in place.
   *
   * @param changes what differs
   * @param inputs with marks of secrets
   */
  Made update(
      Kind kind,
      String urn,
      String id,
      List<Change> changes,
      Map<String, Object> inputs,
      Optional<Duration> ready) {
    known.add(urn, id);
    JsonObject body = kind.patch(changes, Values.plain(inputs), Owner.of(settings.owner(), urn));
    JsonObject live;
    try {
      live = body.isEmpty() ? client.get(kind.path(id)) : client.patch(kind.path(id), body);
    } catch (ApiException refused) {
      if (refused.status() == 404) {
        throw new ProviderException(
            kind.what()
                + " "
                + id
                + " is gone; run pulumi refresh, then pulumi up makes another one",
            refused);
      }
      throw refused;
    }
    return awaitReady(kind, live, inputs, ready);
  }

  /**
   * Deletes a resource; that it is gone already is fine.
   *
   * @param state without marks of secrets
   */
  void delete(Kind kind, String id, Map<String, Object> state) {
    if (known.isTakenOver(id)) {
      // The engine replaces what the user named without asking for differences, and so without
      // telling
      // what there is: what was to be replaced looked like something that was left.
      throw new NotReplacedException(
          kind.what()
              + " "
              + id
              + " stays: it was taken over in place of another one. To have it replaced, set"
              + " mlinfra-runpod:takeOver to false for that run");
    }
    try {
      JsonObject before = kind.beforeDelete(state);
      if (!before.isEmpty()) {
        client.patch(kind.path(id), before);
      }
      client.delete(kind.path(id));
    } catch (ApiException refused) {
      if (refused.status() == 400) {
        throw new InUseException(refused.getMessage() + "; delete first what uses it", refused);
      }
      if (refused.status() != 404) {
        throw new ProviderException(
            refused.getMessage() + deleteAdvice(kind, refused.status()), refused);
      }
      if (read(kind, id).isPresent()) {
        throw new ProviderException(
            refused.getMessage() + ", although it is there; try again", refused);
      }
      return;
    }
    if (kind.lingers()) {
      awaitGone(kind, id);
    }
  }

  /**
   * The outputs of what the API answered, with the marks of secrets that inputs and schema have.
   */
  Map<String, Object> outputs(Kind kind, JsonObject live, Map<String, Object> inputs) {
    Map<String, Object> plain = Values.plain(inputs);
    Map<String, Object> outputs = new LinkedHashMap<>(kind.inputForm(live, plain));
    if (outputs.containsKey("env")) {
      // What nobody declared may hold what the platform keeps secret.
      Map<String, Object> env = Values.map(outputs.get("env"));
      Object declared = plain.get("env");
      outputs.put(
          "env",
          Change.restrict(env, declared instanceof Map<?, ?> map ? Values.map(map) : Map.of()));
    }
    outputs.putAll(kind.computed(live));
    return marked(kind, Values.markLike(outputs, inputs));
  }

  /** Values with the marks of secrets that the schema has. */
  static Map<String, Object> marked(Kind kind, Map<String, Object> values) {
    Map<String, Object> marked = new LinkedHashMap<>(values);
    PackageSchema.get()
        .outputs(kind.name())
        .properties()
        .forEach(
            (name, property) -> {
              if (property.secret() && marked.get(name) != null) {
                marked.put(name, new Values.Secret(Values.plain(marked.get(name))));
              }
            });
    return marked;
  }

  /** What carries this resource's mark although the engine does not know of it. */
  private Optional<JsonObject> earlier(
      Kind kind, String urn, Owner owner, Map<String, Object> inputs) {
    if (!settings.takeOver()) {
      // A lost answer is still looked for, among what was not there before.
      unknown(kind, urn, owner, inputs).forEach(live -> known.add(urn, Kind.text(live, "id")));
      return Optional.empty();
    }
    for (JsonObject found : unknown(kind, urn, owner, inputs)) {
      String id = Kind.text(found, "id");
      boolean ours = kind.marked(found, owner);
      if (!ours) {
        throw new ProviderException(
            "there is a "
                + kind.what()
                + " named '"
                + Kind.text(found, "name")
                + "' already ("
                + id
                + "); take it over with pulumi import "
                + PackageSchema.token(kind.name())
                + " "
                + owner.name()
                + " "
                + id
                + ", choose another name, or leave name out");
      }
      if (!kind.readable() && everything(kind, inputs, owner).isEmpty()) {
        // Nobody can tell what is in it, and nobody can change it.
        Optional<JsonObject> used = deleteLeftover(kind, urn, found, inputs);
        if (used.isPresent()) {
          return used;
        }
      } else if (replacing(kind, found, inputs)) {
        known.add(urn, id);
        log.warn(
            urn,
            kind.what()
                + " "
                + id
                + " was left by an earlier attempt and differs too much to be taken over: delete it, or"
                + " import it");
      } else {
        log.info(urn, "taking over " + kind.what() + " " + id + ", which an earlier attempt made");
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /**
   * Deletes what an earlier attempt left; returns it when that is impossible because it is used.
   */
  private Optional<JsonObject> deleteLeftover(
      Kind kind, String urn, JsonObject found, Map<String, Object> inputs) {
    String id = Kind.text(found, "id");
    try {
      delete(kind, id, inputs);
      log.info(urn, "deleted " + kind.what() + " " + id + ", which an earlier attempt left");
      return Optional.empty();
    } catch (InUseException used) {
      log.warn(
          urn,
          "taking over "
              + kind.what()
              + " "
              + id
              + ", which is in use; if its credentials changed since, run pulumi up --target-replace "
              + urn);
      return Optional.of(found);
    }
  }

  /** Makes one of the candidates; after a lost answer it looks before it tries again. */
  private JsonObject make(Kind kind, String urn, Owner owner, Map<String, Object> inputs) {
    List<String> refusals = new ArrayList<>();
    List<JsonObject> bodies = kind.bodies(inputs, owner);
    for (JsonObject body : bodies) {
      try {
        return makeOne(kind, urn, owner, inputs, body);
      } catch (ApiException refused) {
        // RunPod has no code of its own for "no machine free": any 400 goes on to the next
        // candidate.
        if (refused.status() != 400 || bodies.size() == 1) {
          throw refused;
        }
        refusals.add(candidate(body) + ": " + refused.getMessage());
      }
    }
    throw new ProviderException(
        "no candidate for this "
            + kind.what()
            + " could be placed; add GPU types or data centers, or try again later. "
            + String.join(" | ", refusals));
  }

  private JsonObject makeOne(
      Kind kind, String urn, Owner owner, Map<String, Object> inputs, JsonObject body) {
    Instant begin = clock.instant();
    for (int attempt = 1; ; attempt++) {
      try {
        return client.post(kind.path(), body);
      } catch (LostAnswerException lost) {
        Optional<Duration> wait =
            client
                .retries()
                .next(attempt, Duration.between(begin, clock.instant()), Optional.empty());
        cancellation.sleep(wait.orElse(Duration.ZERO));
        List<JsonObject> found = unknown(kind, urn, owner, inputs);
        if (!found.isEmpty()) {
          log.info(
              urn,
              "taking over "
                  + kind.what()
                  + " "
                  + Kind.text(found.get(0), "id")
                  + " after a lost answer");
          return found.get(0);
        }
        if (wait.isEmpty()) {
          throw new ProviderException(
              lost.getMessage()
                  + "; nothing was made as far as one can see. The next pulumi up looks again",
              lost);
        }
      }
    }
  }

  /** What is ours by mark or, where names were given, by name, and is not in the engine's state. */
  List<JsonObject> unknown(Kind kind, String urn, Owner owner, Map<String, Object> inputs) {
    Set<String> ids = known.of(urn);
    boolean named = !owner.autoName().equals(inputs.get("name"));
    return client.list(kind.path(), kind.listMember()).stream()
        .filter(live -> !ids.contains(Kind.text(live, "id")) && !kind.isGone(live))
        .filter(
            live ->
                kind.marked(live, owner)
                    || (named
                        && !kind.hasVariables()
                        && Kind.text(live, "name").equals(inputs.get("name"))))
        .toList();
  }

  private static String candidate(JsonObject body) {
    String machine = body.has("gpu") ? Kind.text(body.getAsJsonObject("gpu"), "id") : "cpu";
    return body.has("dataCenterIds")
        ? machine + " in " + body.getAsJsonArray("dataCenterIds").get(0).getAsString()
        : machine;
  }

  private static List<Change> changes(Kind kind, JsonObject live, Map<String, Object> inputs) {
    return Change.between(inputs, kind.inputForm(live, inputs), Map.of(), List.of());
  }

  private static boolean replacing(Kind kind, JsonObject live, Map<String, Object> inputs) {
    Map<String, Object> state = new LinkedHashMap<>(kind.inputForm(live, inputs));
    state.putAll(kind.computed(live));
    return changes(kind, live, inputs).stream()
        .anyMatch(change -> Replacement.needed(kind, change, state));
  }

  /** The body that makes what was taken over as it is wanted now. */
  private static JsonObject difference(
      Kind kind, JsonObject live, Map<String, Object> inputs, Owner owner) {
    return kind.readable()
        ? kind.patch(changes(kind, live, inputs), inputs, owner)
        : everything(kind, inputs, owner);
  }

  /** The body that writes all inputs anew, as far as they can be changed. */
  private static JsonObject everything(Kind kind, Map<String, Object> inputs, Owner owner) {
    List<Change> all = new ArrayList<>();
    inputs.forEach((name, value) -> all.add(new Change(name, null, value)));
    return kind.patch(all, inputs, owner);
  }

  private Made made(Kind kind, JsonObject live, Map<String, Object> inputs) {
    return new Made(Kind.text(live, "id"), outputs(kind, live, inputs));
  }

  private Made awaitReady(
      Kind kind, JsonObject first, Map<String, Object> inputs, Optional<Duration> ready) {
    JsonObject live = first;
    String id = Kind.text(first, "id");
    Duration most = ready.orElse(settings.ready());
    Instant begin = clock.instant();
    Duration look = FIRST_LOOK;
    try {
      while (true) {
        Readiness readiness = kind.readiness(live);
        if (readiness.state() == Readiness.State.READY) {
          return made(kind, live, inputs);
        }
        if (readiness.state() == Readiness.State.FAILED) {
          throw new PartialException(
              made(kind, live, inputs),
              kind.what() + " " + id + " exists, but " + readiness.reason());
        }
        if (Duration.between(begin, clock.instant()).compareTo(most) >= 0) {
          throw new PartialException(
              made(kind, live, inputs),
              kind.what()
                  + " "
                  + id
                  + " exists, but after "
                  + most.toSeconds()
                  + " s "
                  + readiness.reason()
                  + "; it costs money: run pulumi up to wait again, or pulumi destroy");
        }
        cancellation.sleep(look);
        look = look.multipliedBy(2).compareTo(LAST_LOOK) > 0 ? LAST_LOOK : look.multipliedBy(2);
        Optional<JsonObject> now = read(kind, id);
        if (now.isEmpty()) {
          // It did its work and ended itself before anybody looked.
          return made(kind, live, inputs);
        }
        live = now.get();
      }
    } catch (PartialException partial) {
      throw partial;
    } catch (ProviderException failed) {
      throw new PartialException(
          made(kind, live, inputs),
          kind.what() + " " + id + " exists, but waiting for it failed: " + failed.getMessage());
    }
  }

  private void awaitGone(Kind kind, String id) {
    Instant begin = clock.instant();
    Duration look = FIRST_LOOK;
    while (read(kind, id).isPresent()) {
      if (Duration.between(begin, clock.instant()).compareTo(settings.ready()) >= 0) {
        throw new ProviderException(
            kind.what()
                + " "
                + id
                + " was deleted, but is still there after "
                + settings.ready().toSeconds()
                + " s");
      }
      cancellation.sleep(look);
      look = look.multipliedBy(2).compareTo(LAST_LOOK) > 0 ? LAST_LOOK : look.multipliedBy(2);
    }
  }

  private static String deleteAdvice(Kind kind, int status) {
    return status == 409 && kind.lingers()
        ? "; a locked pod is only deleted with unlockOnDelete: set it, run pulumi up, then delete"
        : "";
  }
}
