package dev.ritsem.client.transport;

/**
 * Says how to reach a cluster, and opens a transport for each client that wants one. An embedded
 * node hands out a connector that reaches it in-process.
 */
@FunctionalInterface
public interface Connector {
  Transport open(TransportOptions options);
}
