package dev.ritsem.protocol;

import dev.ritsem.model.Clock;
import dev.ritsem.protocol.MalformedRequestException.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one connection. A frame is, after its 4-byte length:
 *
 * <pre>
 *  api key i16 | api version i16 | correlation id i32 | client id nullable string i16 | tags, if flexible | body
 * </pre>
 *
 * <p>Used by one thread at a time. Between two requests it keeps only the client id, because a
 * client sends the same one with every request.
 */
public final class RequestDecoder {
  private static final short FIRST_FLEXIBLE_HEADER = 2;
  private static final int TAGS_MAX = 10_000;
  private static final byte[] NO_CLIENT_ID = new byte[0];

  private final ApiVersionTable table;
  private final Clock clock;
  private byte[] lastClientIdBytes = NO_CLIENT_ID;
  private String lastClientId = "";

  /**
   * A decoder for one connection.
   *
   * @param table what is served
   * @param clock bounds the time that reading a request may take
   */
  public RequestDecoder(ApiVersionTable table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * Reads one request.
   *
   * @param frame the frame's bytes without the length, from position to limit; the body keeps views
   *     of them
   * @throws MalformedRequestException if the frame is no request that this node answers
   */
  public RequestFrame decode(ByteBuffer frame) {
    try {
      return decodeFrame(frame);
    } catch (MalformedRequestException e) {
      throw e;
    } catch (BufferUnderflowException e) {
      throw BoundedReader.malformed("the frame ends within a field");
    } catch (UnsupportedVersionException e) {
      throw new MalformedRequestException(Reason.UNSUPPORTED_VERSION, String.valueOf(e));
    } catch (RuntimeException e) {
      // The generated classes say by plain runtime exceptions that bytes do not follow the schema.
      throw BoundedReader.malformed(String.valueOf(e.getMessage()));
    }
  }

  private RequestFrame decodeFrame(ByteBuffer frame) {
    short key = frame.getShort();
    short version = frame.getShort();
    int correlationId = frame.getInt();
    if (!table.serves(key)) {
      throw new MalformedRequestException(
          Reason.UNKNOWN_API, "API key " + key + " (version " + version + ") is not served here");
    }
    ApiKeys api = ApiKeys.forId(key);
    if (!table.serves(key, version)) {
      return unsupported(api, version, correlationId);
    }
    BoundedReader reader = new BoundedReader(frame, clock);
    String clientId = readClientId(frame);
    if (api.requestHeaderVersion(version) >= FIRST_FLEXIBLE_HEADER) {
      skipTags(reader);
    }
    ApiMessage body = api.messageType.newRequest();
    body.read(reader, version);
    if (reader.remaining() > 0) {
      throw BoundedReader.malformed(
          "%d bytes follow the %s request".formatted(reader.remaining(), api.name));
    }
    return new RequestFrame(api, version, correlationId, clientId, body, false);
  }

  private static RequestFrame unsupported(ApiKeys api, short version, int correlationId) {
    if (api != ApiKeys.API_VERSIONS) {
      throw new MalformedRequestException(
          Reason.UNSUPPORTED_VERSION,
          "version " + version + " of " + api.name + " is not served here");
    }
    return new RequestFrame(
        api, (short) 0, correlationId, null, new ApiVersionsRequestData(), true);
  }

  private @Nullable String readClientId(ByteBuffer frame) {
    short length = frame.getShort();
    if (length < 0) {
      return null;
    }
    if (length > frame.remaining()) {
      throw BoundedReader.malformed("the client id ends outside the frame");
    }
    int start = frame.position();
    frame.position(start + length);
    if (!isLastClientId(frame, start, length)) {
      lastClientIdBytes = new byte[length];
      frame.get(start, lastClientIdBytes);
      lastClientId = new String(lastClientIdBytes, StandardCharsets.UTF_8);
    }
    return lastClientId;
  }

  private boolean isLastClientId(ByteBuffer frame, int start, int length) {
    if (length != lastClientIdBytes.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (frame.get(start + i) != lastClientIdBytes[i]) {
        return false;
      }
    }
    return true;
  }

  static void skipTags(BoundedReader reader) {
    int tags = reader.readUnsignedVarint();
    if (tags < 0 || tags > TAGS_MAX) {
      throw BoundedReader.malformed("a header announces " + tags + " tagged fields");
    }
    for (int i = 0; i < tags; i++) {
      int tag = reader.readUnsignedVarint();
      int size = reader.readUnsignedVarint();
      reader.readUnknownTaggedField(null, tag, size);
    }
  }
}
