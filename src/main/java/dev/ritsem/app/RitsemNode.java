package dev.ritsem.app;

import akka.Done;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.client.transport.Connector;
import dev.ritsem.config.Settings;
import dev.ritsem.model.BrokerId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A running node, in any JVM: it has an actor system, threads and sockets of its own, and a JVM can
 * hold several. Kafka's clients reach it at {@link #boundEndpoints}; streams of the same JVM may
 * skip the sockets with {@link #inProcess}. After {@link #stop} nothing of it is left.
 */
public final class RitsemNode {
  private final BrokerId nodeId;
  private final String clusterId;
  private final List<BoundEndpoint> boundEndpoints;
  private final List<Path> logDirectories;
  private final Connector inProcess;
  private final NodeShutdown shutdown;

  RitsemNode(
      BrokerId nodeId,
      String clusterId,
      List<BoundEndpoint> boundEndpoints,
      List<Path> logDirectories,
      Connector inProcess,
      NodeShutdown shutdown) {
    this.nodeId = nodeId;
    this.clusterId = clusterId;
    this.boundEndpoints = List.copyOf(boundEndpoints);
    this.logDirectories = List.copyOf(logDirectories);
    this.inProcess = inProcess;
    this.shutdown = shutdown;
  }

  /**
   * Where a listener really listens: of a listener with port 0, the port it got.
   *
   * @param host as configured; localhost if the listener takes connections at every address
   */
  public record BoundEndpoint(String listenerName, String host, int port) {
    /** What a client takes as {@code bootstrap.servers}. */
    public String hostAndPort() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
      return listenerName + "://" + hostAndPort();
    }
  }

  /**
   * Starts a node. On the first start the data directories are formatted.
   *
   * @param settings see {@link DeclaredSettings#of}
   * @return completes when the node serves clients; fails with a {@link NodeStartException} or a
   *     {@link dev.ritsem.config.SettingsException}, and then nothing of the node is left
   */
  public static CompletionStage<RitsemNode> start(Settings settings) {
    return start(settings, ConfigFactory.empty());
  }

  /**
   * Starts a node whose actor system is configured in some points by its user.
   *
   * @param akka values under {@code akka}, which go before the node's own
   */
  // Whatever goes wrong must reach the caller, who waits for the stage and for nothing else.
  @SuppressWarnings("IllegalCatch")
  public static CompletionStage<RitsemNode> start(Settings settings, Config akka) {
    CompletableFuture<RitsemNode> started = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                started.complete(new NodeAssembly(settings, akka).start());
              } catch (Throwable failure) {
                started.completeExceptionally(failure);
              }
            },
            "ritsem-start")
        .start();
    return started;
  }

  /**
   * Says that a node is going to be started: what every start reads is then read meanwhile. Need
   * not be called.
   */
  public static void prepare() {
    NodeAkkaConfig.preload();
  }

  public BrokerId nodeId() {
    return nodeId;
  }

  /** The id of the cluster that the node belongs to, as its data directories say. */
  public String clusterId() {
    return clusterId;
  }

  /** The listeners, in the order of the setting. */
  public List<BoundEndpoint> boundEndpoints() {
    return boundEndpoints;
  }

  /** What the first listener's clients take as {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return boundEndpoints.get(0).hostAndPort();
  }

  /** Where the partitions lie. */
  public List<Path> logDirectories() {
    return logDirectories;
  }

  /** How clients in this JVM reach the node without a socket. */
  public Connector inProcess() {
    return inProcess;
  }

  /**
   * Stops in order: no connections are taken any more, requests in flight are answered, logs are
   * closed and marked as cleanly shut down, then the actor system and the threads end. May be
   * called several times; all get the same end.
   */
  public CompletionStage<Done> stop() {
    return shutdown.run();
  }

  /** Completes when the node has stopped, whoever stopped it. */
  public CompletionStage<Done> stopped() {
    return shutdown.finished();
  }
}
