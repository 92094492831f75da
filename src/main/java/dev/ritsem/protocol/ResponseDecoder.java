package dev.ritsem.protocol;

import dev.ritsem.model.Clock;
import dev.ritsem.model.ErrorCode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Reads responses, as a client gets them; see {@link ResponseEncoder}. */
public final class ResponseDecoder {
  private static final short FIRST_FLEXIBLE_HEADER = 1;

  /** A client has chosen its broker, so the time that reading takes is not bounded. */
  private static final Clock UNTIMED =
      new Clock() {
        @Override
        public long nowMs() {
          return 0;
        }

        @Override
        public long nanoTime() {
          return 0;
        }
      };

  private ResponseDecoder() {}

  /**
   * A response.
   *
   * @param correlationId the number of the request that it answers
   * @param body the message; its records are views of the frame's memory, see {@link
   *     WireRecords#bytesOf}
   */
  public record Decoded(int correlationId, ApiMessage body) {}

  /** The number of the request that a frame answers; the frame's position stays where it is. */
  public static int correlationId(ByteBuffer frame) {
    return frame.getInt(frame.position());
  }

  /**
   * Reads one response.
   *
   * @param api the API of the request that it answers
   * @param version the version of that request
   * @param frame the frame's bytes without the length, from position to limit
   * @throws MalformedRequestException if the bytes are no such response
   */
  public static Decoded decode(ApiKeys api, short version, ByteBuffer frame) {
    try {
      int correlationId = frame.getInt();
      BoundedReader reader = new BoundedReader(frame, UNTIMED);
      if (api.responseHeaderVersion(version) >= FIRST_FLEXIBLE_HEADER) {
        RequestDecoder.skipTags(reader);
      }
      ApiMessage body = api.messageType.newResponse();
      body.read(reader, answersInVersionZero(api, frame) ? 0 : version);
      return new Decoded(correlationId, body);
    } catch (MalformedRequestException e) {
      throw e;
    } catch (BufferUnderflowException e) {
      throw BoundedReader.malformed("the response ends within a field");
    } catch (RuntimeException e) {
      throw BoundedReader.malformed(String.valueOf(e.getMessage()));
    }
  }

  /** A broker that does not know the version of an ApiVersions request answers at version 0. */
  private static boolean answersInVersionZero(ApiKeys api, ByteBuffer body) {
    return api == ApiKeys.API_VERSIONS
        && body.remaining() >= Short.BYTES
        && body.getShort(body.position()) == ErrorCode.UNSUPPORTED_VERSION.code();
  }
}
