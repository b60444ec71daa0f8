package dev.mlinfra.handler;

import java.io.StringWriter;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes small JSON objects. */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** Returns the object with these members, which are strings, booleans, longs or doubles. */
  static String object(Map<String, Object> members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> member : members.entrySet()) {
        json.writeName(member.getKey());
        Object value = member.getValue();
        if (value instanceof Boolean flag) {
          json.writeBoolean(flag);
        } else if (value instanceof Long number) {
          json.writeNumber(number);
        } else if (value instanceof Double number) {
          json.writeNumber(number);
        } else {
          json.writeString((String) value);
        }
      }
      json.writeEndObject();
    }
    return text.toString();
  }
}
