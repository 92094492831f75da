package dev.ritsem.protocol;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One request as it came in a frame.
 *
 * @param version the version to answer in; 0 if {@code versionUnsupported}
 * @param clientId what the client calls itself; null if it does not say
 * @param body the request; its records and byte fields are views of the frame's memory
 * @param versionUnsupported an ApiVersions request of a version that this node does not know: it is
 *     answered at version 0 with UNSUPPORTED_VERSION and the table, so that the client can ask
 *     again (KIP-511). {@code body} is then empty
 */
public record RequestFrame(
    ApiKeys api,
    short version,
    int correlationId,
    @Nullable String clientId,
    ApiMessage body,
    boolean versionUnsupported) {}
