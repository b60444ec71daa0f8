package dev.mlinfra.handler;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Keeps pickles out. Loading one runs whatever code it holds, so none is ever opened, whatever its
 * name; this class only makes sure that its owner learns why, and what to do.
 */
final class Pickles {
  private static final List<String> EXTENSIONS = List.of(".pkl", ".pickle", ".joblib");

  /**
   * First bytes, in hexadecimal, of pickle protocol 2 and later, and of the compressions that
   * joblib offers: zlib, gzip, bzip2, xz, lzma, lz4. No ONNX or JSON file starts like that.
   */
  private static final List<String> MAGIC =
      List.of("80", "78", "1f8b", "425a", "fd377a58", "5d0000", "04224d18");

  private Pickles() {}

  /** Refuses by the name's ending. */
  static void refuseName(ObjectRef object) {
    String key = object.key().toLowerCase(Locale.ROOT);
    if (EXTENSIONS.stream().anyMatch(key::endsWith)) {
      throw refused(object);
    }
  }

  /** Refuses by the first bytes. */
  static void refuseContent(ObjectRef object, byte[] content) {
    String start = HexFormat.of().formatHex(content, 0, Math.min(4, content.length));
    if (MAGIC.stream().anyMatch(start::startsWith)) {
      throw refused(object);
    }
  }

  private static PredictionException refused(ObjectRef object) {
    return new PredictionException(
        PredictionError.PICKLE_REFUSED,
        object
            + " is a pickle or joblib file. Loading a pickle runs its code, so this function never"
            + " does. Allowed: ONNX models and mlinfra/scaler/v1 JSON scalers. Convert it once,"
            + " where it was trained, with images/training/convert_pickle.py");
  }
}
