package dev.mlinfra.provider.runpod;

/** Tells the user something beside results, as the engine's diagnostics. */
interface EngineLog {
  /** Something that went on. */
  void info(String urn, String message);

  /** Something that should be looked at. */
  void warn(String urn, String message);

  /** Says nothing. */
  static EngineLog silent() {
    return new EngineLog() {
      @Override
      public void info(String urn, String message) {}

      @Override
      public void warn(String urn, String message) {}
    };
  }
}
