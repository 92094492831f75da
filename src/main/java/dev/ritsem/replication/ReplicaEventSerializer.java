package dev.ritsem.replication;

import akka.serialization.SerializerWithStringManifest;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.replication.ReplicaEvent.BecameFollower;
import dev.ritsem.replication.ReplicaEvent.BecameLeader;
import dev.ritsem.replication.ReplicaEvent.BecameOffline;
import dev.ritsem.replication.ReplicaEvent.Deleted;
import dev.ritsem.replication.ReplicaEvent.LogStartMoved;
import dev.ritsem.replication.ReplicaEvent.Truncated;
import dev.ritsem.replication.ReplicaState.Follower;
import dev.ritsem.replication.ReplicaState.Leader;
import dev.ritsem.replication.ReplicaState.Offline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The bytes of a replica's decisions in the journal, and of its state in snapshots. Each type is a
 * CBOR array of its fields in the order below; the manifest names type and version. A format that
 * was released is never changed: a new one gets the next version, and the old ones stay readable.
 *
 * <pre>
 *  became-leader-1    [leader epoch, partition epoch, [ISR member, …]]
 *  became-follower-1  [leader epoch, partition epoch, leader]
 *  became-offline-1   [leader epoch, partition epoch]
 *  log-start-moved-1  [log start offset]
 *  truncated-1        [end offset]
 *  deleted-1          []
 *  state-1            [partition epoch, log start offset, leader epoch, role, …]
 *                     role: 0 offline; 1 follower, leader; 2 leader, [ISR member, …]
 * </pre>
 */
public final class ReplicaEventSerializer extends SerializerWithStringManifest {
  /** Part of the journal's format: never changes. */
  private static final int IDENTIFIER = 8301;

  private static final String LEADER = "became-leader-1";
  private static final String FOLLOWER = "became-follower-1";
  private static final String OFFLINE = "became-offline-1";
  private static final String LOG_START = "log-start-moved-1";
  private static final String TRUNCATED = "truncated-1";
  private static final String DELETED = "deleted-1";
  private static final String STATE = "state-1";

  private static final int ROLE_OFFLINE = 0;
  private static final int ROLE_FOLLOWER = 1;
  private static final int ROLE_LEADER = 2;

  private final CBORFactory cbor = new CBORFactory();

  /** What an actor system has to be configured with so that it uses this serializer. */
  public static Config config() {
    String name = "ritsem-replica";
    return ConfigFactory.parseMap(
        Map.of(
            "akka.actor.serializers." + name,
            ReplicaEventSerializer.class.getName(),
            binding(ReplicaEvent.class),
            name,
            binding(ReplicaState.class),
            name),
        "serializers of replication");
  }

  private static String binding(Class<?> type) {
    return "akka.actor.serialization-bindings." + ConfigUtil.quoteString(type.getName());
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object object) {
    if (object instanceof BecameLeader) {
      return LEADER;
    } else if (object instanceof BecameFollower) {
      return FOLLOWER;
    } else if (object instanceof BecameOffline) {
      return OFFLINE;
    } else if (object instanceof LogStartMoved) {
      return LOG_START;
    } else if (object instanceof Truncated) {
      return TRUNCATED;
    } else if (object instanceof Deleted) {
      return DELETED;
    } else if (object instanceof ReplicaState) {
      return STATE;
    }
    throw new IllegalArgumentException("not a replica's event or state: " + object.getClass());
  }

  @Override
  public byte[] toBinary(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = cbor.createGenerator(bytes)) {
      out.writeStartArray();
      write(object, out);
      out.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try (JsonParser in = cbor.createParser(bytes)) {
      expect(in.nextToken(), JsonToken.START_ARRAY);
      Object object = read(manifest, in);
      expect(in.nextToken(), JsonToken.END_ARRAY);
      return object;
    } catch (IOException | IllegalArgumentException e) {
      NotSerializableException fault =
          new NotSerializableException(
              "%d bytes are not a replica's %s: %s".formatted(bytes.length, manifest, e));
      fault.initCause(e);
      throw fault;
    }
  }

  private static void write(Object object, JsonGenerator out) throws IOException {
    if (object instanceof BecameLeader event) {
      out.writeNumber(event.leaderEpoch().value());
      out.writeNumber(event.partitionEpoch());
      writeBrokers(event.isr(), out);
    } else if (object instanceof BecameFollower event) {
      out.writeNumber(event.leaderEpoch().value());
      out.writeNumber(event.partitionEpoch());
      out.writeNumber(event.leader().value());
    } else if (object instanceof BecameOffline event) {
      out.writeNumber(event.leaderEpoch().value());
      out.writeNumber(event.partitionEpoch());
    } else if (object instanceof LogStartMoved event) {
      out.writeNumber(event.logStartOffset());
    } else if (object instanceof Truncated event) {
      out.writeNumber(event.endOffset());
    } else if (object instanceof ReplicaState state) {
      writeState(state, out);
    }
  }

  private static void writeState(ReplicaState state, JsonGenerator out) throws IOException {
    out.writeNumber(state.partitionEpoch());
    out.writeNumber(state.logStartOffset());
    out.writeNumber(state.leaderEpoch().value());
    if (state.role() instanceof Leader leader) {
      out.writeNumber(ROLE_LEADER);
      writeBrokers(leader.isr(), out);
    } else if (state.role() instanceof Follower follower) {
      out.writeNumber(ROLE_FOLLOWER);
      out.writeNumber(follower.leader().value());
    } else {
      out.writeNumber(ROLE_OFFLINE);
    }
  }

  private static Object read(String manifest, JsonParser in) throws IOException {
    return switch (manifest) {
      case LEADER -> new BecameLeader(readEpoch(in), readInt(in), readBrokers(in));
      case FOLLOWER -> new BecameFollower(readEpoch(in), readInt(in), new BrokerId(readInt(in)));
      case OFFLINE -> new BecameOffline(readEpoch(in), readInt(in));
      case LOG_START -> new LogStartMoved(readLong(in));
      case TRUNCATED -> new Truncated(readLong(in));
      case DELETED -> new Deleted();
      case STATE -> readState(in);
      default -> throw new NotSerializableException("unknown manifest " + manifest);
    };
  }

  private static ReplicaState readState(JsonParser in) throws IOException {
    int partitionEpoch = readInt(in);
    long logStartOffset = readLong(in);
    LeaderEpoch leaderEpoch = readEpoch(in);
    int role = readInt(in);
    return new ReplicaState(
        switch (role) {
          case ROLE_OFFLINE -> new Offline(leaderEpoch);
          case ROLE_FOLLOWER -> new Follower(leaderEpoch, new BrokerId(readInt(in)));
          case ROLE_LEADER -> new Leader(leaderEpoch, readBrokers(in));
          default -> throw new NotSerializableException("unknown role " + role);
        },
        partitionEpoch,
        logStartOffset);
  }

  private static void writeBrokers(List<BrokerId> brokers, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (BrokerId broker : brokers) {
      out.writeNumber(broker.value());
    }
    out.writeEndArray();
  }

  private static List<BrokerId> readBrokers(JsonParser in) throws IOException {
    expect(in.nextToken(), JsonToken.START_ARRAY);
    List<BrokerId> brokers = new ArrayList<>();
    while (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      brokers.add(new BrokerId(in.getIntValue()));
    }
    expect(in.currentToken(), JsonToken.END_ARRAY);
    return brokers;
  }

  private static LeaderEpoch readEpoch(JsonParser in) throws IOException {
    return new LeaderEpoch(readInt(in));
  }

  private static int readInt(JsonParser in) throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_NUMBER_INT);
    return in.getIntValue();
  }

  private static long readLong(JsonParser in) throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_NUMBER_INT);
    return in.getLongValue();
  }

  private static void expect(JsonToken found, JsonToken expected) throws IOException {
    if (found != expected) {
      throw new IOException("found " + found + " in place of " + expected);
    }
  }
}
