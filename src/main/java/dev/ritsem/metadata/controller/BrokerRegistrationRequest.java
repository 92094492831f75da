package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.model.BrokerId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broker that wants to join.
 *
 * @param clusterId the cluster that its data directories belong to
 * @param incarnation drawn anew at each start of the broker's process
 * @param endpoints at least one
 * @param rack where the broker stands, if that is configured
 */
public record BrokerRegistrationRequest(
    BrokerId id,
    String clusterId,
    UUID incarnation,
    List<Endpoint> endpoints,
    @Nullable String rack) {
  public BrokerRegistrationRequest {
    endpoints = List.copyOf(endpoints);
  }
}
