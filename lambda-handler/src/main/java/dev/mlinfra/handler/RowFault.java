package dev.mlinfra.handler;

/** What is wrong with a row, while only its line within a chunk is known. */
final class RowFault extends RuntimeException {
  private final PredictionError code;
  private final long line;
  private final String problem;

  /**
   * Makes a fault.
   *
   * @param line number of the row's first line within its chunk, from 0
   * @param problem what follows the line's number in the message; no value of the data
   */
  RowFault(PredictionError code, long line, String problem) {
    super(problem, null, false, false);
    this.code = code;
    this.line = line;
    this.problem = problem;
  }

  /**
   * As callers see it.
   *
   * @param linesBefore lines of the file before the chunk
   */
  PredictionException inFile(long linesBefore) {
    return new PredictionException(code, "data: line " + (linesBefore + line + 1) + problem);
  }
}
