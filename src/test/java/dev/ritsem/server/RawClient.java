package dev.ritsem.server;

import dev.ritsem.protocol.RequestEncoder;
import dev.ritsem.protocol.ResponseDecoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A client of nothing but a socket, which can also behave badly. */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private int correlationId;

  public RawClient(int port) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Sends a request; its number is one more than that of the request before. */
  public int send(ApiKeys api, int version, ApiMessage body) throws IOException {
    correlationId++;
    sendBytes(RequestEncoder.encode(api, (short) version, correlationId, "raw", body));
    return correlationId;
  }

  public void sendBytes(ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    socket.getOutputStream().write(copy);
  }

  /** Reads one response. */
  public ResponseDecoder.Decoded receive(ApiKeys api, int version) throws IOException {
    return ResponseDecoder.decode(api, (short) version, receiveFrame());
  }

  public ByteBuffer receiveFrame() throws IOException {
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    return ByteBuffer.wrap(frame);
  }

  /** Sends and reads. */
  public ApiMessage ask(ApiKeys api, int version, ApiMessage body) throws IOException {
    send(api, version, body);
    return receive(api, version).body();
  }

  /** Whether the server closes the connection without another byte. */
  public boolean isClosedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
