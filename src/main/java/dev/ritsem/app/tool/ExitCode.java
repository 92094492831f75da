package dev.ritsem.app.tool;

/** What the commands tell the shell. Scripts rely on these numbers. */
public final class ExitCode {
  public static final int OK = 0;

  /**
   * The cluster refused it, a file could not be read, checksums differ: it was tried, and failed.
   */
  public static final int FAILED = 1;

  /** The command line makes no sense. */
  public static final int USAGE = 2;

  /** A setting is unknown or not allowed. */
  public static final int SETTINGS = 3;

  /** A node could not start: a port or data directory is in use, a disk is broken. */
  public static final int NODE = 4;

  /** No broker answered, or not in time; what was asked for may or may not have happened. */
  public static final int UNREACHABLE = 5;

  private ExitCode() {}
}
