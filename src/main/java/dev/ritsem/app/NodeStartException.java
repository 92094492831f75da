package dev.ritsem.app;

/**
 * A node that could not start, for a reason that its operator can do something about: the message
 * names the subject and what to do. Whatever had been started already is stopped again.
 */
public final class NodeStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NodeStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
