package dev.ritsem.client.transport;

import io.netty.channel.ChannelPipeline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** What stands between a TCP connection and its first request: encryption and authentication. */
public interface ConnectionSecurity {
  /** Neither of both. */
  ConnectionSecurity PLAINTEXT =
      new ConnectionSecurity() {
        @Override
        public void secure(ChannelPipeline pipeline, BrokerAddress broker) {
          // Bytes go as they are.
        }

        @Override
        public CompletionStage<Void> authenticate(Exchange exchange, BrokerAddress broker) {
          return CompletableFuture.completedFuture(null);
        }
      };

  /** Sends a request on the one connection that is being set up. */
  @FunctionalInterface
  interface Exchange {
    CompletionStage<ApiMessage> send(ApiKeys api, ApiMessage request);
  }

  /** Puts what encrypts in front of the frames; called when the channel is made. */
  void secure(ChannelPipeline pipeline, BrokerAddress broker);

  /**
   * Proves to the broker who the client is; called when the versions are agreed upon, on the
   * connection's event loop. Other requests wait until the stage completes there; if it fails, the
   * connection is closed.
   */
  CompletionStage<Void> authenticate(Exchange exchange, BrokerAddress broker);
}
