package dev.ritsem.protocol;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Lays responses out for the wire:
 *
 * <pre>
 *  length i32 | correlation id i32 | empty tags, if the header is flexible | body
 * </pre>
 *
 * <p>ApiVersions responses never have a flexible header, at any version: the client does not yet
 * know what the broker speaks when it reads one (KIP-511).
 */
public final class ResponseEncoder {
  private static final short FIRST_FLEXIBLE_HEADER = 1;
  private static final int LENGTH_AND_CORRELATION_BYTES = 8;
  private static final int EMPTY_TAGS_BYTES = 1;

  private ResponseEncoder() {}

  /** Like the long form, into a buffer on the heap. */
  public static EncodedResponse encode(
      ApiKeys api, short version, int correlationId, ApiMessage body) {
    return encode(api, version, correlationId, body, ByteBuffer::allocate);
  }

  /**
   * Lays a response out. Record slices are passed on, not copied; all other bytes go into one
   * buffer.
   *
   * @param body the response; its {@link WireRecords} belong to the result from here on
   * @param buffers asked once, for a buffer with exactly the given number of bytes from its
   *     position to its limit
   */
  public static EncodedResponse encode(
      ApiKeys api,
      short version,
      int correlationId,
      ApiMessage body,
      IntFunction<ByteBuffer> buffers) {
    boolean flexible = api.responseHeaderVersion(version) >= FIRST_FLEXIBLE_HEADER;
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    body.addSize(size, cache, version);
    int inlineBytes =
        LENGTH_AND_CORRELATION_BYTES
            + (flexible ? EMPTY_TAGS_BYTES : 0)
            + size.totalSize()
            - sliceBytes(body);
    FrameWriter writer = FrameWriter.notingSlices(buffers.apply(inlineBytes));
    writer.writeInt(0);
    writer.writeInt(correlationId);
    if (flexible) {
      writer.writeUnsignedVarint(0);
    }
    body.write(writer, cache, version);
    return writer.finish();
  }

  /** How many of the message's bytes lie in record slices: those of a fetch and of nothing else. */
  private static int sliceBytes(ApiMessage body) {
    int bytes = 0;
    if (body instanceof FetchResponseData fetch) {
      for (FetchableTopicResponse topic : fetch.responses()) {
        for (PartitionData partition : topic.partitions()) {
          if (partition.records() instanceof WireRecords wire) {
            bytes = Math.addExact(bytes, wire.sizeInBytes());
          }
        }
      }
    }
    return bytes;
  }
}
