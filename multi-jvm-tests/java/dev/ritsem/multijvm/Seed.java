package dev.ritsem.multijvm;

/** The seed of a random test with real processes, and the command that uses it again. */
final class Seed {
  private static final String PROPERTY = "ritsem.test.seed";
  private static final long DEFAULT = 20_261_120L;

  private Seed() {}

  static long chosen() {
    String given = System.getProperty(PROPERTY, "");
    return given.isBlank() ? DEFAULT : Long.parseLong(given.strip());
  }

  static String replay(Class<?> test, long seed) {
    return "seed "
        + seed
        + ", again: mvn -B verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test="
        + test.getSimpleName()
        + " -D"
        + PROPERTY
        + "="
        + seed;
  }
}
