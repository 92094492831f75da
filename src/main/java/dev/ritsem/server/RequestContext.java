package dev.ritsem.server;

import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * The circumstances of one request. This is also where the principal will stand once connections
 * are authenticated.
 *
 * @param version the version of request and response
 * @param clientId what the client calls itself; null if it does not say
 * @param versionUnsupported an ApiVersions request of a version that this node does not know (see
 *     {@link dev.ritsem.protocol.RequestFrame}); false for every other API
 */
public record RequestContext(
    Connection connection,
    ApiKeys api,
    short version,
    @Nullable String clientId,
    boolean versionUnsupported) {}
