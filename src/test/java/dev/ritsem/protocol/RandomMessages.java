package dev.ritsem.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Random messages of any API and version, made from the schemas that kafka-clients publishes. */
final class RandomMessages {
  private final Random random;

  RandomMessages(Random random) {
    this.random = random;
  }

  ApiMessage request(ApiKeys api, short version) {
    ApiMessage message = api.messageType.newRequest();
    message.read(new ByteBufferAccessor(bytes(api.messageType.requestSchemas()[version])), version);
    return message;
  }

  ApiMessage response(ApiKeys api, short version) {
    ApiMessage message = api.messageType.newResponse();
    message.read(
        new ByteBufferAccessor(bytes(api.messageType.responseSchemas()[version])), version);
    return message;
  }

  private ByteBuffer bytes(Schema schema) {
    Struct struct = struct(schema);
    ByteBuffer buffer = ByteBuffer.allocate(schema.sizeOf(struct));
    schema.write(buffer, struct);
    return buffer.flip();
  }

  private Struct struct(Schema schema) {
    Struct struct = new Struct(schema);
    for (BoundField field : schema.fields()) {
      struct.set(field, value(field.def.type));
    }
    return struct;
  }

  private @Nullable Object value(Type type) {
    if (type.isNullable() && random.nextInt(4) == 0) {
      return null;
    }
    if (type instanceof Schema schema) {
      return struct(schema);
    }
    if (type instanceof TaggedFields tagged) {
      return tags(tagged);
    }
    if (type.isArray()) {
      Object[] elements = new Object[random.nextInt(3)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = value(type.arrayElementType().orElseThrow());
      }
      return elements;
    }
    return scalar(type);
  }

  private Map<Integer, Object> tags(TaggedFields tagged) {
    Map<Integer, Object> values = new TreeMap<>();
    tagged
        .fields()
        .forEach(
            (tag, field) -> {
              if (random.nextBoolean()) {
                values.put(tag, value(field.type));
              }
            });
    return values;
  }

  private Object scalar(Type type) {
    String name = ((Type.DocumentedType) type).typeName();
    return switch (name) {
      case "BOOLEAN" -> random.nextBoolean();
      case "INT8" -> (byte) random.nextInt();
      case "INT16" -> (short) random.nextInt();
      case "UINT16" -> random.nextInt(1 << 16);
      case "INT32" -> random.nextInt();
      case "UINT32" -> random.nextLong(1L << 32);
      case "INT64" -> random.nextLong();
      case "FLOAT64" -> random.nextDouble();
      case "UUID" -> new Uuid(random.nextLong(), random.nextLong());
      case "STRING", "COMPACT_STRING", "NULLABLE_STRING", "COMPACT_NULLABLE_STRING" -> text();
      case "BYTES", "COMPACT_BYTES", "NULLABLE_BYTES", "COMPACT_NULLABLE_BYTES" ->
          ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8));
      case "RECORDS", "COMPACT_RECORDS", "NULLABLE_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
          records();
      default -> throw new IllegalArgumentException("no random value for type " + name);
    };
  }

  private String text() {
    return random.nextInt(200) == 0 ? "ü".repeat(9_000) : "tøpic-" + random.nextInt(1_000);
  }

  private MemoryRecords records() {
    byte[] value = new byte[random.nextInt(300)];
    random.nextBytes(value);
    return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value));
  }
}
