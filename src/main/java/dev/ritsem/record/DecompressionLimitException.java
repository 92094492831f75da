package dev.ritsem.record;

import java.io.IOException;

/** Compressed bytes that hold more than their reader is willing to read. */
public final class DecompressionLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  DecompressionLimitException(long limitBytes) {
    super("the compressed records hold more than " + limitBytes + " bytes");
  }
}
