package dev.ritsem.record;

import dev.ritsem.model.ErrorCode;
import java.util.List;

/**
 * A batch that must not be appended: an ordinary outcome, without a stack trace. Like {@link
 * dev.ritsem.model.WireException} it carries the answer for the client; beyond that it says which
 * records are at fault, for the produce response (KIP-467).
 */
public final class BatchRejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode error;
  private final transient List<RecordError> recordErrors;

  BatchRejected(ErrorCode error, String message) {
    this(error, message, List.of());
  }

  BatchRejected(ErrorCode error, String message, List<RecordError> recordErrors) {
    super(message, null, false, false);
    this.error = error;
    this.recordErrors = List.copyOf(recordErrors);
  }

  public ErrorCode error() {
    return error;
  }

  /** The records at fault, in order; empty if the batch as a whole is. */
  public List<RecordError> recordErrors() {
    return recordErrors;
  }
}
