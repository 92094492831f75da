package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.MetadataEvent.BrokerFenced;
import dev.ritsem.metadata.image.MetadataEvent.BrokerRegistered;
import dev.ritsem.metadata.image.MetadataEvent.BrokerUnfenced;
import dev.ritsem.metadata.image.MetadataEvent.PartitionChange;
import dev.ritsem.metadata.image.MetadataEvent.PartitionsChanged;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brokers come, get ready, and go. A broker's life in the image:
 *
 * <pre>
 *   (unknown) --register--> fenced --unfence--> active
 *                             ^                   |
 *                             +------ fence ------+
 *                             +--- register, by a later incarnation
 * </pre>
 *
 * <p>A broker that comes back registers as another incarnation. What it led then has no leader
 * until it is ready, and each of the two steps raises the leader epoch: so whatever the earlier
 * incarnation still has under way is fenced, and followers cut what it wrote but never committed.
 */
final class BrokerLifecycle {
  private final BrokerLiveness liveness;

  BrokerLifecycle(BrokerLiveness liveness) {
    this.liveness = liveness;
  }

  ControllerResult<BrokerRegistration> register(
      ClusterImage image, BrokerRegistrationRequest request) {
    checkClusterId(image, request.clusterId());
    checkEndpoints(request);
    BrokerRegistration before = image.broker(request.id());
    if (before != null && before.incarnation().equals(request.incarnation())) {
      return updated(image, before, request);
    }
    if (before != null && !before.fenced() && liveness.isAlive(before)) {
      throw new WireException(
          ErrorCode.DUPLICATE_BROKER_REGISTRATION,
          "Another broker is registered with that broker id. If the broker was recently restarted"
              + " this should self-resolve once its earlier incarnation is known to be gone.");
    }
    BrokerRegistration after = registration(image, request, true);
    List<MetadataEvent> events = new ArrayList<>();
    events.add(new BrokerRegistered(after));
    addChanges(events, LeaderElection.without(image, request.id()));
    return new ControllerResult<>(events, after);
  }

  /** The same incarnation again: a repeated request, or one that says something new of itself. */
  private static ControllerResult<BrokerRegistration> updated(
      ClusterImage image, BrokerRegistration before, BrokerRegistrationRequest request) {
    BrokerRegistration after = registration(image, request, before.fenced());
    return saysTheSame(before, after)
        ? ControllerResult.unchanged(before)
        : new ControllerResult<>(List.of(new BrokerRegistered(after)), after);
  }

  private static BrokerRegistration registration(
      ClusterImage image, BrokerRegistrationRequest request, boolean fenced) {
    // The registration is the next event, so its number is above every earlier broker epoch.
    long epoch = image.version() + 1;
    return new BrokerRegistration(
        request.id(), request.incarnation(), epoch, request.endpoints(), request.rack(), fenced);
  }

  ControllerResult<BrokerRegistration> unfence(ClusterImage image, BrokerId id, long epoch) {
    BrokerRegistration broker = checkEpoch(image, id, epoch);
    if (!broker.fenced()) {
      return ControllerResult.unchanged(broker);
    }
    BrokerUnfenced unfenced = new BrokerUnfenced(id, epoch);
    return decided(image, unfenced, LeaderElection.with(image, id), id);
  }

  ControllerResult<BrokerRegistration> fence(ClusterImage image, BrokerId id, long epoch) {
    BrokerRegistration broker = checkEpoch(image, id, epoch);
    if (broker.fenced()) {
      return ControllerResult.unchanged(broker);
    }
    return decided(image, new BrokerFenced(id, epoch), LeaderElection.without(image, id), id);
  }

  private static ControllerResult<BrokerRegistration> decided(
      ClusterImage image, MetadataEvent event, List<PartitionChange> changes, BrokerId id) {
    List<MetadataEvent> events = new ArrayList<>();
    events.add(event);
    addChanges(events, changes);
    return new ControllerResult<>(events, checkKnown(image.apply(event).broker(id), id));
  }

  private static void addChanges(List<MetadataEvent> events, List<PartitionChange> changes) {
    if (!changes.isEmpty()) {
      events.add(new PartitionsChanged(changes));
    }
  }

  private static void checkClusterId(ClusterImage image, String clusterId) {
    if (!image.clusterId().equals(clusterId)) {
      throw new WireException(
          ErrorCode.INCONSISTENT_CLUSTER_ID,
          "Expected cluster ID %s, but got cluster ID %s".formatted(image.clusterId(), clusterId));
    }
  }

  private static void checkEndpoints(BrokerRegistrationRequest request) {
    long names = request.endpoints().stream().map(Endpoint::listenerName).distinct().count();
    if (names == 0 || names < request.endpoints().size()) {
      throw new WireException(
          ErrorCode.INVALID_REGISTRATION,
          "Broker %s must have at least one listener, and no two of the same name."
              .formatted(request.id()));
    }
  }

  private static BrokerRegistration checkEpoch(ClusterImage image, BrokerId id, long epoch) {
    BrokerRegistration broker = checkKnown(image.broker(id), id);
    if (broker.epoch() != epoch) {
      throw new WireException(
          ErrorCode.STALE_BROKER_EPOCH,
          "Expected broker epoch %d, but got broker epoch %d".formatted(broker.epoch(), epoch));
    }
    return broker;
  }

  private static BrokerRegistration checkKnown(@Nullable BrokerRegistration broker, BrokerId id) {
    if (broker == null) {
      throw new WireException(
          ErrorCode.BROKER_ID_NOT_REGISTERED,
          "No broker registration found for broker id %s".formatted(id));
    }
    return broker;
  }

  private static boolean saysTheSame(BrokerRegistration before, BrokerRegistration after) {
    return before.endpoints().equals(after.endpoints())
        && Objects.equals(before.rack(), after.rack());
  }
}
