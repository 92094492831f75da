package dev.ritsem.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The state of a partition's producers as it was before the record at the offset in the file's
 * name. Written when a segment is begun and when the log is closed.
 *
 * <pre>
 *  offset size
 *       0   2  version, 1
 *       2   4  CRC-32C of all that follows
 *       6   4  number of producers, each of 46 bytes:
 *           8    producer id
 *           2    producer epoch
 *           4    sequence of its newest record, or -1
 *           8    offset of its newest record, or -1
 *           4    offsets of its newest batch after the first
 *           8    largest timestamp of its newest batch, ms
 *           4    epoch of the coordinator of its newest marker, or -1
 *           8    first offset of its open transaction, or -1
 * </pre>
 */
final class ProducerSnapshotFile {
  private static final short VERSION = 1;
  private static final int CHECKSUM_AT = 2;
  private static final int CHECKED_FROM = 6;
  private static final int PRODUCERS_AT = 10;
  private static final int PRODUCER_BYTES = 46;

  static ByteBuffer encode(Collection<ProducerState> producers) {
    ByteBuffer content = ByteBuffer.allocate(PRODUCERS_AT + producers.size() * PRODUCER_BYTES);
    content.putShort(VERSION).putInt(0).putInt(producers.size());
    for (ProducerState producer : producers) {
      content
          .putLong(producer.producerId())
          .putShort(producer.epoch())
          .putInt(producer.lastSequence())
          .putLong(producer.lastOffset())
          .putInt(Math.max(0, producer.lastOffsetDelta()))
          .putLong(producer.lastTimestamp())
          .putInt(producer.coordinatorEpoch())
          .putLong(producer.transactionFirstOffset());
    }
    content.flip();
    return content.putInt(CHECKSUM_AT, checksum(content));
  }

  static void write(Disk disk, Path file, Collection<ProducerState> producers) throws IOException {
    AtomicFile.replace(disk, file, encode(producers));
  }

  /**
   * Reads a snapshot.
   *
   * @throws CorruptFileException if it is not one, or damaged
   */
  static List<ProducerState> read(Disk disk, Path file) throws IOException {
    ByteBuffer content = AtomicFile.read(disk, file);
    if (content.limit() < PRODUCERS_AT || content.getShort(0) != VERSION) {
      throw new CorruptFileException(file, "it does not begin with version " + VERSION);
    }
    if (content.getInt(CHECKSUM_AT) != checksum(content)) {
      throw new CorruptFileException(file, "its checksum is wrong");
    }
    int count = content.getInt(CHECKED_FROM);
    if (count < 0 || content.limit() != PRODUCERS_AT + (long) count * PRODUCER_BYTES) {
      throw new CorruptFileException(file, "it does not have the size of " + count + " producers");
    }
    content.position(PRODUCERS_AT);
    List<ProducerState> producers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      producers.add(readProducer(content));
    }
    return producers;
  }

  private static ProducerState readProducer(ByteBuffer content) {
    ProducerState producer = new ProducerState(content.getLong());
    short epoch = content.getShort();
    int lastSequence = content.getInt();
    long lastOffset = content.getLong();
    int offsetDelta = content.getInt();
    long timestamp = content.getLong();
    int coordinatorEpoch = content.getInt();
    long transactionFirstOffset = content.getLong();
    producer.restore(
        epoch,
        lastSequence,
        lastOffset,
        offsetDelta,
        timestamp,
        coordinatorEpoch,
        transactionFirstOffset);
    return producer;
  }

  private static int checksum(ByteBuffer content) {
    CRC32C checksum = new CRC32C();
    checksum.update(content.slice(CHECKED_FROM, content.limit() - CHECKED_FROM));
    return (int) checksum.getValue();
  }

  private ProducerSnapshotFile() {}
}
