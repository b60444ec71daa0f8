package dev.mlinfra.template;

import java.util.regex.Pattern;

/**
 * Texts of templates without what moves although nothing changed: the hashes of assets, and ids
 * that end in a hash of what they hold.
 */
public final class StableText {
  /** What stands where the hash of an asset was. */
  public static final String ASSET_MARK = "<asset>";

  private static final String VERSION_MARK = "<version>";

  /** What stands where a hash over a hash was. */
  private static final String ID_MARK = "<id>";

  /** A number of 64 digits is no hash. */
  private static final String HASH = "(?=[0-9]*[a-f])[0-9a-f]{64}";

  /**
   * The hash of an asset, as the end of a key or tag. A digest that someone wrote, such as an
   * image's, is a setting and stays; so does a folder that is named by a hash.
   */
  private static final Pattern ASSET =
      Pattern.compile("(?<!sha256:)(?<![0-9a-f])" + HASH + "(?![0-9a-f/])");

  private static final Pattern WHOLE = Pattern.compile(HASH);

  /** The id of a legacy asset's parameter, whose end is a hash over the asset's hash. */
  private static final Pattern ASSET_PARAMETER =
      Pattern.compile("(AssetParameters)" + HASH + "([A-Z][A-Za-z0-9]*?)[0-9A-F]{8}");

  /**
   * A logical id that ends in a hash of what it holds: a version of a function, a deployment of an
   * API. An export of it has a hash over that in its own end.
   */
  private static final Pattern VERSION =
      Pattern.compile(
          "([0-9A-F]{8})(?=[0-9]*[a-f])[0-9a-f]{32}(?![0-9a-f])(?:([A-Z][A-Za-z]*?)[0-9A-F]{8})?");

  /** Shorter than the shortest hash that is looked for. */
  private static final int NO_HASH = 32;

  private StableText() {}

  /**
   * A text without hashes of assets and versions.
   *
   * @param key name of the property that holds it, or nothing: a bare hash is an asset's only where
   *     a key of an object in a bucket is asked for
   */
  public static String of(String text, String key) {
    if (text.length() < NO_HASH) {
      return text;
    }
    if (WHOLE.matcher(text).matches()) {
      boolean asset = key.contains("Key") || key.equals("hash");
      return asset ? ASSET_MARK : text;
    }
    String result = ASSET_PARAMETER.matcher(text).replaceAll("$1" + ASSET_MARK + "$2" + ID_MARK);
    result = ASSET.matcher(result).replaceAll(ASSET_MARK);
    return VERSION
        .matcher(result)
        .replaceAll(
            match ->
                match.group(1)
                    + VERSION_MARK
                    + (match.group(2) == null ? "" : match.group(2) + ID_MARK));
  }
}
