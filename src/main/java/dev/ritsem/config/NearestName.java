package dev.ritsem.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
public final class NearestName {
  /** One edit for so many characters of the name is still taken for a slip. */
  private static final int CHARACTERS_PER_EDIT = 4;

  private NearestName() {}

  /**
   * The known name with the fewest edits (a letter added, lost, replaced, or two neighbours
   * swapped) from the given one, if they are few for its length.
   */
  public static Optional<String> of(String name, Collection<String> known) {
    int most = Math.max(1, name.length() / CHARACTERS_PER_EDIT);
    record Candidate(String name, int edits) {}
    return known.stream()
        .filter(other -> Math.abs(other.length() - name.length()) <= most)
        .map(other -> new Candidate(other, edits(name, other)))
        .filter(candidate -> candidate.edits() <= most)
        .min(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  // Optimal string alignment, by rows: row[i][j] is what it takes from the first i to the first j.
  private static int edits(String left, String right) {
    int[][] row = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          row[i][j] = i + j;
          continue;
        }
        boolean same = left.charAt(i - 1) == right.charAt(j - 1);
        int fewest = Math.min(row[i - 1][j], row[i][j - 1]) + 1;
        fewest = Math.min(fewest, row[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped =
            i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
        row[i][j] = swapped ? Math.min(fewest, row[i - 2][j - 2] + 1) : fewest;
      }
    }
    return row[left.length()][right.length()];
  }
}
