package dev.mlinfra.handler;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The fields of a JSON file that was exported with a model, while they are read: an object with a
 * {@code format}; fields that nobody knows are ignored.
 */
abstract class ExportedFile {
  private final String format;
  private String given;

  /**
   * Begins with nothing read.
   *
   * @param format what the field of that name must be
   */
  ExportedFile(String format) {
    this.format = format;
  }

  /**
   * Reads the file.
   *
   * @param name how messages name it
   * @param invalid the code of its problems
   * @param remedy what to do about them, a sentence
   * @throws PredictionException with that code and all problems
   */
  final void read(byte[] json, String name, PredictionError invalid, String remedy) {
    List<String> problems = new ArrayList<>();
    try (JsonParser parser = Json.parser(json)) {
      readFields(parser);
      if (!format.equals(given)) {
        String found = given == null ? "missing" : "'" + Texts.shorten(given) + "'";
        problems.add("format is " + found + ", must be " + format);
      }
      check(problems);
    } catch (JacksonException e) {
      problems.add(e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
    }
    if (!problems.isEmpty()) {
      throw new PredictionException(
          invalid, name + ": " + String.join("; ", problems) + ". " + remedy);
    }
  }

  private void readFields(JsonParser parser) {
    require(parser.nextToken(), JsonToken.START_OBJECT, "the file");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("format")) {
        given = text(parser, field);
      } else {
        readField(parser, field);
      }
    }
    require(parser.nextToken(), null, "what follows the closing brace");
  }

  /**
   * Reads one field, or skips it.
   *
   * @param parser at its value
   * @throws IllegalArgumentException if its value is of a wrong kind
   */
  abstract void readField(JsonParser parser, String field);

  /** Adds what is wrong with the fields that were read. */
  abstract void check(List<String> problems);

  static String text(JsonParser parser, String what) {
    require(parser.currentToken(), JsonToken.VALUE_STRING, what);
    return parser.getString();
  }

  static List<Double> numbers(JsonParser parser, String what) {
    require(parser.currentToken(), JsonToken.START_ARRAY, what);
    List<Double> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isNumeric()) {
        throw new IllegalArgumentException(what + " must hold numbers only");
      }
      numbers.add(parser.getDoubleValue());
    }
    return numbers;
  }

  static void require(JsonToken given, JsonToken wanted, String what) {
    if (given != wanted) {
      throw new IllegalArgumentException(what + " is " + given + ", must be " + wanted);
    }
  }
}
