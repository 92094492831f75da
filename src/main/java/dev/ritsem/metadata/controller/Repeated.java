package dev.ritsem.metadata.controller;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Finds what a request names more than once: it is then refused, whatever it would have been. */
final class Repeated {
  private Repeated() {}

  static <T> Set<T> in(Collection<T> values) {
    Set<T> seen = new HashSet<>();
    Set<T> repeated = new HashSet<>();
    for (T value : values) {
      if (!seen.add(value)) {
        repeated.add(value);
      }
    }
    return repeated;
  }
}
