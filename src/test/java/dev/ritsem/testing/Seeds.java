package dev.ritsem.testing;

import java.util.Objects;
import java.util.Random;
import java.util.function.LongConsumer;

/**
 * Seeds for random tests. A run uses a fixed first seed and a number of seeds after it, so that
 * every build tries the same cases; a failure names its seed and the command that tries that one
 * case again.
 */
public final class Seeds {
  private static final String PROPERTY = "ritsem.test.seed";
  private static final long FIRST = 20_261_120L;

  private Seeds() {}

  /**
   * Runs a case once per seed: for {@code -Dritsem.test.seed=N} with N alone, else with {@code
   * count} seeds.
   *
   * @param test the class whose test this is, for the replay command
   * @throws AssertionError of the first failing case, with its seed and the replay command
   */
  public static void forEach(Class<?> test, int count, LongConsumer body) {
    String given = System.getProperty(PROPERTY, "");
    if (!given.isBlank()) {
      run(test, Long.parseLong(given.trim()), body);
      return;
    }
    for (int i = 0; i < count; i++) {
      run(test, FIRST + i, body);
    }
  }

  /** A generator for one seed. Equal seeds give equal runs. */
  public static Random random(long seed) {
    return new Random(seed);
  }

  private static void run(Class<?> test, long seed, LongConsumer body) {
    try {
      body.accept(seed);
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError(
          "seed %d failed: %s%nreplay: mvn test -Dtest=%s -D%s=%d"
              .formatted(
                  seed,
                  Objects.toString(failure.getMessage()),
                  test.getSimpleName(),
                  PROPERTY,
                  seed),
          failure);
    }
  }
}
