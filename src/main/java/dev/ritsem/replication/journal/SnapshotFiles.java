package dev.ritsem.replication.journal;

import dev.ritsem.log.Disk;
import dev.ritsem.log.DiskFile;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.Compression;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordIterator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Snapshots, one file each: a record batch of one record, whose key is the persistence id and whose
 * timestamp is the snapshot's. The name has a hash of the id, the sequence number and the
 * timestamp, so that opening reads names only. A file appears under its name when all of it is on
 * disk.
 *
 * <p>One thread at a time.
 */
final class SnapshotFiles {
  private static final String UNFINISHED_SUFFIX = ".tmp";
  private static final int HASH_BYTES = 16;

  /** Newest first: what a load tries in order. */
  private static final Comparator<Entry> NEWEST_FIRST =
      Comparator.comparingLong(Entry::sequenceNr).thenComparingLong(Entry::timestampMs).reversed();

  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{32})-(\\d{20})-(\\d{20})\\.snapshot");

  private final Disk disk;
  private final Path directory;

  /** By the hash of the persistence id. */
  private final Map<String, List<Entry>> byHash = new HashMap<>();

  private SnapshotFiles(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /** A snapshot that is there. */
  record Entry(String persistenceId, long sequenceNr, long timestampMs, Path path) {}

  /** Opens the directory, or creates it, and removes what a crash left unfinished. */
  static SnapshotFiles open(Disk disk, Path directory) throws IOException {
    SnapshotFiles files = new SnapshotFiles(disk, directory);
    disk.createDirectories(directory);
    for (Disk.Entry found : disk.list(directory)) {
      Matcher name = NAME.matcher(found.name());
      if (name.matches()) {
        files.add(name.group(1), entryOf("", name, found.path()));
      } else if (found.name().endsWith(UNFINISHED_SUFFIX)) {
        disk.delete(found.path());
      }
    }
    return files;
  }

  private static Entry entryOf(String persistenceId, Matcher name, Path path) {
    return new Entry(
        persistenceId, Long.parseLong(name.group(2)), Long.parseLong(name.group(3)), path);
  }

  /** An id's snapshots, newest first. */
  List<Entry> list(String persistenceId) {
    return byHash.getOrDefault(hash(persistenceId), List.of()).stream()
        .map(e -> new Entry(persistenceId, e.sequenceNr(), e.timestampMs(), e.path()))
        .sorted(NEWEST_FIRST)
        .toList();
  }

  /** Keeps a snapshot; it is durable on return. One of the same sequence number is replaced. */
  void save(String persistenceId, long sequenceNr, long timestampMs, byte[] bytes)
      throws IOException {
    String hash = hash(persistenceId);
    String name =
        String.format(Locale.ROOT, "%s-%020d-%020d.snapshot", hash, sequenceNr, timestampMs);
    Path path = directory.resolve(name);
    Path unfinished = directory.resolve(name + UNFINISHED_SUFFIX);
    try (DiskFile file = disk.open(unfinished)) {
      ByteBuffer batch = batch(persistenceId, timestampMs, bytes);
      file.truncate(0);
      file.write(batch, 0);
      file.force();
    }
    disk.rename(unfinished, path);
    disk.forceDirectory(directory);
    List<Entry> replaced =
        list(persistenceId).stream().filter(e -> e.sequenceNr() == sequenceNr).toList();
    remove(replaced);
    add(hash, new Entry(persistenceId, sequenceNr, timestampMs, path));
    for (Entry old : replaced) {
      if (!old.path().equals(path)) {
        disk.delete(old.path());
      }
    }
  }

  /**
   * The bytes of a snapshot.
   *
   * @throws IOException if they cannot be read, or are not what was written
   */
  byte[] read(Entry snapshot) throws IOException {
    ByteBuffer bytes;
    try (DiskFile file = disk.openForReading(snapshot.path())) {
      bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
      file.read(bytes, 0);
      bytes.flip();
    }
    if (!RecordBatch.fits(bytes, 0) || !RecordBatch.at(bytes, 0).hasValidCrc()) {
      throw new IOException(snapshot.path() + " is corrupt");
    }
    LogRecord record = RecordIterator.toList(RecordBatch.at(bytes, 0)).get(0);
    ByteBuffer value = record.value();
    if (value == null
        || !StandardCharsets.UTF_8.encode(snapshot.persistenceId()).equals(record.key())) {
      throw new IOException(snapshot.path() + " is not of " + snapshot.persistenceId());
    }
    byte[] content = new byte[value.remaining()];
    value.duplicate().get(content);
    return content;
  }

  void delete(List<Entry> snapshots) throws IOException {
    remove(snapshots);
    for (Entry snapshot : snapshots) {
      disk.delete(snapshot.path());
    }
  }

  private void add(String hash, Entry entry) {
    byHash.computeIfAbsent(hash, h -> new ArrayList<>()).add(entry);
  }

  private void remove(List<Entry> snapshots) {
    for (Entry snapshot : snapshots) {
      byHash
          .getOrDefault(hash(snapshot.persistenceId()), List.of())
          .removeIf(e -> e.path().equals(snapshot.path()));
    }
  }

  private static ByteBuffer batch(String persistenceId, long timestampMs, byte[] bytes) {
    try (BatchBuilder builder = new BatchBuilder(Compression.NONE)) {
      builder.append(
          timestampMs,
          StandardCharsets.UTF_8.encode(persistenceId),
          ByteBuffer.wrap(bytes),
          List.of());
      return builder.build();
    }
  }

  private static String hash(String persistenceId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(persistenceId.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
