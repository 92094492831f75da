package dev.ritsem.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record (KIP-82). A record may have several of the same key.
 *
 * @param value from position to limit, or null; whoever reads it must not move its position
 */
public record RecordHeader(String key, @Nullable ByteBuffer value) {}
