package dev.ritsem.client.transport;

import dev.ritsem.model.Clock;
import io.netty.channel.EventLoopGroup;
import java.util.random.RandomGenerator;

/**
 * What a transport is told when a client opens it.
 *
 * @param clientId goes with every request
 * @param requestTimeoutMs longest wait for one answer, on top of the time that a request itself
 *     asks the broker to wait
 * @param connectTimeoutMs longest time to set up a connection
 * @param reconnectBackoffMs first pause after a failed connect; grows by doubling
 * @param reconnectBackoffMaxMs longest pause after failed connects
 * @param sendBufferBytes socket buffer, -1 for the operating system's choice
 * @param receiveBufferBytes socket buffer, -1 for the operating system's choice
 * @param maxFrameBytes longest answer that is read
 * @param eventLoops threads to run on; they stay the caller's
 * @param clock for timeouts
 * @param random for the jitter in pauses
 */
public record TransportOptions(
    String clientId,
    int requestTimeoutMs,
    int connectTimeoutMs,
    long reconnectBackoffMs,
    long reconnectBackoffMaxMs,
    int sendBufferBytes,
    int receiveBufferBytes,
    int maxFrameBytes,
    EventLoopGroup eventLoops,
    Clock clock,
    RandomGenerator random) {}
