package dev.ritsem.record;

import java.io.IOException;
import java.io.InputStream;

/**
 * What stands between a codec and its reader: counts what comes out, and turns the codecs' many
 * ways of saying "broken input" (several throw unchecked) into {@link IOException}.
 */
final class BoundedDecompression extends InputStream {
  private final InputStream codec;
  private final long limitBytes;
  private long readBytes;

  BoundedDecompression(InputStream codec, long limitBytes) {
    this.codec = codec;
    this.limitBytes = limitBytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read;
    try {
      read = codec.read(target, offset, length);
    } catch (RuntimeException e) {
      throw new IOException("broken compressed records: " + e.getMessage(), e);
    }
    if (read > 0) {
      readBytes += read;
      if (readBytes > limitBytes) {
        throw new DecompressionLimitException(limitBytes);
      }
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    try {
      codec.close();
    } catch (RuntimeException e) {
      throw new IOException("broken compressed records: " + e.getMessage(), e);
    }
  }
}
