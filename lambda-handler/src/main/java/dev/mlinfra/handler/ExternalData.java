package dev.mlinfra.handler;

import java.util.Map;

/**
 * Finds out whether an ONNX model keeps tensors in other files.
 *
 * <p>Such a model makes ONNX Runtime open paths that the model's author chose, so it is refused
 * before the runtime sees it. An ONNX file is a protobuf message; this walks down the few fields
 * that lead to tensors and skips all others.
 */
final class ExternalData {
  /** Deeper nesting than any real model has; keeps a hostile one from exhausting the stack. */
  private static final int MAX_DEPTH = 100;

  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int TENSOR_DATA_LOCATION = 14;

  /** The message types of onnx.proto on the way to a tensor. */
  private enum Message {
    MODEL,
    TRAINING,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR
  }

  /** Message type -> field number -> type of the message in that field. */
  private static final Map<Message, Map<Integer, Message>> FIELDS =
      Map.of(
          Message.MODEL, Map.of(7, Message.GRAPH, 20, Message.TRAINING, 25, Message.FUNCTION),
          Message.TRAINING, Map.of(1, Message.GRAPH, 2, Message.GRAPH),
          Message.FUNCTION, Map.of(7, Message.NODE, 11, Message.ATTRIBUTE),
          Message.GRAPH, Map.of(1, Message.NODE, 5, Message.TENSOR, 15, Message.SPARSE_TENSOR),
          Message.NODE, Map.of(5, Message.ATTRIBUTE),
          Message.ATTRIBUTE,
              Map.of(
                  5, Message.TENSOR,
                  6, Message.GRAPH,
                  10, Message.TENSOR,
                  11, Message.GRAPH,
                  22, Message.SPARSE_TENSOR,
                  23, Message.SPARSE_TENSOR),
          Message.SPARSE_TENSOR, Map.of(1, Message.TENSOR, 2, Message.TENSOR),
          Message.TENSOR, Map.of());

  private final byte[] model;
  private int position;

  private ExternalData(byte[] model) {
    this.model = model;
  }

  /**
   * Says whether any tensor of the model lies in another file.
   *
   * @throws IllegalArgumentException if the bytes are no protobuf message
   */
  static boolean isUsedBy(byte[] model) {
    return new ExternalData(model).anyIn(Message.MODEL, model.length, 0);
  }

  private boolean anyIn(Message message, int end, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
    }
    while (position < end) {
      long tag = varint(end);
      int field = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> {
          long value = varint(end);
          if (message == Message.TENSOR && field == TENSOR_DATA_LOCATION && value != 0) {
            return true;
          }
        }
        case 1 -> skip(8, end);
        case 2 -> {
          long length = varint(end);
          if (message == Message.TENSOR && field == TENSOR_EXTERNAL_DATA) {
            return true;
          }
          Message inner = FIELDS.get(message).get(field);
          int start = position;
          skip(length, end);
          if (inner != null) {
            int innerEnd = position;
            position = start;
            if (anyIn(inner, innerEnd, depth + 1)) {
              return true;
            }
          }
        }
        case 5 -> skip(4, end);
        default -> throw new IllegalArgumentException("unknown wire type at byte " + position);
      }
    }
    return false;
  }

  private void skip(long bytes, int end) {
    if (bytes < 0 || bytes > end - position) {
      throw new IllegalArgumentException("cut off at byte " + position);
    }
    position += (int) bytes;
  }

  private long varint(int end) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw new IllegalArgumentException("cut off at byte " + position);
      }
      byte next = model[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("number too long at byte " + position);
  }
}
