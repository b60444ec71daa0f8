package dev.mlinfra.policy.internal.tags;

import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;

/** Tags go on from a resource to what it starts later: that, and not the resource, is billed. */
final class Propagation implements Rule {
  @Override
  public String id() {
    return "mlinfra::tags.propagation";
  }

  @Override
  public String requirement() {
    return "What starts instances, volumes, tasks, jobs or pods hands the six cost tags on to them.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Place place : TagPlaces.of(inspection).sites()) {
      outcomes.say(
          place.verdict(),
          inspection.model().resource(place.resource()).orElseThrow(),
          place.at(),
          place.given(),
          "does not certainly hand the cost tags on: " + place.detail(),
          "set " + place.at() + " so that tags are handed on");
    }
  }
}
