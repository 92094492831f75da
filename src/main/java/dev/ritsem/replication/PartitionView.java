package dev.ritsem.replication;

import dev.ritsem.log.LogConfig;
import dev.ritsem.log.LogView;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import org.jspecify.annotations.Nullable;

/**
 * What a replica is at one moment. Immutable and cheap to get: readers on any thread take one per
 * request and work with it to the end, so that all parts of an answer fit together.
 *
 * @param role what it may be asked for
 * @param leaderEpoch the leadership that the role belongs to; -1 if it has had none yet
 * @param log the log as it was at that moment; null exactly if the replica is offline
 * @param config the topic's configuration in force
 * @param offlineReason what a request is told while the replica is offline: NOT_LEADER_OR_FOLLOWER
 *     (starting, stopping or moved), KAFKA_STORAGE_ERROR (its disk failed, or its log was found
 *     broken) or UNKNOWN_TOPIC_OR_PARTITION (deleted); NONE if it is not offline
 */
public record PartitionView(
    Role role, int leaderEpoch, @Nullable LogView log, LogConfig config, ErrorCode offlineReason) {

  public PartitionView {
    boolean offline = role == Role.OFFLINE;
    if (offline != (log == null) || offline == (offlineReason == ErrorCode.NONE)) {
      throw new IllegalArgumentException(
          "an offline replica has a reason and no log, any other a log and no reason: "
              + role
              + ", "
              + offlineReason);
    }
  }

  /**
   * Refuses what the replica would refuse if it were asked to append. One that is just starting is
   * not refused: it keeps appends until it has its role, because the first ones to a new topic come
   * early.
   *
   * @throws WireException NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR or UNKNOWN_TOPIC_OR_PARTITION
   */
  public void checkAppendable() {
    boolean mayBeStarting =
        role == Role.OFFLINE && offlineReason == ErrorCode.NOT_LEADER_OR_FOLLOWER;
    if (!mayBeStarting) {
      LogView unused = leaderLog(PartitionRead.NO_EPOCH);
    }
  }

  /**
   * The log, if this replica leads under the epoch that the client believes in.
   *
   * @param currentLeaderEpoch what the client believes; -1 if it does not say
   * @throws WireException NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR or UNKNOWN_TOPIC_OR_PARTITION
   *     if there is no leader here; FENCED_LEADER_EPOCH if the client's metadata is older than this
   *     leadership, UNKNOWN_LEADER_EPOCH if it is newer (KIP-320)
   */
  public LogView leaderLog(int currentLeaderEpoch) {
    LogView open = log;
    if (open == null) {
      throw new WireException(offlineReason, "The replica is offline");
    }
    if (currentLeaderEpoch >= 0) {
      if (currentLeaderEpoch < leaderEpoch) {
        throw new WireException(
            ErrorCode.FENCED_LEADER_EPOCH,
            "The leader epoch is %d, the request has %d"
                .formatted(leaderEpoch, currentLeaderEpoch));
      }
      if (currentLeaderEpoch > leaderEpoch) {
        throw new WireException(
            ErrorCode.UNKNOWN_LEADER_EPOCH,
            "The leader epoch is %d, the request has %d"
                .formatted(leaderEpoch, currentLeaderEpoch));
      }
    }
    if (role != Role.LEADER) {
      throw new WireException(ErrorCode.NOT_LEADER_OR_FOLLOWER, "This replica is a follower");
    }
    return open;
  }
}
