package dev.ritsem.client.cluster;

import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.Lane;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A request that a core wants sent.
 *
 * @param context the core's own note of what it asked; comes back with the answer
 */
public record OutgoingRequest(
    BrokerAddress broker, Lane lane, ApiKeys api, ApiMessage body, Object context) {}
