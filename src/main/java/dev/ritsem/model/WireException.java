package dev.ritsem.model;

/**
 * A request, or one part of it, that is answered with a wire error. This is an ordinary outcome and
 * not a fault: it carries no stack trace, and its message is the text that the client gets to see.
 */
public final class WireException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode error;

  public WireException(ErrorCode error, String message) {
    super(message, null, false, false);
    this.error = error;
  }

  public ErrorCode error() {
    return error;
  }
}
