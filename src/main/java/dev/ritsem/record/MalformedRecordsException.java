package dev.ritsem.record;

/**
 * Records whose bytes are not records. Stays inside this package: a validator answers it with a
 * {@link BatchRejected}, a reader with a wire error.
 */
final class MalformedRecordsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedRecordsException(String message) {
    super(message, null, false, false);
  }
}
