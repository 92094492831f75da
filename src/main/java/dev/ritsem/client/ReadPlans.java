package dev.ritsem.client;

import dev.ritsem.client.consumer.FetchLimits;
import dev.ritsem.client.consumer.Position;
import dev.ritsem.client.consumer.ReadPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Says in the fetch core's words what a subscription and settings say. */
final class ReadPlans {
  private ReadPlans() {}

  /**
   * The plan of a subscription.
   *
   * @throws IllegalArgumentException if the start is left to {@code auto.offset.reset} and that is
   *     none
   */
  static ReadPlan plan(Subscription subscription, ConsumerSettings<?, ?> settings) {
    Map<TopicPartition, Position> starts = new HashMap<>();
    subscription
        .partitions()
        .forEach((partition, start) -> starts.put(partition, start(start, settings)));
    Position topicStart =
        subscription.topics().isEmpty() ? Position.latest() : start(subscription.start(), settings);
    Map<TopicPartition, Position> stops = new HashMap<>();
    if (subscription.stop() instanceof StopAt.BeforeOffsets before) {
      before
          .offsets()
          .forEach((partition, offset) -> stops.put(partition, new Position.Known(offset)));
    }
    return new ReadPlan(
        subscription.topics(), topicStart, starts, stops, stop(subscription.stop()));
  }

  private static Position start(StartAt start, ConsumerSettings<?, ?> settings) {
    if (start instanceof StartAt.Earliest) {
      return Position.earliest();
    }
    if (start instanceof StartAt.Latest) {
      return Position.latest();
    }
    if (start instanceof StartAt.AtOffset at) {
      return new Position.Known(at.offset());
    }
    if (start instanceof StartAt.AtTimestamp at) {
      return new Position.Lookup(at.timestampMs());
    }
    return reset(settings)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the subscription does not say where to start, and auto.offset.reset is none"));
  }

  private static Optional<Position> stop(StopAt stop) {
    if (stop instanceof StopAt.Never) {
      return Optional.empty();
    }
    return Optional.of(
        stop instanceof StopAt.BeforeTimestamp before
            ? new Position.Lookup(before.timestampMs())
            : Position.latest());
  }

  private static Optional<Position> reset(ConsumerSettings<?, ?> settings) {
    return switch (settings.get(ConsumerKeys.AUTO_OFFSET_RESET)) {
      case "earliest" -> Optional.of(Position.earliest());
      case "latest" -> Optional.of(Position.latest());
      default -> Optional.empty();
    };
  }

  static FetchLimits limits(ConsumerSettings<?, ?> settings) {
    return new FetchLimits(
        settings.get(ConsumerKeys.FETCH_MIN_BYTES),
        settings.get(ConsumerKeys.FETCH_MAX_BYTES),
        settings.get(ConsumerKeys.MAX_PARTITION_FETCH_BYTES),
        settings.get(ConsumerKeys.FETCH_MAX_WAIT_MS),
        settings.get(ConsumerKeys.PREFETCH_BYTES),
        reset(settings),
        settings.get(ConsumerKeys.ISOLATION_LEVEL).equals("read_committed"),
        settings.get(ConsumerKeys.CHECK_CRCS),
        settings.get(ConsumerKeys.DEFAULT_API_TIMEOUT_MS),
        settings.get(ConnectionKeys.RETRY_BACKOFF_MS),
        settings.get(ConnectionKeys.RETRY_BACKOFF_MAX_MS),
        RecordSender.metadataLimits(
            settings::get, settings.get(ConsumerKeys.ALLOW_AUTO_CREATE_TOPICS)));
  }
}
