package dev.ritsem.protocol;

/**
 * A frame that cannot be answered: its bytes are no message, or it asks for something that this
 * node never offered. As in Kafka there is no error response for it; the connection is closed. It
 * carries no stack trace, because a stranger decides how often it is thrown.
 */
public final class MalformedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, for counting. */
  public enum Reason {
    /** The bytes do not follow the schema or go beyond a limit. */
    MALFORMED,
    /** The API key is unknown or not served here. */
    UNKNOWN_API,
    /** The API is served, but not at this version. */
    UNSUPPORTED_VERSION
  }

  private final Reason reason;

  public MalformedRequestException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
