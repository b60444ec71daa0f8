package dev.mlinfra.review;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.TagReach;
import dev.mlinfra.policy.TagReach.Place;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is billed and loses its cost tags, or gets other ones. */
final class TagRisks {
  private static final Pattern TAG =
      Pattern.compile("(?:.*\\.)?(?:Tags|tags|labels)(?:\\.([\\w-]+)|\\[([\\w-]+)])");

  private TagRisks() {}

  static List<ReviewItem> of(Sides sides) {
    Map<String, Place> before = new HashMap<>();
    places(sides.base().model())
        .forEach(place -> before.put(sides.name(place.resource()) + " " + place.at(), place));
    List<ReviewItem> items = new ArrayList<>();
    for (Place place : TagReach.of(sides.head().model()).shortcomings()) {
      Optional<Place> old = Optional.ofNullable(before.get(place.resource() + " " + place.at()));
      Optional<Resource> resource = sides.resource(place.resource().toString());
      boolean known =
          old.filter(it -> it.verdict() == place.verdict() && it.detail().equals(place.detail()))
              .isPresent();
      if (!known && resource.isPresent()) {
        items.add(ReviewItem.of(Risk.TAGS, resource.get(), what(place, old.isPresent())));
      }
    }
    for (ResourceChange change : sides.comparison().changes()) {
      for (Difference difference : change.differences()) {
        if (isMoved(difference)) {
          items.add(
              ReviewItem.of(
                  Risk.TAGS,
                  change.resource(),
                  "has another " + key(difference.path()).orElseThrow(),
                  difference.before(),
                  difference.after()));
        }
      }
    }
    return items;
  }

  private static Stream<Place> places(Model model) {
    TagReach reach = TagReach.of(model);
    return Stream.concat(reach.resources().stream(), reach.sites().stream());
  }

  private static String what(Place place, boolean wasThere) {
    String detail = place.at() + " " + place.detail();
    if (place.verdict() == Verdict.UNDECIDED) {
      return "may lack cost tags, which cannot be decided: " + detail;
    }
    return (wasThere ? "loses cost tags: " : "is new and has not all cost tags: ") + detail;
  }

  /** Whether a cost tag gets another value, so that the bill goes to others. */
  private static boolean isMoved(Difference difference) {
    return key(difference.path()).isPresent()
        && !difference.before().isEmpty()
        && !difference.after().isEmpty();
  }

  /** Whether a difference is one of a cost tag: those are told here. */
  static boolean tells(Difference difference) {
    return key(difference.path()).isPresent() && !difference.before().isEmpty();
  }

  private static Optional<String> key(String path) {
    Matcher matcher = TAG.matcher(path);
    return matcher.matches()
        ? Stream.of(1, 2)
            .map(matcher::group)
            .filter(it -> it != null && CostTags.KEYS.contains(it))
            .findFirst()
        : Optional.empty();
  }
}
