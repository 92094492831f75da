package dev.ritsem.metadata.controller;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.regex.Pattern;

/** What a topic may be called. Names become directory names and parts of metric names. */
public final class TopicNames {
  /** Leaves room for a partition number in a file name of 255 bytes. */
  static final int LENGTH_MAX = 249;

  /** In Kafka the metadata log's name, which no ordinary topic may take. */
  static final String CLUSTER_METADATA = "__cluster_metadata";

  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");

  private TopicNames() {}

  /**
   * Checks length and characters.
   *
   * @throws WireException with INVALID_TOPIC_EXCEPTION
   */
  public static void validate(String name) {
    if (name.isEmpty()) {
      throw invalid("the empty string is not allowed");
    }
    if (name.equals(".") || name.equals("..")) {
      throw invalid("'" + name + "' is not allowed");
    }
    if (name.length() > LENGTH_MAX) {
      throw invalid(
          "the length of '" + name + "' is longer than the max allowed length " + LENGTH_MAX);
    }
    if (!LEGAL.matcher(name).matches()) {
      throw invalid(
          "'"
              + name
              + "' contains one or more characters other than ASCII alphanumerics, '.', '_' and"
              + " '-'");
    }
  }

  /** Whether metric names could confuse this name with another one. */
  static boolean canCollide(String name) {
    return name.indexOf('.') >= 0 || name.indexOf('_') >= 0;
  }

  /** The form in which colliding names are equal: metric names have '_' for '.'. */
  static String unified(String name) {
    return name.replace('.', '_');
  }

  private static WireException invalid(String why) {
    return new WireException(ErrorCode.INVALID_TOPIC_EXCEPTION, "Topic name is invalid: " + why);
  }
}
