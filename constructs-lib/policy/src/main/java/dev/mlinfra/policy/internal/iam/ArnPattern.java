package dev.mlinfra.policy.internal.iam;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an ARN can be: literal characters, and places for one or any number of characters. Made from
 * the form of a type of resource, or from what a statement names.
 */
final class ArnPattern {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  /** A bucket's name and the fields in front of the last one are the only ones of a fixed shape. */
  private static final String NO_COLON = ":";

  private static final String NO_COLON_OR_SLASH = ":/";

  /**
   * One place.
   *
   * @param literal the character; 0 when it can be any but {@code except}
   * @param except which characters it is not
   * @param repeats whether it stands for any number of them
   */
  private record Place(char literal, String except, boolean repeats) {
    boolean meets(Place other) {
      if (literal != 0 && other.literal != 0) {
        return literal == other.literal;
      }
      return literal != 0
          ? other.except.indexOf(literal) < 0
          : other.literal == 0 || except.indexOf(other.literal) < 0;
    }
  }

  private final String form;
  private final List<Place> places;

  private ArnPattern(String form, List<Place> places) {
    this.form = form;
    this.places = List.copyOf(places);
  }

  /** The form of a type, such as <code>arn:${Partition}:s3:::${BucketName}/${ObjectName}</code>. */
  static ArnPattern ofForm(String form) {
    Builder builder = new Builder();
    Matcher variable = VARIABLE.matcher(form);
    int start = 0;
    while (variable.find()) {
      builder.wild(form.substring(start, variable.start()));
      switch (variable.group(1)) {
        case "Partition", "Region", "Account" -> builder.field();
        case "BucketName" -> builder.name();
        default -> builder.one().unknown();
      }
      start = variable.end();
    }
    return builder.wild(form.substring(start)).build(form);
  }

  /** Whether there is an ARN that is of both patterns. */
  boolean meets(ArnPattern other) {
    // A state is a place of either; every step leads to a later one, or stays.
    int width = other.places.size() + 1;
    BitSet reached = new BitSet(width * (places.size() + 1));
    reached.set(0);
    for (int state = 0; state >= 0; state = reached.nextSetBit(state + 1)) {
      int i = state / width;
      int j = state % width;
      boolean ended = i == places.size();
      boolean otherEnded = j == other.places.size();
      if (ended && otherEnded) {
        return true;
      }
      boolean repeats = !ended && places.get(i).repeats();
      boolean otherRepeats = !otherEnded && other.places.get(j).repeats();
      if (repeats) {
        reached.set(state + width);
      }
      if (otherRepeats) {
        reached.set(state + 1);
      }
      if (!ended && !otherEnded && places.get(i).meets(other.places.get(j))) {
        reached.set(state + (repeats ? 0 : width) + (otherRepeats ? 0 : 1));
      }
    }
    return false;
  }

  /** The form of the type; empty for what a statement names. */
  @Override
  public String toString() {
    return form;
  }

  /** Puts a pattern together, from the left. */
  static final class Builder {
    /** The resource is the sixth field of an ARN; colons in it part nothing. */
    private static final int COLONS = 5;

    private final List<Place> places = new ArrayList<>();
    private int colons;
    private boolean fieldsKnown = true;

    /** A text in which {@code *} and {@code ?} are wildcards. */
    Builder wild(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        switch (c) {
          case '*' -> places.add(new Place((char) 0, "", true));
          case '?' -> one();
          default -> {
            places.add(new Place(c, "", false));
            colons += c == ':' ? 1 : 0;
          }
        }
      }
      return this;
    }

    /** What is not known: any characters, or none. */
    Builder unknown() {
      fieldsKnown &= colons >= COLONS;
      places.add(new Place((char) 0, "", true));
      return this;
    }

    /** One character. */
    Builder one() {
      places.add(new Place((char) 0, "", false));
      return this;
    }

    /** A field such as an account: no colon in it. */
    Builder field() {
      return some(NO_COLON);
    }

    /** A name that holds no slash, such as a bucket's. */
    Builder name() {
      return some(NO_COLON_OR_SLASH);
    }

    private Builder some(String except) {
      places.add(new Place((char) 0, except, false));
      places.add(new Place((char) 0, except, true));
      return this;
    }

    /** The pattern; a wildcard in front of the resource's own field stays in its field. */
    ArnPattern build() {
      return build("");
    }

    private ArnPattern build(String form) {
      int passed = fieldsKnown && colons >= COLONS ? 0 : COLONS;
      for (int i = 0; i < places.size() && passed < COLONS; i++) {
        Place place = places.get(i);
        passed += place.literal() == ':' ? 1 : 0;
        if (place.literal() == 0 && place.except().isEmpty()) {
          places.set(i, new Place((char) 0, NO_COLON, place.repeats()));
        }
      }
      return new ArnPattern(form, places);
    }
  }
}
