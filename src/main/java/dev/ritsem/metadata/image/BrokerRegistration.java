package dev.ritsem.metadata.image;

import dev.ritsem.model.BrokerId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broker as the controller knows it (KIP-631).
 *
 * @param incarnation drawn by the broker's process at its start: tells two lives of one broker id
 *     apart
 * @param epoch given by the controller at registration; a later registration has a higher one.
 *     Whoever acts in a broker's name with an older epoch is refused (STALE_BROKER_EPOCH)
 * @param endpoints in the order of the broker's listeners
 * @param rack where the broker stands, if it says so; replicas are spread over racks
 * @param fenced whether it is kept from leading partitions and from being shown to clients: true
 *     from registration until it says that it is ready, and again once it is not reachable
 */
public record BrokerRegistration(
    BrokerId id,
    UUID incarnation,
    long epoch,
    List<Endpoint> endpoints,
    @Nullable String rack,
    boolean fenced) {
  public BrokerRegistration {
    endpoints = List.copyOf(endpoints);
    if (epoch < 0) {
      throw new IllegalArgumentException("broker epoch " + epoch + " is negative");
    }
  }

  /** The endpoint of a listener, by which a client of that listener reaches this broker. */
  public Optional<Endpoint> endpoint(String listenerName) {
    return endpoints.stream().filter(e -> e.listenerName().equals(listenerName)).findFirst();
  }

  BrokerRegistration withFenced(boolean nowFenced) {
    return new BrokerRegistration(id, incarnation, epoch, endpoints, rack, nowFenced);
  }
}
