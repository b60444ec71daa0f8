package dev.mlinfra.aws.internal;

import dev.mlinfra.cost.Price;
import java.util.Locale;

/**
 * What a run over many items can cost at most: each attempt of each item takes as long as it may.
 * Requests to S3 and what is logged are not in it.
 *
 * @param usdPerItem at most
 * @param usdPerRun at most, without items: planning and summing up
 * @param arithmetic how the first comes about
 */
public record RunCost(double usdPerItem, double usdPerRun, String arithmetic) {
  /** Throttled calls do not run, so they cost their transitions alone. */
  static final int THROTTLE_RETRIES = 8;

  /** Memory of the function that plans and sums up, in MB. */
  public static final int PLANNER_MEMORY_MB = 1024;

  /** Its longest run: it reads an object once, at the speed of the network. */
  public static final int PLANNER_SECONDS = 900;

  private static final double MB_PER_GB = 1024;
  private static final int PLANNER_STEPS = 2;

  /**
   * Works it out.
   *
   * @param gbSecond price of a GB-second of a function
   * @param transitions price of 1,000 transitions of a state machine
   * @param memoryMb memory of the prediction function
   * @param seconds its longest run
   * @param retries further tries after a fault of the service
   */
  public static RunCost of(
      Price gbSecond, Price transitions, int memoryMb, long seconds, int retries) {
    int attempts = 1 + retries;
    // The start of a child and each try of its one state.
    double moves = (2 + retries + THROTTLE_RETRIES) * transitions.usd().high() / 1000;
    double perSecond = gbSecond.usd().high();
    return new RunCost(
        attempts * seconds * (memoryMb / MB_PER_GB) * perSecond + moves,
        PLANNER_STEPS
            * (attempts * PLANNER_SECONDS * (PLANNER_MEMORY_MB / MB_PER_GB) * perSecond + moves),
        String.format(
            Locale.ROOT,
            "(%d attempts x %d s x %.3f GB x %s USD + %.6f USD for transitions)",
            attempts,
            seconds,
            memoryMb / MB_PER_GB,
            Double.toString(perSecond),
            moves));
  }

  /** What a run over so many items can cost at most. */
  public double usd(long items) {
    return usdPerRun + items * usdPerItem;
  }

  /** How many items a run may have that costs no more. */
  public int itemsFor(double usd, int most) {
    return (int) Math.max(0, Math.min(most, Math.floor((usd - usdPerRun) / usdPerItem)));
  }
}
