package dev.ritsem.config;

import java.util.List;

/**
 * Settings that are accepted and checked already, and have no effect until the feature stands that
 * honours them: whoever brings a file for a cluster, with groups and transactions, should not have
 * to edit it. A feature that arrives declares its own settings and takes them out of here.
 */
public final class ReservedSettings {
  private static final int DAY_MS = 24 * 60 * 60 * 1000;
  private static final int SHORT_MAX = Short.MAX_VALUE;

  /** Where the other nodes reach this one: host:port. */
  public static final Setting<String> CLUSTER_ADDRESS =
      Setting.ofString("ritsem.cluster.address")
          .rule("host:port", ReservedSettings::isHostAndPort)
          .documentation("The address at which the nodes of a cluster reach this one.")
          .build();

  /** The nodes that keep the metadata: id@host:port, with commas. */
  public static final Setting<List<String>> QUORUM_VOTERS =
      Setting.ofList("controller.quorum.voters")
          .defaultValue(List.of())
          .rule(
              "a list of id@host:port",
              voters -> voters.stream().allMatch(ReservedSettings::isVoter))
          .documentation(
              "The nodes that keep the cluster's metadata, by number and inter-node address.")
          .build();

  private ReservedSettings() {}

  public static SettingsCatalogue.Section section() {
    return new SettingsCatalogue.Section(
        "Accepted ahead of their feature",
        "Checked already, without effect in this version: a single node has no peers, and groups,"
            + " transactions, quotas and compaction are still to come.",
        List.of(
            CLUSTER_ADDRESS,
            QUORUM_VOTERS,
            Setting.ofString("ritsem.cluster.profile")
                .defaultValue("safe")
                .oneOf("fast", "safe")
                .documentation("Timing of failure detection: fast to fail over, or safe.")
                .build(),
            Setting.ofString("inter.broker.listener.name")
                .documentation("The listener for traffic between nodes.")
                .build(),
            number("replica.lag.time.max.ms", 30_000, 1, "ms")
                .documentation("A follower that has not caught up for so long leaves the ISR.")
                .build(),
            number("replica.fetch.max.bytes", 1_048_576, 0, "bytes")
                .documentation("How much a follower asks for per partition.")
                .build(),
            number("replica.fetch.response.max.bytes", 10_485_760, 0, "bytes")
                .documentation("How much a follower asks for in one request.")
                .build(),
            number("replica.fetch.min.bytes", 1, 0, "bytes")
                .documentation("How little is worth an answer to a follower.")
                .build(),
            number("replica.fetch.wait.max.ms", 500, 0, "ms")
                .documentation("How long a follower's request may wait for data.")
                .build(),
            number("replica.fetch.backoff.ms", 1_000, 0, "ms")
                .documentation("How long a follower rests after a failed request.")
                .build(),
            number("replica.socket.timeout.ms", 30_000, 1, "ms")
                .documentation("How long a follower waits for an answer.")
                .build(),
            number("replica.socket.receive.buffer.bytes", 65_536, -1, "bytes")
                .documentation("Receive buffer of a follower's socket; -1: the system's.")
                .build(),
            number("num.replica.fetchers", 1, 1, "")
                .documentation("Connections per leader for replication.")
                .build(),
            flag("controlled.shutdown.enable", true)
                .documentation("Whether a stopping node hands over its leaderships first.")
                .build(),
            flag("auto.leader.rebalance.enable", true)
                .documentation("Whether leadership returns to the preferred replica by itself.")
                .build(),
            number("leader.imbalance.check.interval.seconds", 300, 1, "s")
                .documentation("How often leadership is compared with the preference.")
                .build(),
            number("unclean.leader.election.interval.ms", 300_000, 1, "ms")
                .documentation("How often partitions without a leader are looked at.")
                .build(),
            number("request.timeout.ms", 30_000, 1, "ms")
                .documentation("How long this node waits for another node's answer.")
                .build(),
            number("offsets.topic.replication.factor", 3, 1, "")
                .atMost(SHORT_MAX)
                .documentation("Replicas of the topic that holds committed offsets.")
                .build(),
            number("offsets.topic.num.partitions", 50, 1, "")
                .documentation("Partitions of that topic; never change it after the first start.")
                .build(),
            number("offsets.topic.segment.bytes", 104_857_600, 1, "bytes")
                .documentation("Segment size of that topic.")
                .build(),
            number("offsets.topic.compression.codec", 0, 0, "")
                .atMost(4)
                .documentation(
                    "Compression of that topic: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.")
                .build(),
            number("offsets.retention.minutes", 10_080, 1, "min")
                .documentation("How long the offsets of an empty group are kept.")
                .build(),
            number("offsets.retention.check.interval.ms", 600_000, 1, "ms")
                .documentation("How often stale offsets are looked for.")
                .build(),
            number("offsets.commit.timeout.ms", 5_000, 1, "ms")
                .documentation("How long a commit may wait for its replicas.")
                .build(),
            number("offsets.load.buffer.size", 5_242_880, 1, "bytes")
                .documentation("How much is read at once when offsets are loaded.")
                .build(),
            number("offset.metadata.max.bytes", 4_096, 0, "bytes")
                .documentation("The longest text a client may keep beside an offset.")
                .build(),
            number("transaction.state.log.replication.factor", 3, 1, "")
                .atMost(SHORT_MAX)
                .documentation("Replicas of the topic that holds the state of transactions.")
                .build(),
            number("transaction.state.log.min.isr", 2, 1, "")
                .documentation("min.insync.replicas of that topic.")
                .build(),
            number("transaction.state.log.num.partitions", 50, 1, "")
                .documentation("Partitions of that topic; never change it after the first start.")
                .build(),
            number("transaction.state.log.segment.bytes", 104_857_600, 1, "bytes")
                .documentation("Segment size of that topic.")
                .build(),
            number("transaction.state.log.load.buffer.size", 5_242_880, 1, "bytes")
                .documentation("How much is read at once when transactions are loaded.")
                .build(),
            number("transaction.max.timeout.ms", 900_000, 1, "ms")
                .documentation("The longest timeout a client may ask for a transaction.")
                .build(),
            number("transactional.id.expiration.ms", 7 * DAY_MS, 1, "ms")
                .documentation("How long an unused transactional id is remembered.")
                .build(),
            number("transaction.abort.timed.out.transaction.cleanup.interval.ms", 10_000, 1, "ms")
                .documentation("How often transactions over their timeout are aborted.")
                .build(),
            number("transaction.remove.expired.transaction.cleanup.interval.ms", 3_600_000, 1, "ms")
                .documentation("How often expired transactional ids are removed.")
                .build(),
            flag("transaction.partition.verification.enable", true)
                .documentation("Whether a write is checked to belong to an open transaction.")
                .build(),
            flag("transaction.two.phase.commit.enable", false)
                .documentation("Whether clients may take part in two-phase commit.")
                .build(),
            number("add.partitions.to.txn.retry.backoff.ms", 20, 1, "ms")
                .documentation("Rest before a partition is added to a transaction again.")
                .build(),
            number("add.partitions.to.txn.retry.backoff.max.ms", 100, 0, "ms")
                .documentation("How long such retries may go on.")
                .build(),
            number("group.initial.rebalance.delay.ms", 3_000, 0, "ms")
                .documentation("How long a new group waits for more members.")
                .build(),
            number("group.min.session.timeout.ms", 6_000, 0, "ms")
                .documentation("The shortest session timeout a member may ask for.")
                .build(),
            number("group.max.session.timeout.ms", 1_800_000, 0, "ms")
                .documentation("The longest session timeout a member may ask for.")
                .build(),
            number("group.max.size", Integer.MAX_VALUE, 1, "")
                .documentation("Most members of a group.")
                .build(),
            Setting.ofList("group.coordinator.rebalance.protocols")
                .defaultValue(List.of("classic", "consumer", "streams"))
                .oneOf("classic", "consumer", "share", "streams")
                .documentation("Group protocols that are served.")
                .build(),
            number("group.coordinator.threads", 4, 1, "")
                .documentation("Kafka's thread count of the group coordinator.")
                .build(),
            number("group.coordinator.append.linger.ms", -1, -1, "ms")
                .documentation("How long group records are collected; -1: adaptively.")
                .build(),
            number("group.consumer.session.timeout.ms", 45_000, 1, "ms")
                .documentation("Session timeout of the consumer protocol.")
                .build(),
            number("group.consumer.min.session.timeout.ms", 45_000, 1, "ms")
                .documentation("Its lowest value per group.")
                .build(),
            number("group.consumer.max.session.timeout.ms", 60_000, 1, "ms")
                .documentation("Its highest value per group.")
                .build(),
            number("group.consumer.heartbeat.interval.ms", 5_000, 1, "ms")
                .documentation("Heartbeat interval of the consumer protocol.")
                .build(),
            number("group.consumer.min.heartbeat.interval.ms", 5_000, 1, "ms")
                .documentation("Its lowest value per group.")
                .build(),
            number("group.consumer.max.heartbeat.interval.ms", 15_000, 1, "ms")
                .documentation("Its highest value per group.")
                .build(),
            number("group.consumer.max.size", Integer.MAX_VALUE, 1, "")
                .documentation("Most members of a group of the consumer protocol.")
                .build(),
            Setting.ofList("group.consumer.assignors")
                .defaultValue(List.of("uniform", "range"))
                .oneOf("uniform", "range")
                .documentation("Server-side assignors, the default one first.")
                .build(),
            Setting.ofString("group.consumer.migration.policy")
                .defaultValue("bidirectional")
                .oneOf("disabled", "downgrade", "upgrade", "bidirectional")
                .documentation("Which way a group may change its protocol while it lives.")
                .build(),
            flag("log.cleaner.enable", true)
                .documentation("Whether topics with cleanup.policy=compact are compacted.")
                .build(),
            number("log.cleaner.threads", 1, 0, "").documentation("Compactions at a time.").build(),
            number("log.cleaner.backoff.ms", 15_000, 0, "ms")
                .documentation("Rest when there is nothing to compact.")
                .build(),
            Setting.ofLong("log.cleaner.dedupe.buffer.size")
                .defaultValue(134_217_728L)
                .atLeast(1L)
                .unit("bytes")
                .documentation("Memory for the keys of the logs under compaction.")
                .build(),
            Setting.ofDouble("log.cleaner.io.buffer.load.factor")
                .defaultValue(0.9)
                .atLeast(0.0)
                .documentation("How full that memory may get.")
                .build(),
            number("log.cleaner.io.buffer.size", 524_288, 0, "bytes")
                .documentation("Buffers for reading and writing under compaction.")
                .build(),
            Setting.ofDouble("log.cleaner.io.max.bytes.per.second")
                .defaultValue(Double.MAX_VALUE)
                .atLeast(0.0)
                .unit("bytes/s")
                .documentation("Most that compactions read and write together.")
                .build(),
            number("quota.window.num", 11, 1, "")
                .documentation("Samples kept for client quotas.")
                .build(),
            number("quota.window.size.seconds", 1, 1, "s")
                .documentation("Length of a sample for client quotas.")
                .build(),
            number("replication.quota.window.num", 11, 1, "")
                .documentation("Samples kept for replication throttles.")
                .build(),
            number("replication.quota.window.size.seconds", 1, 1, "s")
                .documentation("Length of a sample for replication throttles.")
                .build()));
  }

  private static Setting.Builder<Integer> number(
      String name, int defaultValue, int lowest, String unit) {
    return Setting.ofInt(name).defaultValue(defaultValue).atLeast(lowest).unit(unit);
  }

  private static Setting.Builder<Boolean> flag(String name, boolean defaultValue) {
    return Setting.ofBoolean(name).defaultValue(defaultValue);
  }

  private static boolean isHostAndPort(String text) {
    int colon = text.lastIndexOf(':');
    return colon > 0 && isPort(text.substring(colon + 1));
  }

  private static boolean isVoter(String text) {
    int at = text.indexOf('@');
    return at > 0
        && text.substring(0, at).chars().allMatch(Character::isDigit)
        && isHostAndPort(text.substring(at + 1));
  }

  private static boolean isPort(String text) {
    return !text.isEmpty()
        && text.length() <= 5
        && text.chars().allMatch(Character::isDigit)
        && Integer.parseInt(text) <= 65_535;
  }
}
