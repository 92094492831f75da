package dev.ritsem.replication.journal;

import dev.ritsem.log.BrokenLogException;
import dev.ritsem.log.Disk;
import dev.ritsem.log.DiskFile;
import dev.ritsem.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One file of the journal: record batches, one after the other, named by the offset of its first
 * record as any segment of a log is. Only the newest segment is written to.
 *
 * <p>Invariant: {@code sizeInBytes} is the end of the last whole batch; whatever lies behind it in
 * the file is the rest of a write that was never acknowledged, and the next write covers it.
 */
final class JournalSegment {
  private static final String SUFFIX = ".log";

  private final Disk disk;
  private final Path path;
  private final DiskFile file;
  private final long baseOffset;
  private int sizeInBytes;

  /** Estimated bytes of the records that are still wanted. Kept by {@link JournalIndex}. */
  private long liveBytes;

  private JournalSegment(Disk disk, Path path, DiskFile file, long baseOffset) {
    this.disk = disk;
    this.path = path;
    this.file = file;
    this.baseOffset = baseOffset;
  }

  static JournalSegment open(Disk disk, Path directory, long baseOffset) throws IOException {
    Path path = directory.resolve(String.format(Locale.ROOT, "%020d", baseOffset) + SUFFIX);
    return new JournalSegment(disk, path, disk.open(path), baseOffset);
  }

  static boolean isSegment(String fileName) {
    return fileName.matches("\\d{20}" + SUFFIX.replace(".", "\\."));
  }

  static long baseOffsetOf(String fileName) {
    return Long.parseLong(fileName.substring(0, fileName.length() - SUFFIX.length()));
  }

  long baseOffset() {
    return baseOffset;
  }

  int sizeInBytes() {
    return sizeInBytes;
  }

  long liveBytes() {
    return liveBytes;
  }

  void addLiveBytes(long bytes) {
    liveBytes += bytes;
  }

  /** Everything that was written, for a walk over the batches. */
  ByteBuffer readAll() throws IOException {
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(file.size()));
    file.read(all, 0);
    return all.flip();
  }

  /** One batch; checked again, because what was right when it was written may have rotted. */
  RecordBatch readBatch(int position, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    file.read(bytes, position);
    bytes.flip();
    if (!RecordBatch.fits(bytes, 0) || !RecordBatch.at(bytes, 0).hasValidCrc()) {
      throw new BrokenLogException(path, "the batch at position " + position + " is corrupt", null);
    }
    return RecordBatch.at(bytes, 0);
  }

  /** Says where the last whole batch ends, as a walk over the file has found, and cuts the rest. */
  void recovered(int validBytes) throws IOException {
    if (file.size() > validBytes) {
      file.truncate(validBytes);
      file.force();
    }
    sizeInBytes = validBytes;
  }

  /** Writes a batch behind the others and returns its position. Durable after a force only. */
  int append(ByteBuffer batch) throws IOException {
    int position = sizeInBytes;
    int size = batch.remaining();
    file.write(batch, position);
    sizeInBytes += size;
    return position;
  }

  void force() throws IOException {
    file.force();
  }

  void close() throws IOException {
    file.close();
  }

  void delete() throws IOException {
    file.close();
    disk.delete(path);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
