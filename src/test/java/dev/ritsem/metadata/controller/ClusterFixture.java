package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.WireException;
import dev.ritsem.testing.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A controller core with an image that moves as its decisions are committed. */
final class ClusterFixture {
  static final String CLUSTER_ID = "5L6g3nShT-eMCtK--X86sw";

  final List<MetadataEvent> history = new ArrayList<>();
  final Set<UUID> alive = new HashSet<>();
  final ControllerCore core;
  final IdSource ids;
  ClusterImage image = ClusterImage.EMPTY;

  ClusterFixture(ControllerSettings settings, long seed) {
    Random random = Seeds.random(seed);
    this.ids = IdSource.from(random);
    this.core =
        new ControllerCore(
            settings,
            new FewConfigs(),
            registered -> alive.contains(registered.incarnation()),
            ids,
            random);
    commit(core.start(image, CLUSTER_ID, new BrokerId(0)));
  }

  static ControllerSettings settings() {
    return new ControllerSettings(3, 1, true, 1_000);
  }

  /** A cluster of active brokers 0, 1, … without racks. */
  static ClusterFixture ofBrokers(int count) {
    ClusterFixture cluster = new ClusterFixture(settings(), 1);
    for (int id = 0; id < count; id++) {
      cluster.start(id, null);
    }
    return cluster;
  }

  <T> T commit(ControllerResult<T> result) {
    history.addAll(result.events());
    image = image.applyAll(result.events());
    return result.reply();
  }

  BrokerRegistration register(int id, @Nullable String rack) {
    return register(id, ids.nextUuid(), rack);
  }

  BrokerRegistration register(int id, UUID incarnation, @Nullable String rack) {
    return commit(
        core.registerBroker(
            image,
            new BrokerRegistrationRequest(
                new BrokerId(id),
                CLUSTER_ID,
                incarnation,
                List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "b" + id, 9092)),
                rack)));
  }

  BrokerRegistration start(int id, @Nullable String rack) {
    BrokerRegistration registered = register(id, rack);
    return unfence(registered);
  }

  BrokerRegistration unfence(BrokerRegistration broker) {
    return commit(core.unfenceBroker(image, broker.id(), broker.epoch()));
  }

  BrokerRegistration fence(int id) {
    BrokerRegistration broker = broker(id);
    return commit(core.fenceBroker(image, broker.id(), broker.epoch()));
  }

  TopicResult create(NewTopic topic) {
    return commit(core.createTopics(image, List.of(topic), false)).get(0);
  }

  TopicImage created(String name, int partitions, int replicationFactor) {
    create(new NewTopic(name, partitions, replicationFactor, Map.of()));
    return topic(name);
  }

  BrokerRegistration broker(int id) {
    return Objects.requireNonNull(image.broker(new BrokerId(id)));
  }

  TopicImage topic(String name) {
    return Objects.requireNonNull(image.topics().find(name), name);
  }

  /** A few keys of the many, with their checks. */
  static final class FewConfigs implements TopicConfigRules {
    private static final Set<String> KEYS =
        Set.of("cleanup.policy", "retention.ms", "min.insync.replicas", "many.members");

    @Override
    public void validate(Map<String, String> overrides) {
      overrides.forEach(
          (key, value) -> {
            if (!KEYS.contains(key)) {
              throw new WireException(
                  ErrorCode.INVALID_CONFIG, "Unknown topic config name: " + key);
            }
            boolean valid =
                key.equals("many.members")
                    || (key.equals("cleanup.policy")
                        ? value.matches("(|delete|compact)(,(delete|compact))*")
                        : value.matches("-?\\d+"));
            if (!valid) {
              throw new WireException(
                  ErrorCode.INVALID_CONFIG, "Invalid value " + value + " for configuration " + key);
            }
          });
    }

    @Override
    public boolean isList(String key) {
      return key.equals("cleanup.policy") || key.equals("many.members");
    }

    @Override
    public @Nullable String brokerValue(String key) {
      return key.equals("cleanup.policy") ? "delete" : null;
    }
  }
}
