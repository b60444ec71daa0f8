package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;

/** What can carry the cost tags has them. */
final class Missing implements Rule {
  @Override
  public String id() {
    return "mlinfra::tags.missing";
  }

  @Override
  public String requirement() {
    return "Every resource that can carry tags has the six cost tags, each with a value.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Place place : TagPlaces.of(inspection).resources()) {
      outcomes.say(
          place.verdict(),
          inspection.model().resource(place.resource()).orElseThrow(),
          place.at(),
          place.given(),
          place.verdict() == Verdict.UNDECIDED
              ? "cannot be decided: " + place.detail()
              : place.detail(),
          "add the cost tags to " + place.at() + ", or to all resources of the program at once");
    }
  }
}
