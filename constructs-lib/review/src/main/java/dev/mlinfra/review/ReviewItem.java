package dev.mlinfra.review;

import dev.mlinfra.template.Resource;
import dev.mlinfra.template.SourceLine;
import java.util.List;
import java.util.Optional;

/**
 * One line of a review.
 *
 * @param risk what it can do
 * @param places where it happens, at least one; several when the same happens at each
 * @param what what happens, such as {@code is removed}
 * @param before what stood there; empty when nothing did, or when {@code what} says it all
 * @param after what stands there now, in the same way
 */
public record ReviewItem(Risk risk, List<Place> places, String what, String before, String after) {

  /**
   * One place.
   *
   * @param where construct path, id, or name of an environment
   * @param type type of the resource; empty when none is meant
   * @param source the line of the program that made it, when the synthesis recorded it
   */
  public record Place(String where, String type, Optional<SourceLine> source) {
    static Place of(Resource resource) {
      return new Place(resource.label(), resource.type(), resource.userSource());
    }

    static Place named(String where) {
      return new Place(where, "", Optional.empty());
    }
  }

  public ReviewItem {
    places = List.copyOf(places);
  }

  static ReviewItem of(Risk risk, Resource resource, String what) {
    return of(risk, resource, what, "", "");
  }

  static ReviewItem of(Risk risk, Resource resource, String what, String before, String after) {
    return new ReviewItem(risk, List.of(Place.of(resource)), what, before, after);
  }

  static ReviewItem of(Risk risk, Place place, String what, String before, String after) {
    return new ReviewItem(risk, List.of(place), what, before, after);
  }
}
