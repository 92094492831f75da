package dev.ritsem.metadata.image;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The features that the whole cluster uses, each at the level that it agreed on (KIP-584). A
 * feature that is not in here is off: for clients too, who only use what is finalised.
 *
 * @param finalized feature name to level; in order of the names
 */
public record FeaturesImage(Map<String, Short> finalized) {
  public static final FeaturesImage EMPTY = new FeaturesImage(Map.of());

  public FeaturesImage {
    finalized = Collections.unmodifiableMap(new TreeMap<>(finalized));
  }
}
