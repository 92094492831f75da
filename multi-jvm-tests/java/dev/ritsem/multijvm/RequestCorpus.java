package dev.ritsem.multijvm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;

/**
 * Well-formed requests of every API and version that kafka-clients knows, written by walking its
 * schemas. A field's value follows from its name, so that the requests mean something: they name a
 * topic that exists, carry a batch, wait for milliseconds.
 */
final class RequestCorpus {
  private static final int FRAME_BYTES_MAX = 1 << 22;
  private static final short TOPIC_RESOURCE = 2;
  private static final int DIFFERENT_NAMES = 40;

  /** APIs that change or remove what they name: they get a topic that nobody else needs. */
  private static final List<ApiKeys> DESTRUCTIVE =
      List.of(
          ApiKeys.DELETE_TOPICS,
          ApiKeys.DELETE_RECORDS,
          ApiKeys.ALTER_CONFIGS,
          ApiKeys.INCREMENTAL_ALTER_CONFIGS,
          ApiKeys.CREATE_PARTITIONS);

  /** A topic as requests name it. */
  record Topic(String name, Uuid id) {}

  private final Topic written;
  private final Topic sacrificed;

  /**
   * Requests about two topics.
   *
   * @param written the topic that is produced to and fetched from
   * @param sacrificed the topic that may be altered, purged and deleted
   */
  RequestCorpus(Topic written, Topic sacrificed) {
    this.written = written;
    this.sacrificed = sacrificed;
  }

  /**
   * The bytes of a request after its length prefix. Changes to topics and configs are asked to be
   * validated only: a damaged number of partitions may be a number that a node rightly creates.
   *
   * @param batch what stands where records belong
   */
  byte[] request(ApiKeys api, short version, int correlationId, byte[] batch, Random random) {
    ByteBuffer out = ByteBuffer.allocate(Math.min(FRAME_BYTES_MAX, batch.length * 3 + 4_096));
    out.putShort(api.id).putShort(version).putInt(correlationId);
    short headerVersion = api.requestHeaderVersion(version);
    if (headerVersion >= 1) {
      byte[] clientId = "hostile".getBytes(US_ASCII);
      out.putShort((short) clientId.length).put(clientId);
    }
    if (headerVersion >= 2) {
      out.put((byte) 0);
    }
    write(
        out,
        api.messageType.requestSchemas()[version],
        new Context(api, ByteBuffer.wrap(batch), random),
        "");
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private record Context(ApiKeys api, ByteBuffer batch, Random random) {}

  private void write(ByteBuffer out, Type type, Context context, String name) {
    if (type instanceof TaggedFields) {
      out.put((byte) 0);
    } else if (type instanceof Schema schema) {
      if (type instanceof NullableSchema) {
        out.put((byte) 1);
      }
      for (BoundField field : schema.fields()) {
        write(out, field.def.type, context, field.def.name);
      }
    } else if (type instanceof ArrayOf) {
      int count = elements(name, context);
      out.putInt(count);
      writeElements(out, type, context, name, count);
    } else if (type instanceof CompactArrayOf) {
      int count = elements(name, context);
      Varint.write(out, count + 1);
      writeElements(out, type, context, name, count);
    } else {
      writeScalar(out, type, context, name);
    }
  }

  private void writeElements(ByteBuffer out, Type array, Context context, String name, int count) {
    Type element = array.arrayElementType().orElseThrow();
    for (int i = 0; i < count; i++) {
      write(out, element, context, name);
    }
  }

  /** Lists that make a request large or strange if they are filled at random stay empty. */
  private static int elements(String name, Context context) {
    return switch (name) {
      case "assignments", "forgotten_topics_data", "broker_ids", "configuration_keys" -> 0;
      case "configs" -> context.api() == ApiKeys.CREATE_TOPICS ? 0 : 1;
      default -> 1;
    };
  }

  private void writeScalar(ByteBuffer out, Type type, Context context, String name) {
    String kind = type.toString();
    switch (kind) {
      case "RECORDS", "NULLABLE_RECORDS", "BYTES", "NULLABLE_BYTES" -> {
        out.putInt(context.batch().remaining());
        out.put(context.batch().duplicate());
      }
      case "COMPACT_RECORDS",
          "COMPACT_NULLABLE_RECORDS",
          "COMPACT_BYTES",
          "COMPACT_NULLABLE_BYTES" -> {
        Varint.write(out, context.batch().remaining() + 1);
        out.put(context.batch().duplicate());
      }
      case "STRING", "COMPACT_STRING" -> type.write(out, text(name, context));
      case "NULLABLE_STRING", "COMPACT_NULLABLE_STRING" ->
          type.write(out, name.equals("transactional_id") ? null : text(name, context));
      case "UUID" -> type.write(out, topic(context).id());
      case "BOOLEAN" -> type.write(out, name.equals("validate_only"));
      case "INT8" -> out.put((byte) number(name, context));
      case "INT16", "UINT16" -> out.putShort((short) number(name, context));
      case "INT32", "UINT32" -> out.putInt((int) number(name, context));
      case "INT64" -> out.putLong(number(name, context));
      case "FLOAT64" -> out.putDouble(0.5);
      default -> throw new IllegalStateException("no value for a field of type " + kind);
    }
  }

  private Topic topic(Context context) {
    return DESTRUCTIVE.contains(context.api()) ? sacrificed : written;
  }

  private String text(String name, Context context) {
    return switch (name) {
      case "topic", "topic_name", "resource_name", "topic_names", "topics" -> topic(context).name();
      case "name" ->
          switch (context.api()) {
            case CREATE_TOPICS -> "made-" + context.random().nextInt(DIFFERENT_NAMES);
            case INCREMENTAL_ALTER_CONFIGS, ALTER_CONFIGS -> "retention.ms";
            default -> topic(context).name();
          };
      case "value" -> "1000000000";
      default -> "x";
    };
  }

  private static long number(String name, Context context) {
    return switch (name) {
      case "acks" -> context.random().nextInt(3) - 1;
      case "timeout_ms", "transaction_timeout_ms" -> 100;
      case "max_wait_ms" -> context.random().nextInt(20);
      case "max_bytes", "partition_max_bytes" -> 1 << 20;
      case "session_epoch",
          "replica_id",
          "current_leader_epoch",
          "last_fetched_epoch",
          "log_start_offset",
          "producer_id",
          "producer_epoch" ->
          -1;
      case "timestamp" -> -1 - context.random().nextInt(3);
      case "num_partitions", "replication_factor", "count", "endpoint_type" -> 1;
      case "resource_type" -> TOPIC_RESOURCE;
      default -> 0;
    };
  }
}
