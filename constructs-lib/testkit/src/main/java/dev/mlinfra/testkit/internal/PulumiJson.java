package dev.mlinfra.testkit.internal;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Between the values of Pulumi's protocol and the JSON that its CLI writes: they are the same. */
final class PulumiJson {
  /** What stands for a value that a preview does not know. */
  static final Value UNKNOWN = text("04da6b54-80e4-46f7-96ec-b56ff0331ba9");

  private static final String SIGNATURE = "4dabf18193072939515e22adb298388d";
  private static final String SECRET = "1b47061264138c4ac30d75fd1eb44270";

  private PulumiJson() {}

  static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  static boolean isSecret(Value value) {
    return value.hasStructValue()
        && value
            .getStructValue()
            .getFieldsOrDefault(SIGNATURE, Value.getDefaultInstance())
            .getStringValue()
            .equals(SECRET);
  }

  static Value secret(Value value) {
    return isSecret(value)
        ? value
        : Value.newBuilder()
            .setStructValue(
                Struct.newBuilder().putFields(SIGNATURE, text(SECRET)).putFields("value", value))
            .build();
  }

  /** Texts, numbers, booleans, null, lists and maps of Java. */
  static Value value(Object given) {
    if (given == null) {
      return Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();
    }
    if (given instanceof Boolean truth) {
      return Value.newBuilder().setBoolValue(truth).build();
    }
    if (given instanceof Number number) {
      return Value.newBuilder().setNumberValue(number.doubleValue()).build();
    }
    if (given instanceof List<?> list) {
      ListValue.Builder items = ListValue.newBuilder();
      list.forEach(item -> items.addValues(value(item)));
      return Value.newBuilder().setListValue(items).build();
    }
    if (given instanceof Map<?, ?> map) {
      Struct.Builder entries = Struct.newBuilder();
      map.forEach((key, entry) -> entries.putFields((String) key, value(entry)));
      return Value.newBuilder().setStructValue(entries).build();
    }
    return text(given.toString());
  }

  static ObjectNode of(Struct struct) {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    struct.getFieldsMap().forEach((key, value) -> object.set(key, of(value)));
    return object;
  }

  private static JsonNode of(Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> StringNode.valueOf(value.getStringValue());
      case BOOL_VALUE -> BooleanNode.valueOf(value.getBoolValue());
      case NUMBER_VALUE -> number(value.getNumberValue());
      case STRUCT_VALUE -> of(value.getStructValue());
      case LIST_VALUE -> {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        value.getListValue().getValuesList().forEach(item -> list.add(of(item)));
        yield list;
      }
      case NULL_VALUE, KIND_NOT_SET -> NullNode.getInstance();
    };
  }

  /** The protocol has no integers; a number that is whole is written as one. */
  private static JsonNode number(double number) {
    return DecimalNode.valueOf(
        number == Math.rint(number) && Math.abs(number) < 1e15
            ? BigDecimal.valueOf((long) number)
            : BigDecimal.valueOf(number));
  }
}
