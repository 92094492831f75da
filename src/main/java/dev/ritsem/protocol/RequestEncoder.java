package dev.ritsem.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.jspecify.annotations.Nullable;

/** Lays requests out for the wire, as a client sends them; see {@link RequestDecoder}. */
public final class RequestEncoder {
  private RequestEncoder() {}

  /**
   * One whole frame, its 4-byte length first, in a new buffer on the heap.
   *
   * @param version one that the receiving broker advertises
   * @param body the request; records that it carries are copied into the frame
   * @throws org.apache.kafka.common.errors.UnsupportedVersionException if the body says something
   *     that this version cannot say
   */
  public static ByteBuffer encode(
      ApiKeys api, short version, int correlationId, @Nullable String clientId, ApiMessage body) {
    short headerVersion = api.requestHeaderVersion(version);
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(api.id)
            .setRequestApiVersion(version)
            .setCorrelationId(correlationId)
            .setClientId(clientId);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    header.addSize(size, cache, headerVersion);
    body.addSize(size, cache, version);
    ByteBuffer frame = ByteBuffer.allocate(Math.addExact(Integer.BYTES, size.totalSize()));
    frame.putInt(size.totalSize());
    FrameWriter writer = FrameWriter.copyingRecords(frame);
    header.write(writer, cache, headerVersion);
    body.write(writer, cache, version);
    return frame.flip();
  }
}
