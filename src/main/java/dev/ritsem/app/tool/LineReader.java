package dev.ritsem.app.tool;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes bytes apart into lines and leaves them bytes: what is no UTF-8 arrives as it was. A line
 * ends with LF or CR LF, which do not belong to it; the last one needs no end. The stream stays its
 * owner's to close.
 */
final class LineReader {
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream input;

  LineReader(InputStream input) {
    this.input = new BufferedInputStream(input, BUFFER_BYTES);
  }

  /** The next line; empty at the end. */
  Optional<byte[]> read() {
    try {
      int next = input.read();
      if (next < 0) {
        return Optional.empty();
      }
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (next >= 0 && next != '\n') {
        line.write(next);
        next = input.read();
      }
      byte[] bytes = line.toByteArray();
      boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r' && next == '\n';
      return Optional.of(carriageReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the input: " + e.getMessage(), e);
    }
  }
}
