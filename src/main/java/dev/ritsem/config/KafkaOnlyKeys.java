package dev.ritsem.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Kafka's own broker keys (4.3) that Ritsem does not declare: what became of each. Most have no
 * meaning here, and a file that holds them is accepted with a note. Those that would protect
 * something are refused: a node that starts without the protection its file asks for would be worse
 * than one that does not start.
 */
final class KafkaOnlyKeys {
  /** What happens to a key: its reason, and whether the node may start with it. */
  record Fate(boolean refused, String reason) {}

  private record Rule(Predicate<String> matches, Predicate<String> harmlessValue, Fate fate) {}

  private static final String SINGLE_ROLE = "every node is a broker, and each may be controller";
  private static final String MEMBERSHIP =
      "membership and failure detection are Akka Cluster's; see ritsem.cluster.profile";
  private static final String EVENT_LOOPS =
      "requests run to completion on the event loops; see num.network.threads";
  private static final String PURGATORY =
      "waiting requests are woken directly, and nothing is swept";
  private static final String METADATA_JOURNAL = "metadata are kept in a journal of its own";
  private static final String NO_TLS_OR_SASL = "no listener of this version speaks TLS or SASL";
  private static final String NO_AUTHORIZER = "this version has no authorizer";
  private static final String NO_TIERED_STORAGE = "this version has no tiered storage";
  private static final String NO_ZOOKEEPER = "there is no ZooKeeper";
  private static final String METRICS = "metrics are not configured by Kafka's reporters";
  private static final String DEFAULT_PRINCIPAL_BUILDER =
      "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder";
  private static final String NO_LATER_FEATURE = "this version does not have the feature";

  private static final List<Rule> RULES =
      List.of(
          note(SINGLE_ROLE, "process.roles", "controller.listener.names", "early.start.listeners"),
          note(
              MEMBERSHIP,
              "broker.heartbeat.interval.ms",
              "broker.session.timeout.ms",
              "initial.broker.registration.timeout.ms",
              "server.max.startup.time.ms",
              "controller.socket.timeout.ms"),
          noteFamily(MEMBERSHIP, "controller.quorum."),
          note(EVENT_LOOPS, "num.io.threads", "queued.max.requests"),
          noteMatching(PURGATORY, key -> key.endsWith(".purgatory.purge.interval.requests")),
          noteFamily(METADATA_JOURNAL, "metadata.", "internal.metadata.", "controller.quota."),
          noteFamily(METADATA_JOURNAL, "controller.performance."),
          noteFamily(NO_ZOOKEEPER, "zookeeper."),
          noteFamily(METRICS, "metrics.", "kafka.metrics.", "auto.include.jmx.reporter"),
          note(METRICS, "metric.reporters"),
          refuseUnless(
              "false"::equals,
              "tiered storage is asked for, and this version has none: data would only grow",
              "remote.log.storage.system.enable"),
          noteFamily(NO_TIERED_STORAGE, "remote.", "log.local.retention.", "follower.fetch.last."),
          refuseUnless(
              String::isBlank,
              "access control is asked for, and this version has none: the node would be open",
              "authorizer.class.name"),
          refuseUnless(
              "PLAINTEXT"::equals,
              "protected traffic between brokers is asked for, and this version has none",
              "security.inter.broker.protocol"),
          refuseUnless(
              String::isBlank,
              "a plug-in is asked for that decides what is allowed, and this version has no place"
                  + " for it",
              "create.topic.policy.class.name",
              "alter.config.policy.class.name",
              "client.quota.callback.class"),
          refuseUnless(
              DEFAULT_PRINCIPAL_BUILDER::equals,
              "another way to name principals is asked for, and this version has no principals",
              "principal.builder.class"),
          note(NO_AUTHORIZER, "super.users", "allow.everyone.if.no.acl.found"),
          noteFamily(NO_TLS_OR_SASL, "ssl.", "sasl.", "delegation.token.", "listener.name."),
          note(
              NO_TLS_OR_SASL,
              "connections.max.reauth.ms",
              "connection.failed.authentication.delay.ms",
              "security.providers"),
          noteFamily(
              NO_LATER_FEATURE,
              "share.coordinator.",
              "group.share.",
              "group.streams.",
              "group.consumer.",
              "group.coordinator.",
              "unstable.",
              "config.providers"),
          note(
              NO_LATER_FEATURE,
              "num.replica.alter.log.dirs.threads",
              "alter.log.dirs.replication.quota.window.num",
              "alter.log.dirs.replication.quota.window.size.seconds",
              "cordoned.log.dirs",
              "log.dir.failure.timeout.ms",
              "log.initial.task.delay.ms",
              "replica.selector.class",
              "telemetry.max.bytes",
              "leader.imbalance.per.broker.percentage",
              "max.connection.creation.rate",
              "max.request.partition.size.limit",
              "socket.connection.setup.timeout.ms",
              "socket.connection.setup.timeout.max.ms",
              "broker.id.generation.enable",
              "reserved.broker.max.id",
              "inter.broker.protocol.version",
              "log.message.format.version",
              "log.message.downconversion.enable"));

  private KafkaOnlyKeys() {}

  /** What happens to a key with this value; empty if Kafka does not know the key either. */
  static Optional<Fate> of(String key, String value) {
    return RULES.stream()
        .filter(rule -> rule.matches().test(key))
        .findFirst()
        .map(
            rule ->
                rule.fate().refused() && rule.harmlessValue().test(value.trim())
                    ? new Fate(false, "it asks for nothing")
                    : rule.fate());
  }

  private static Rule note(String reason, String... keys) {
    return noteMatching(reason, List.of(keys)::contains);
  }

  private static Rule noteFamily(String reason, String... prefixes) {
    List<String> families = List.of(prefixes);
    return noteMatching(reason, key -> families.stream().anyMatch(key::startsWith));
  }

  private static Rule noteMatching(String reason, Predicate<String> matches) {
    return new Rule(matches, value -> true, new Fate(false, reason));
  }

  private static Rule refuseUnless(Predicate<String> harmless, String reason, String... keys) {
    return new Rule(List.of(keys)::contains, harmless, new Fate(true, reason));
  }
}
